"""A double of the Hugging Face Hub on loopback: as much of it as publishing and loading use.

Repositories are kept in memory, with commits, tags, private and gated ones and large files. A test
can put a fault before or after any request. It knows no Xet, no pull requests and no paging, and
takes every card for valid; of the settings it knows who may read.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

OWNER = "alice"
# What is as large as this, or has such an ending, goes by way of the storage of large files.
_LARGE = 1_000_000
_LARGE_ENDINGS = (".parquet", ".whl", ".bin")
_KINDS = {"models": "model", "datasets": "dataset"}


Moment = Literal["before", "after"]


class Fault(NamedTuple):
    """What to do to one request.

    `act` runs before the request takes effect or after it did. Then the answer is the one of
    `status` instead of the Hub's; or it is `cut`: the connection ends without one. A request whose
    fault is `before` and gives an answer, or none, never takes effect.
    """

    moment: Moment = "before"
    act: Callable[[], None] = lambda: None
    status: int = 0
    headers: Mapping[str, str] = {}
    message: str = "no"
    cut: bool = False


Rule = Callable[[str], Fault | None]
"""Sees each request as « VERB /path » in the order in which they come."""


@dataclass
class Repository:
    """Files by path, at each commit; branches and tags name commits."""

    kind: str
    name: str
    private: bool
    gated: str | bool = False
    commits: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commit({}, "initial commit")

    def commit(self, files: Mapping[str, bytes], message: str) -> str:
        """Make files the content of the main branch."""
        digest = hashlib.sha1(usedforsecurity=False)
        digest.update(f"{len(self.commits)}".encode())
        for path in sorted(files):
            digest.update(path.encode() + hashlib.sha256(files[path]).digest())
        sha = digest.hexdigest()
        self.commits[sha], self.names["main"] = dict(files), sha
        self.messages.append(message)
        return sha

    def find(self, revision: str) -> str | None:
        """Find the commit of a branch, a tag or a commit's own name."""
        return self.names.get(revision, revision if revision in self.commits else None)


@dataclass
class Hub:
    """What the double holds; `token` is whose requests may write and read what is private."""

    url: str = ""
    token: str = "hf_test_token"
    repositories: dict[tuple[str, str], Repository] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    """A status for each part of a path whose requests are refused."""
    rule: Rule = lambda _: None
    order: threading.Lock = field(default_factory=threading.Lock)


def blob_id(content: bytes) -> str:
    """Give a file its git name."""
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def is_large(path: str, content: bytes) -> bool:
    """Tell whether a file goes by way of the storage of large files."""
    return path.endswith(_LARGE_ENDINGS) or len(content) >= _LARGE


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """Run the double on a free port of loopback until the block ends."""
    hub = Hub()

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _RefusedError(Exception):
    def __init__(self, status: int, code: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status, self.code, self.more = status, code, more


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: a client waits 40 ms before it acknowledges the first of two.
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are kept."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            # The client was killed: the connection ends without a word.
            self.close_connection = True

    def _answer(self, verb: str) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            # The client died while it was sending: nothing comes of it.
            self.close_connection = True
            return
        with self.hub.order:
            self.hub.requests.append(f"{verb} {path}")
            fault = self.hub.rule(f"{verb} {path}") or Fault()
        if fault.moment == "before":
            fault.act()
        if fault.moment == "after" or not (fault.cut or fault.status):
            self._work(verb, path, address.query, body)
        if fault.moment == "after":
            fault.act()
        if fault.cut:
            self.close_connection = True
            return
        if fault.status:
            content = json.dumps({"error": fault.message}).encode()
            self._send(content, fault.status, {"X-Error-Message": fault.message, **fault.headers})
        self._write()

    def _work(self, verb: str, path: str, query: str, body: bytes) -> None:
        try:
            for part, status in self.hub.refuse.items():
                if part in path:
                    raise _RefusedError(status, "Refused", f"refused with {status}")
            self._route(verb, path, parse_qs(query), body)
        except _RefusedError as refused:
            self._send(
                json.dumps({"error": str(refused)} | refused.more).encode(),
                refused.status,
                {"X-Error-Code": refused.code, "X-Error-Message": str(refused)},
            )

    def _route(self, verb: str, path: str, query: Mapping[str, list[str]], body: bytes) -> None:
        parts = path.strip("/").split("/")
        if path == "/api/whoami-v2":
            self._require_token()
            self._json({"name": OWNER, "type": "user", "orgs": []})
        elif path == "/api/repos/create":
            self._create(json.loads(body))
        elif path == "/api/validate-yaml":
            self._json({"errors": [], "warnings": []})
        elif parts[0] == "large":
            if hashlib.sha256(body).hexdigest() != parts[1]:
                raise _RefusedError(400, "", "the content has another SHA-256")
            self.hub.large[parts[1]] = body
            self._json({})
        elif path.endswith(".git/info/lfs/objects/batch"):
            self._batch(json.loads(body))
        elif parts[0] == "api" and parts[1] in _KINDS:
            repository = self._find(_KINDS[parts[1]], "/".join(parts[2:4]))
            self._api(verb, repository, parts[4:], query, body)
        elif "resolve" in parts:
            kind = "dataset" if parts[0] == "datasets" else "model"
            at = parts.index("resolve")
            repository = self._find(kind, "/".join(parts[at - 2 : at]))
            self._resolve(repository, parts[at + 1], "/".join(parts[at + 2 :]))
        else:
            raise _RefusedError(404, "EntryNotFound", f"no route {verb} {path}")

    def _api(
        self,
        verb: str,
        repository: Repository,
        rest: list[str],
        query: Mapping[str, list[str]],
        body: bytes,
    ) -> None:
        action = rest[0] if rest else ""
        if verb == "GET" and action in ("", "revision"):
            sha = self._commit_of(repository, rest[1] if rest else "main")
            files = repository.commits[sha]
            self._json(
                {
                    "id": repository.name,
                    "sha": sha,
                    "private": repository.private,
                    "gated": repository.gated,
                    "tags": [],
                    "siblings": [{"rfilename": name} for name in sorted(files)],
                }
            )
        elif verb == "GET" and action == "tree":
            sha = self._commit_of(repository, rest[1])
            self._json(_tree(repository.commits[sha], "/".join(rest[2:]), query))
        elif verb == "GET" and action == "refs":
            names = [
                {"name": name, "ref": name, "targetCommit": sha}
                for name, sha in repository.names.items()
            ]
            branches = [each for each in names if each["name"] == "main"]
            tags = [each for each in names if each["name"] != "main"]
            self._json({"branches": branches, "tags": tags, "converts": []})
        elif verb == "PUT" and action == "settings":
            self._require_token()
            asked = json.loads(body)
            repository.gated = asked.get("gated", repository.gated)
            if "visibility" in asked:
                repository.private = asked["visibility"] == "private"
            self._json({})
        elif verb == "POST" and action == "preupload":
            self._require_token()
            files = repository.commits[self._commit_of(repository, rest[1])]
            self._json({"files": [_preupload(each, files) for each in json.loads(body)["files"]]})
        elif verb == "POST" and action == "commit":
            self._require_token()
            self._commit(repository, body)
        elif verb == "POST" and action == "tag":
            self._require_token()
            name = json.loads(body)["tag"]
            if name in repository.names:
                raise _RefusedError(409, "", f"tag {name} is there")
            repository.names[name] = self._commit_of(repository, rest[1])
            self._json({})
        else:
            raise _RefusedError(404, "EntryNotFound", f"no route {verb} {self.path}")

    def _create(self, asked: Mapping[str, Any]) -> None:
        self._require_token()
        kind = asked.get("type") or "model"
        name = f"{asked.get('organization') or OWNER}/{asked['name']}"
        if (kind, name) in self.hub.repositories:
            url = f"{self.hub.url}/{name}"
            raise _RefusedError(409, "", "You already created this repo", url=url)
        private = asked.get("visibility") == "private" or bool(asked.get("private"))
        self.hub.repositories[kind, name] = Repository(kind, name, private)
        self._json({"url": f"{self.hub.url}/{name}", "name": name, "id": name})

    def _commit(self, repository: Repository, body: bytes) -> None:
        lines = [json.loads(line) for line in body.splitlines() if line.strip()]
        files = dict(repository.commits[repository.names["main"]])
        summary = ""
        for line in lines:
            value = line["value"]
            if line["key"] == "header":
                summary = value["summary"]
                parent = value.get("parentCommit")
                if parent and parent != repository.names["main"]:
                    raise _RefusedError(412, "", "a commit came in between")
            elif line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
            elif line["key"] == "deletedFile":
                files.pop(value["path"], None)
        sha = repository.commit(files, summary)
        url = f"{self.hub.url}/{repository.name}/commit/{sha}"
        self._json({"success": True, "commitOid": sha, "commitUrl": url})

    def _batch(self, asked: Mapping[str, Any]) -> None:
        self._require_token()
        objects = []
        for each in asked["objects"]:
            there = each["oid"] in self.hub.large
            upload = {"upload": {"href": f"{self.hub.url}/large/{each['oid']}", "header": {}}}
            objects.append(each if there else each | {"actions": upload})
        self._json({"transfer": "basic", "objects": objects})

    def _resolve(self, repository: Repository, revision: str, path: str) -> None:
        sha = self._commit_of(repository, revision)
        content = repository.commits[sha].get(path)
        if repository.gated and not self._has_token():
            raise _RefusedError(401, "GatedRepo", f"{repository.name} is gated")
        if content is None:
            raise _RefusedError(404, "EntryNotFound", f"no file {path}")
        name = hashlib.sha256(content).hexdigest() if is_large(path, content) else blob_id(content)
        headers = {"X-Repo-Commit": sha, "ETag": f'"{name}"'}
        wanted = self.headers.get("Range")
        if not wanted:
            self._send(content, 200, headers)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(content)), len(content) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self._send(content[start : end + 1], 206, headers)

    def _find(self, kind: str, name: str) -> Repository:
        repository = self.hub.repositories.get((kind, name))
        if repository is None or (repository.private and not self._has_token()):
            # As the Hub: who may not see a repository is not told that it is there.
            raise _RefusedError(
                404 if self._has_token() else 401, "RepoNotFound", "Repository not found"
            )
        return repository

    def _commit_of(self, repository: Repository, revision: str) -> str:
        sha = repository.find(revision)
        if sha is None:
            raise _RefusedError(404, "RevisionNotFound", f"no revision {revision}")
        return sha

    def _has_token(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.hub.token}"

    def _require_token(self) -> None:
        if not self._has_token():
            raise _RefusedError(401, "", "Invalid username or password.")

    def _json(self, values: object) -> None:
        self._send(json.dumps(values).encode(), 200, {"Content-Type": "application/json"})

    def _send(self, content: bytes, status: int, headers: Mapping[str, str]) -> None:
        self._reply = content, status, headers

    def _write(self) -> None:
        content, status, headers = self._reply
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _tree(files: Mapping[str, bytes], below: str, query: Mapping[str, list[str]]) -> list[object]:
    inside = {
        path: content
        for path, content in files.items()
        if not below or path.startswith(f"{below}/")
    }
    deep = query.get("recursive", ["false"])[0].lower() in ("true", "1")
    found: dict[str, object] = {}
    for path, content in sorted(inside.items()):
        rest = path.removeprefix(f"{below}/") if below else path
        first, _, more = rest.partition("/")
        if more and not deep:
            folder = f"{below}/{first}" if below else first
            found[folder] = {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0}
            continue
        entry: dict[str, object] = {
            "type": "file",
            "path": path,
            "oid": blob_id(content),
            "size": len(content),
        }
        if is_large(path, content):
            oid = hashlib.sha256(content).hexdigest()
            entry["lfs"] = {"oid": oid, "size": len(content), "pointerSize": 130}
        found[path] = entry
    return list(found.values())


def _preupload(asked: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, object]:
    path = asked["path"]
    large = path.endswith(_LARGE_ENDINGS) or asked.get("size", 0) >= _LARGE
    answer: dict[str, object] = {
        "path": path,
        "uploadMode": "lfs" if large else "regular",
        "shouldIgnore": False,
    }
    if path in files:
        content = files[path]
        answer["oid"] = (
            hashlib.sha256(content).hexdigest() if is_large(path, content) else blob_id(content)
        )
    return answer

"""A pipeline is published as a model repository on the Hugging Face Hub, and read back."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from balise.errors import BaliseError, UsageError, first_line
from balise.jsonl import read_json
from balise.model.card import render_card
from balise.model.package import package
from balise.model.results import Evaluation
from balise.scratch import scratch_folder

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

_MAY_WRITE = (
    "check the name and the network, and that HF_TOKEN or `hf auth login` gives a token that may "
    "write there; nothing is half published, so push again"
)


class Pushed(msgspec.Struct, frozen=True):
    """Where a model was published: repository, commit, tag, and how many files were compared."""

    repo: str
    url: str
    commit: str
    tag: str | None
    files: int


def push(
    model: Path,
    repo: str,
    reports: Sequence[Path] = (),
    *,
    name: str = "conflict_news",
    version: str = "0.1.0",
    private: bool = False,
    tag: str | None = None,
) -> Pushed:
    """Publish a pipeline's folder, its wheel and its card as one commit, and compare what is there.

    The repository is made where it is not there yet. The token is the Hub client's own: the
    variable HF_TOKEN, or what `hf auth login` keeps. Files of an earlier push that are not sent
    again go. A push of what is there already makes no commit.

    Raises:
        UsageError: the repository's name is none.
        BaliseError: there is no pipeline at `model`, a report is broken or measured another
            pipeline, the temporary folder cannot be written, the Hub refuses or cannot be reached,
            something else than what was sent is there afterwards, or the tag stands on another
            commit. What fails after the commit says that it is published.
    """
    if repo.count("/") != 1 or not all(repo.split("/")):
        raise UsageError(repo, "is no repository", "write it as OWNER/NAME")
    evaluations = [read_json(report, Evaluation) for report in reports]
    # The client's large-file protocol has no other way out where a server lacks it.
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    from huggingface_hub import HfApi

    api = HfApi()
    with scratch_folder() as scratch:
        folder = _lay_out(scratch, model, evaluations, name, version, repo)
        with _asking(repo, "the Hub did not take it", _MAY_WRITE):
            url = api.create_repo(repo, private=private, exist_ok=True)
            commit = api.upload_folder(
                repo_id=repo,
                folder_path=folder,
                commit_message=f"fr_{name} {version}",
                # What is sent stays, and .gitattributes: the client sees to it.
                delete_patterns=["*"],
            )
        published = f"commit {commit.oid[:12]} is published, but"
        with _asking(repo, f"{published} cannot be read back", "push again: it is compared then"):
            number = _compare(api, repo, commit.oid, folder)
        if tag is not None:
            with _asking(repo, f"{published} not tagged {tag}", "push again with this --tag"):
                at = _tag(api, repo, tag, commit.oid)
            if at != commit.oid:
                raise BaliseError(
                    repo,
                    f"{published} tag {tag} stands on {'no commit' if at is None else at[:12]}",
                    "push again with another --tag, or delete that one on the Hub before",
                )
    return Pushed(repo, str(url), commit.oid, tag, number)


@contextmanager
def _asking(repo: str, problem: str, remedy: str) -> Iterator[None]:
    """Turn what the Hub's client raises into an error of ours."""
    from huggingface_hub.errors import HfHubHTTPError

    try:
        yield
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise BaliseError(repo, f"{problem} ({first_line(error)})", remedy) from error


def _tag(api: "HfApi", repo: str, tag: str, commit: str) -> str | None:
    """Tag a commit; give the commit that the tag stands on, which is another where it was there."""
    api.create_tag(repo, tag=tag, revision=commit, exist_ok=True)
    tags = api.list_repo_refs(repo).tags
    return next((each.target_commit for each in tags if each.name == tag), None)


def _lay_out(
    scratch: Path,
    model: Path,
    evaluations: Sequence[Evaluation],
    name: str,
    version: str,
    repo: str,
) -> Path:
    folder = scratch / "repository"
    wheel = package(model, scratch / "dist", name, version, evaluations)
    shutil.copytree(model, folder)
    shutil.copy(wheel, folder)
    meta = read_json(model / "meta.json", dict[str, Any])
    card = render_card(meta, evaluations, name, version, repo)
    (folder / "README.md").write_text(card, encoding="utf-8", newline="\n")
    return folder


def _compare(api: "HfApi", repo: str, commit: str, folder: Path) -> int:
    """Compare every file of a folder with what the commit holds; give their number.

    Raises:
        BaliseError: a file is missing, differs, or is one too many.
    """
    from huggingface_hub.hf_api import RepoFile

    tree = api.list_repo_tree(repo, recursive=True, revision=commit)
    there = {each.path: _digest(each) for each in tree if isinstance(each, RepoFile)}
    there.pop(".gitattributes", None)
    sent = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    wrong = sorted(
        path
        for path in sent.keys() | there.keys()
        if path not in sent or there.get(path) not in _digests(sent[path])
    )
    if wrong:
        raise BaliseError(
            repo,
            f"holds something else than what was sent: {', '.join(wrong[:5])}",
            "push again; who else writes there should stop",
        )
    return len(sent)


def _digest(file: "RepoFile") -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id


def _digests(content: bytes) -> tuple[str, str]:
    """Give a file's names: its git blob's, and its own where it is kept as a large file."""
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return blob.hexdigest(), hashlib.sha256(content).hexdigest()

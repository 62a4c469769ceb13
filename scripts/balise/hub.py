"""A repository of the Hugging Face Hub: asked, filled by one commit, read back, tagged.

Everything that goes to the Hub or comes from it passes here, so that its client's errors become
ours in one place. The token is the client's own, the variable HF_TOKEN or what `hf auth login`
keeps: no function takes one.
"""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from balise.errors import BaliseError, UsageError, first_line
from balise.hub_client import open_client

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile

Kind = Literal["model", "dataset"]

ATTRIBUTES = ".gitattributes"
"""The Hub writes it, and its client never deletes it: it is no file of ours."""

MAY_WRITE = (
    "check the name and the network, and that HF_TOKEN or `hf auth login` gives a token that may "
    "write there; nothing is half published, so push again"
)
MAY_READ = (
    "check the name and the network, and that HF_TOKEN or `hf auth login` gives a token that may "
    "read it where it is private or gated"
)

# A time for one silence of the server: the client itself would wait for ever.
_PATIENCE = 300.0
_PART = 2**20
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def require_repository(repo: str) -> None:
    """Accept a name that a repository can have.

    Raises:
        UsageError: it is not OWNER/NAME.
    """
    if repo.count("/") != 1 or not all(repo.split("/")):
        raise UsageError(repo, "is no repository", "write it as OWNER/NAME")


class Repository:
    """One repository of the Hub, by name and kind, whether it is there or not."""

    def __init__(self, name: str, kind: Kind, patience: float = _PATIENCE) -> None:
        """Open the client.

        Raises:
            UsageError: the name is none.
            BaliseError: the environment holds what the client cannot start with.
        """
        require_repository(name)
        self.name, self.kind = name, kind
        self.api = open_client(name, patience)

    @contextmanager
    def asking(self, problem: str, remedy: str) -> Iterator[None]:
        """Turn what the Hub's client raises into an error of ours.

        A full disk stays what it is, for the folder that is written to tell.
        """
        from huggingface_hub import errors

        try:
            yield
        # The first is httpx's or httpx2's, as the client's version has it: a lost connection.
        except (errors.HTTPError, OSError, ValueError) as error:  # type: ignore[attr-defined]
            if isinstance(error, OSError) and error.errno in _DISK:
                raise
            raise BaliseError(
                self.name, f"{problem} ({_say(error)})", _remedy(error, remedy)
            ) from error

    def publish(self, folder: Path, message: str, parent: str | None = None) -> tuple[str, int]:
        """Make a folder the content of the repository by one commit, and read it back.

        What stood there and is not sent goes. Content that is there already makes no commit.
        With a `parent` nothing is replaced but that commit: the Hub refuses where another one
        came in between, and the client does not try again. Returns the commit and the number of
        files compared.

        Raises:
            BaliseError: the Hub refuses or cannot be reached, or something else than what was
                sent is there afterwards.
        """
        with self.asking("the Hub did not take it", MAY_WRITE):
            commit = self.api.upload_folder(
                repo_id=self.name,
                repo_type=self.kind,
                folder_path=folder,
                commit_message=message,
                # What is sent stays, and .gitattributes: the client sees to it.
                delete_patterns=["*"],
                parent_commit=parent,
            ).oid
        return commit, self.read_back(commit, folder)

    def read_back(self, commit: str, folder: Path) -> int:
        """Compare every file of a folder with what a commit holds; give their number.

        Raises:
            BaliseError: a file is missing, differs, or is one too many, or the Hub cannot be
                asked.
        """
        problem = f"commit {commit[:12]} is published, but cannot be read back"
        with self.asking(problem, "push again: it is compared then"):
            wrong = self.differing(commit, folder)
        if wrong:
            raise BaliseError(
                self.name,
                f"holds something else than what was sent: {', '.join(wrong[:5])}",
                "push again; who else writes there should stop",
            )
        return len(_files(folder))

    def differing(self, commit: str, folder: Path) -> list[str]:
        """List the files that a commit and a folder do not have alike."""
        there, sent = self.tree(commit), _files(folder)
        return sorted(
            name
            for name in sent.keys() | there.keys()
            if name not in sent or there.get(name) not in _digests(sent[name])
        )

    def tree(self, commit: str) -> dict[str, str]:
        """Name every file of a commit and its digest: SHA-256 of a large one, or its git blob's."""
        from huggingface_hub.hf_api import RepoFile

        found = self.api.list_repo_tree(
            self.name, recursive=True, revision=commit, repo_type=self.kind
        )
        there = {each.path: _digest(each) for each in found if isinstance(each, RepoFile)}
        there.pop(ATTRIBUTES, None)
        return there

    def tags(self) -> dict[str, str]:
        """Give the commit that each tag stands on."""
        refs = self.api.list_repo_refs(self.name, repo_type=self.kind)
        return {tag.name: tag.target_commit for tag in refs.tags}

    def tag(self, tag: str, commit: str, otherwise: str) -> None:
        """Tag a commit and read the tag back; one that stands there already is well.

        Raises:
            BaliseError: the Hub refuses, or the tag stands on another commit, whose remedy is
                `otherwise`.
        """
        published = f"commit {commit[:12]} is published, but"
        with self.asking(f"{published} not tagged {tag}", "push again with this tag"):
            self.api.create_tag(
                self.name, tag=tag, revision=commit, exist_ok=True, repo_type=self.kind
            )
            at = self.tags().get(tag)
        if at != commit:
            where = "no commit" if at is None else at[:12]
            raise BaliseError(self.name, f"{published} tag {tag} stands on {where}", otherwise)


def _say(error: Exception) -> str:
    """Say what the client said, without the token, which a server could have sent back."""
    from huggingface_hub import get_token

    said, token = first_line(error), get_token()
    # Python shows what is not printable in it as an escape.
    for form in (token, repr(token)[1:-1]) if token else ():
        said = said.replace(form, "…")
    return said


def _remedy(error: Exception, usual: str) -> str:
    answer = getattr(error, "response", None)
    status = getattr(answer, "status_code", 0)
    if status == 429:
        seconds = answer.headers.get("Retry-After") if answer is not None else None
        wait = f"wait {seconds} seconds" if seconds else "wait some minutes"
        return f"{wait} and run this again"
    if status in (409, 412):
        return (
            "somebody else made or changed it meanwhile: run this again, which compares with what "
            "is there then"
        )
    if status >= 500:
        return "the Hub is at fault: run this again in some minutes"
    return usual


def _files(folder: Path) -> dict[str, Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def _digest(file: "RepoFile") -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id


def _digests(path: Path) -> tuple[str, str]:
    """Give a file's names: its git blob's, and its own where it is kept as a large file."""
    blob = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    large = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            blob.update(part)
            large.update(part)
    return blob.hexdigest(), large.hexdigest()

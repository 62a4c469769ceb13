"""What stands on the Hub under a dataset's name, brought down to be compared or kept."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from balise.dataset.hub.contents import Contents, read_contents
from balise.dataset.manifest import is_hidden, read_stated
from balise.dataset.versions import require_version
from balise.errors import BaliseError, UsageError
from balise.hub import MAY_READ, Repository
from balise.scratch import scratch_folder

Track = Callable[[Sequence[str]], Iterable[str]]
"""Goes through the paths of the files that are brought down, and may show how far it is."""

NOTHING = Contents(None, {}, {})

_CLIENT = ".cache"


class Standing(msgspec.Struct, frozen=True):
    """A repository as it stands: its newest commit, who may read it, its tags' commits."""

    commit: str
    private: bool
    gated: bool
    tags: dict[str, str]


def tag_name(version: str, place: str = "--version") -> str:
    """Name the tag of a version.

    Raises:
        UsageError: the version is not X.Y.Z.
    """
    require_version(version, place)
    return f"v{version}"


def look(hub: Repository) -> Standing | None:
    """Look at a repository; None where it is not there, or not to be seen with this token.

    The Hub does not tell the two apart.

    Raises:
        BaliseError: the Hub refuses or cannot be reached.
    """
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    with hub.asking("the Hub does not show it", MAY_READ):
        try:
            info = hub.api.dataset_info(hub.name)
        except GatedRepoError:
            raise
        except RepositoryNotFoundError:
            return None
        return Standing(str(info.sha), bool(info.private), bool(info.gated), hub.tags())


def find(hub: Repository, version: str | None) -> str:
    """Find the commit of a published version, or the newest commit.

    Raises:
        UsageError: the version is not X.Y.Z.
        BaliseError: the repository or the version is not there, or the Hub cannot be asked.
    """
    tag = None if version is None else tag_name(version)
    standing = look(hub)
    if standing is None:
        raise BaliseError(hub.name, "is not on the Hub, or not to be seen", MAY_READ)
    if tag is None:
        return standing.commit
    if tag not in standing.tags:
        there = ", ".join(sorted(standing.tags)) or "none"
        raise BaliseError(hub.name, f"has no tag {tag}", f"choose one that is there: {there}")
    return standing.tags[tag]


def fetch(hub: Repository, commit: str, folder: Path, track: Track = iter) -> None:
    """Bring every file of a commit down into a folder; hidden ones are the Hub's own.

    Raises:
        BaliseError: the Hub refuses or cannot be reached.
        OSError: the disk is full.
    """
    from huggingface_hub import utils

    # One bar for each file would fight with the one for all, which is `track`'s.
    utils.disable_progress_bars("huggingface_hub.http_get")  # type: ignore[attr-defined]  # it is public
    problem = f"commit {commit[:12]} cannot be brought down"
    with hub.asking(problem, MAY_READ):
        paths = sorted(path for path in hub.tree(commit) if not is_hidden(Path(path)))
    for path in track(paths):
        with hub.asking(problem, MAY_READ):
            hub.api.hf_hub_download(
                hub.name, path, repo_type=hub.kind, revision=commit, local_dir=folder
            )
    # The client's notes on what it brought: nobody resumes this.
    shutil.rmtree(folder / _CLIENT, ignore_errors=True)


def read_published(hub: Repository, commit: str, track: Track = iter) -> Contents:
    """Read what a commit holds.

    Raises:
        BaliseError: the Hub cannot be asked, the temporary folder cannot be written, or what is
            there is broken.
    """
    with scratch_folder() as scratch:
        fetch(hub, commit, scratch, track)
        try:
            return read_contents(scratch)
        except BaliseError as error:
            inside = error.place.removeprefix(f"{scratch}/")
            raise BaliseError(f"{hub.name}, {inside}", error.problem, error.remedy) from error


def read_side(where: str, track: Track = iter) -> Contents:
    """Read a dataset that is a folder here, or `OWNER/NAME` or `OWNER/NAME@X.Y.Z` on the Hub.

    Where a folder of that name is here, it is meant.

    Raises:
        UsageError: it is neither, or the version is not X.Y.Z.
        BaliseError: there is no dataset, it is broken, or the Hub cannot be asked.
    """
    if Path(where).is_dir():
        read_stated(Path(where))
        return read_contents(Path(where))
    name, at, version = where.partition("@")
    if name.count("/") != 1 or not all(name.split("/")):
        raise UsageError(
            where,
            "is no folder here and no repository",
            "name a dataset's folder, OWNER/NAME or OWNER/NAME@X.Y.Z",
        )
    hub = Repository(name, "dataset")
    try:
        contents = read_published(hub, find(hub, version if at else None), track)
    except BaliseError as error:
        if not at:
            error.add_note(f"no folder {where} is here")
        raise
    if contents.version is None:
        raise BaliseError(where, "holds no dataset of balise", "name another, or another version")
    return contents

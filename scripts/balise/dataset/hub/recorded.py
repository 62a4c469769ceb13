"""Is what a dataset was built from what git records? A release must be found again later."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from balise.dataset.hub.contents import Contents
from balise.dataset.manifest import MANIFEST, Manifest
from balise.errors import BaliseError
from balise.origin import digest
from balise.stores import load_gold
from balise.withdrawn import load_withdrawn

_LISTED = 5


def unrecorded(sources: Iterable[Path]) -> Iterator[BaliseError]:
    """Yield one error for each git tree whose sources are not committed as they are.

    Sources that no git tree holds are passed over; one that is deleted is not as it was committed.

    Raises:
        BaliseError: git is there and refuses to answer.
    """
    by_tree: dict[Path, list[Path]] = {}
    for source in sources:
        if tree := _tree(source):
            by_tree.setdefault(tree, []).append(source.resolve())
    for tree, paths in by_tree.items():
        words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--")
        names = [entry[3:] for entry in _git(tree, *words, *paths).split("\0") if entry]
        if names:
            more = ", …" if len(names) > _LISTED else ""
            yield BaliseError(
                tree,
                f"{len(names)} files of what it was built from are not committed: "
                f"{', '.join(names[:_LISTED])}{more}",
                "commit them or put them back, build the dataset again, then push",
            )


def stale(manifest: Manifest, folder: Path, gold: Path) -> Iterator[BaliseError]:
    """Yield an error where a dataset was built from another gold than the one that is here.

    Raises:
        BaliseError: the gold is broken.
    """
    if gold.is_file() and (now := digest(load_gold(gold))) != manifest.gold:
        yield BaliseError(
            folder / MANIFEST,
            f"was built from gold {manifest.gold[:12]}…, {gold} is now {now[:12]}…",
            "build the dataset again, or check out the gold that it was built from",
        )


def taken_back(contents: Contents, folder: Path, corpus: Path) -> Iterator[BaliseError]:
    """Yield an error where a dataset holds articles that were withdrawn since it was built.

    Raises:
        BaliseError: the list of withdrawals is broken.
    """
    withdrawn = {one.article for one in load_withdrawn(corpus)}
    found = [id_ for id_, line in sorted(contents.gold().items()) if withdrawn & {id_, line.url}]
    if found:
        yield BaliseError(
            folder,
            f"holds {len(found)} withdrawn articles: {', '.join(found[:_LISTED])}",
            "build the dataset again",
        )


def _tree(path: Path) -> Path | None:
    """Find the top of the git tree that holds a path, where there is one."""
    at = path.resolve()
    folder = next(each for each in (at, *at.parents) if each.is_dir())
    said = _git(folder, "rev-parse", "--show-toplevel")
    return Path(said.removesuffix("\n")) if said else None


def _git(folder: Path, *words: str | Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # git, with words of ours
            ["git", "-C", folder, *words],  # noqa: S607  # whichever git the user has
            # Without the variables git would speak the user's language and trust a hook's tree.
            env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {"LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    if done.returncode and "not a git repository" not in done.stderr:
        said = (done.stderr.strip().splitlines() or ["nothing"])[0]
        raise BaliseError(folder, f"git does not say what is committed ({said})", "do as it says")
    return done.stdout

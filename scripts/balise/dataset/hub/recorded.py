"""Is what a dataset was built from what git records? A release must be found again later."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from balise.dataset.hub.contents import Contents
from balise.dataset.manifest import MANIFEST, Manifest
from balise.dataset.release import Inputs
from balise.dataset.sources import changed_sources, source_files
from balise.errors import BaliseError
from balise.origin import digest
from balise.stores import load_gold
from balise.text import printable
from balise.withdrawn import is_meant, load_withdrawn

_LISTED = 5


def unrecorded(inputs: Inputs) -> Iterator[BaliseError]:
    """Yield one error for each git tree whose sources are not committed as they are.

    Sources that no git tree holds are passed over; one that is deleted is not as it was committed,
    and one that git ignores is not committed.

    Raises:
        BaliseError: git is there and refuses to answer, or a tree is there and no git.
    """
    paths = [inputs.gold, inputs.corpus, inputs.splits, inputs.labels]
    paths += [inputs.annotations] if inputs.annotations else []
    used = {path.resolve() for each in source_files(inputs).values() for path in each}
    by_tree: dict[Path, list[Path]] = {}
    for path in paths:
        if tree := _tree(path):
            by_tree.setdefault(tree, []).append(path.resolve())
    for tree, inside in by_tree.items():
        if names := list(_uncommitted(tree, inside, used)):
            more = ", …" if len(names) > _LISTED else ""
            yield BaliseError(
                tree,
                f"{len(names)} files of what it was built from are not committed: "
                f"{', '.join(names[:_LISTED])}{more}",
                "commit them or put them back, build the dataset again, then push",
            )


def _uncommitted(tree: Path, paths: Iterable[Path], used: Set[Path]) -> Iterator[str]:
    """Name what git does not have as it stands; of what it ignores, only what was `used`."""
    words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    said = _git(tree, *words, "--ignored=matching", "--", *paths)
    for state, name in ((entry[:2], entry[3:]) for entry in said.split("\0") if entry):
        if state == "!!" and not any(each.is_relative_to(tree / name) for each in used):
            continue
        yield printable(name)


def stale(manifest: Manifest, folder: Path, inputs: Inputs) -> Iterator[BaliseError]:
    """Yield an error where a dataset was built from other files than those that are here.

    Raises:
        BaliseError: the gold is broken, or a file cannot be read.
    """
    gold = inputs.gold
    if gold.is_file() and (now := digest(load_gold(gold))) != manifest.gold:
        yield BaliseError(
            folder / MANIFEST,
            f"was built from gold {manifest.gold[:12]}…, {gold} is now {now[:12]}…",
            "build the dataset again, or check out the gold that it was built from",
        )
    elif changed := changed_sources(manifest.sources, inputs):
        yield BaliseError(
            folder / MANIFEST,
            f"was built from other files than stand here now ({', '.join(changed)})",
            "build the dataset again, or check out what it was built from",
        )


def taken_back(contents: Contents, folder: Path, corpus: Path) -> Iterator[BaliseError]:
    """Yield an error where a dataset holds articles that were withdrawn since it was built.

    Raises:
        BaliseError: the list of withdrawals is broken.
    """
    withdrawn = load_withdrawn(corpus)
    found = [
        id_
        for id_, line in sorted(contents.gold().items())
        if any(is_meant(one.article, id_, line.url) for one in withdrawn)
    ]
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
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError as error:
        if any((at / ".git").exists() for at in (folder, *folder.parents)):
            raise BaliseError(
                folder, "is in a git tree, and git cannot be run", "install git, then push"
            ) from error
        return ""
    if done.returncode and "not a git repository" not in done.stderr:
        said = (done.stderr.strip().splitlines() or ["nothing"])[0]
        raise BaliseError(folder, f"git does not say what is committed ({said})", "do as it says")
    return done.stdout

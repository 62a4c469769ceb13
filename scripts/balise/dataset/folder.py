"""A dataset folder is replaced whole: at any moment the old one or the new one stands there."""

import ctypes
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from balise.dataset.manifest import MANIFEST, read_manifest
from balise.errors import BaliseError, UsageError
from balise.files import write_files

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace a dataset folder by files of the given names and contents.

    Everything is written and flushed in a folder beside it, which then changes places with the
    old one in one step. What a killed run left beside it is removed.

    Raises:
        UsageError: something else than a dataset folder stands there.
        BaliseError: the folder cannot be written; the old one is unchanged.

    """
    refuse_foreign(folder)
    new = folder.with_name(f".{folder.name}.new")
    old = folder.with_name(f".{folder.name}.old")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if old.exists() and not folder.exists():
            old.rename(folder)  # a run was killed between the two renames of `_swap`
        _remove(new)
        _remove(old)
        write_files({new / name: content for name, content in contents.items()})
        _swap(new, folder, old)
    except (OSError, BaliseError) as error:
        shutil.rmtree(new, ignore_errors=True)
        reason = error.problem if isinstance(error, BaliseError) else error.strerror or error
        raise BaliseError(
            folder,
            f"cannot be written ({reason})",
            "free some space or choose another --out; what stood there is unchanged",
        ) from error


def refuse_foreign(folder: Path) -> None:
    """Accept a path where nothing stands, or an empty folder, or one that only `build` wrote.

    Raises:
        UsageError: replacing what stands there would delete something else.

    """
    if not folder.name:
        raise UsageError(folder, "is no name for a dataset folder", "choose another --out")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(folder, "is not a folder", "choose another --out")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise UsageError(
            folder,
            f"holds something else than a dataset (no {MANIFEST})",
            "choose another --out, or remove it yourself",
        )
    own = {MANIFEST, *read_manifest(folder).files}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and path.relative_to(folder).as_posix() not in own:
            raise UsageError(
                path, "was not written by `balise dataset build`", "move it out of the folder"
            )


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Put `new` in the place of `folder`, and delete what stood there."""
    if not folder.exists():
        new.rename(folder)
    elif _exchange(new, folder):
        _remove(new)
    else:
        folder.rename(old)
        new.rename(folder)
        _remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, where the system and its file system can."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    return bool(renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)

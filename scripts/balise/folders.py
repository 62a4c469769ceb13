"""A folder is replaced whole: at any moment the old one or the new one stands there."""

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def swap_folder(new: Path, folder: Path) -> None:
    """Put the finished folder `new` in the place of `folder`, and delete what stood there.

    Both must be on one file system. Where the system can exchange two names in one step
    (renameat2(2), RENAME_EXCHANGE) `folder` is never missing; elsewhere it is for a moment, and
    `recover_folder` mends what a kill in that moment leaves.

    Raises:
        OSError: a folder cannot be renamed.
    """
    old = _aside(folder)
    if not folder.exists():
        new.rename(folder)
    elif _exchange(new, folder):
        shutil.rmtree(new)
    else:
        folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old)


def recover_folder(folder: Path) -> None:
    """Put back what a run killed between two renames had moved aside, or remove its rest."""
    old = _aside(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    elif old.exists():
        shutil.rmtree(old)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _exchange(one: Path, other: Path) -> bool:
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    return bool(renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)

"""A folder is replaced whole: at any moment the old one or the new one stands there."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from balise.errors import BaliseError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def fill_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` to fill, which takes its place when all is well.

    Raises:
        BaliseError: something cannot be written; what stood at `folder` is unchanged.
    """
    new = folder.with_name(f".{folder.name}.new")
    try:
        recover_folder(folder)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        yield new
        swap_folder(new, folder)
    except (OSError, BaliseError) as error:
        if isinstance(error, BaliseError) and not str(error.place).startswith(str(new)):
            raise
        reason = error.problem if isinstance(error, BaliseError) else error.strerror or error
        raise BaliseError(
            folder,
            f"cannot be written ({reason})",
            "free some space or choose another --out; what stood there is unchanged",
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


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

"""A folder is replaced whole: at any moment the old one or the new one stands there."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from balise.errors import BaliseError, UsageError
from balise.files import locked

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def require_name(folder: Path) -> None:
    """Accept a path whose last part names a folder, as « . » does not.

    Raises:
        UsageError: nothing can be put beside it and take its place.
    """
    if folder.name in ("", ".."):
        raise UsageError("--out", f"{str(folder)!r} is no name for a folder", "choose another")


@contextmanager
def fill_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` to fill, which takes its place when all is well.

    Raises:
        UsageError: `folder` has no name (see `require_name`).
        BaliseError: something cannot be written, or another process is filling `folder`; what
            stood there is unchanged.
    """
    require_name(folder)
    new = folder.with_name(f".{folder.name}.new")
    with _held(folder):
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
            raise _unwritable(folder, reason) from error
        finally:
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the place of a folder for one process, by a lock beside it that is removed at the end.

    Neither the folder nor the one that is filled could be the lock: they change places.
    """
    lock = folder.with_name(f".{folder.name}.lock")
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(lock))
        except BaliseError as error:
            if isinstance(error.__cause__, BlockingIOError):
                remedy = f"{error.remedy}, or choose another --out"
                raise BaliseError(folder, error.problem, remedy) from error
            raise _unwritable(folder, error.problem) from error
        # Callbacks run backwards: the lock goes while it is still held.
        stack.callback(shutil.rmtree, lock, ignore_errors=True)
        yield


def _unwritable(folder: Path, reason: object) -> BaliseError:
    return BaliseError(
        folder,
        f"cannot be written ({reason})",
        "free some space or choose another --out; what stood there is unchanged",
    )


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

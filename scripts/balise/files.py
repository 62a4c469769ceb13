"""Files are written whole or not at all."""

import errno
import fcntl
import glob
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from balise.errors import BaliseError

BOM = "\ufeff"
"""The byte-order mark, which some editors put before a UTF-8 text."""


def write_file(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Replace one file atomically; see `write_files`."""
    write_files({path: content}, mode)


def write_files(contents: Mapping[Path, bytes | str], mode: int = 0o644) -> None:
    """Replace the given files by the given contents (text is written as UTF-8).

    Every file is first written aside and flushed to disk, and only then are all of them
    renamed into place: a full disk or a broken text leaves every old file as it was, and each
    single file is the old or the new one at any moment. A link stays one: its target is replaced.

    Raises:
        BaliseError: a file cannot be written; nothing was replaced.
    """
    aside: dict[Path, str] = {}
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            data = content.encode("utf-8") if isinstance(content, str) else content
            target = path.resolve()
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=_aside(target))
            aside[path] = name
            with os.fdopen(handle, "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        while aside:
            path, name = next(iter(aside.items()))
            Path(name).replace(path.resolve())
            del aside[path]
    except OSError as error:
        raise BaliseError(
            path,
            f"cannot be written ({error.strerror or error})",
            "free some space or choose another folder; files that stood there are unchanged",
        ) from error
    finally:
        for name in aside.values():
            Path(name).unlink(missing_ok=True)


def clear_rests(paths: Iterable[Path]) -> None:
    """Remove what writers of the given files left aside when they were killed.

    Only for files that `locked` keeps every other writer from: theirs would be removed too.
    """
    for path in paths:
        target = path.resolve()
        for rest in target.parent.glob(f"{glob.escape(_aside(target))}*"):
            rest.unlink(missing_ok=True)


def _aside(target: Path) -> str:
    """How the names of the files begin that hold a file's content until it is put in place."""
    return f".{target.name}."


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one process at a time; the lock ends with the process, however it ends.

    Raises:
        BaliseError: another process holds it, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise BaliseError(
            folder, f"cannot be opened ({error.strerror})", "choose another folder"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BaliseError(
                folder,
                "another balise is writing here",
                "wait until it has ended and run this again",
            ) from error
        yield
    finally:
        os.close(handle)


def read_text(path: Path) -> str:
    """Read a UTF-8 file as it is, line ends included (a byte-order mark is dropped).

    Raises:
        BaliseError: the file is missing, unreadable or not UTF-8.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise not_utf8(f"{path}:{line}", data[error.start], error.start) from error


def not_utf8(place: str, byte: int, offset: int) -> BaliseError:
    """Say that a byte of a file, so many bytes from its start, is not UTF-8."""
    return BaliseError(
        place,
        f"byte 0x{byte:02x} at offset {offset} is not UTF-8",
        "save the file as UTF-8 (for example with `iconv -f WINDOWS-1252 -t UTF-8`)",
    )


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        BaliseError: the file is missing or unreadable.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> BaliseError:
    """Say that a file is missing or cannot be read."""
    return BaliseError(
        path,
        f"cannot be read ({error.strerror or error})",
        "check the path and its permissions",
    )

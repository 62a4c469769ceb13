"""A backup's archive: a zip whose manifest says what each file in it must be."""

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Literal

import msgspec

from balise.doccano.environment import DOCCANO
from balise.errors import BaliseError
from balise.jsonl import decode, encode_json

MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_PRIVATE_FILE = 0o100600 << 16
# What a zip with a wrong byte raises, according to where the byte is.
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, ValueError)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an archive is: its format, server and time (UTC), and the SHA-256 of each part."""

    format: Literal[1] = 1
    doccano: str
    database: Literal["sqlite", "postgresql"]
    made: str
    projects: int
    documents: int
    parts: dict[str, str]


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a large file of mode 600 aside; it takes its name when all of it is on the disk.

    Raises:
        BaliseError: it cannot be written; what bore the name stands as it was.
    """
    aside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        aside = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        aside = None
    except OSError as error:
        raise BaliseError(
            path,
            f"cannot be written ({error.strerror or error})",
            "free some space or choose another place; an older file of this name is unchanged",
        ) from error
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def add_part(archive: zipfile.ZipFile, name: str, source: Path) -> str:
    """Copy a file into an archive, and return the SHA-256 that it must have when it comes out.

    Raises:
        BaliseError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        file = source.open("rb")
    except OSError as error:
        raise BaliseError(
            source, f"cannot be read ({error.strerror})", "check its permissions"
        ) from error
    with file, archive.open(_private(name), "w", force_zip64=True) as target:
        while block := file.read(_BLOCK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def add_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Close the list of an archive's parts."""
    archive.writestr(_private(MANIFEST), encode_json(manifest))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup for reading, its parts still unchecked.

    Raises:
        BaliseError: it is none, is damaged, or is of a Doccano other than ours.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *_BROKEN) as error:
        raise _damaged(path, str(error)) from error
    with archive:
        try:
            content = archive.read(MANIFEST)
        except (OSError, *_BROKEN) as error:
            raise _damaged(path, str(error)) from error
        manifest = decode(content, Manifest, f"{path}, {MANIFEST}")
        if manifest.doccano != DOCCANO:
            raise BaliseError(
                path,
                f"is of Doccano {manifest.doccano}, and this balise runs {DOCCANO}",
                "restore it with the balise that made it",
            )
        yield archive, manifest


def unpack(archive: zipfile.ZipFile, name: str, digest: str, folder: Path) -> None:
    """Write a part below a folder, with mode 600, and check its SHA-256.

    Raises:
        BaliseError: it is missing or damaged, or would lie elsewhere.
    """
    place = f"{archive.filename}, {name}"
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts:
        raise BaliseError(place, "would lie outside the folder", "use a backup of your own")
    found = hashlib.sha256()
    target = folder / pure
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file, archive.open(name) as source:
            while block := source.read(_BLOCK):
                found.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except _BROKEN as error:
        raise _damaged(place, str(error)) from error
    if found.hexdigest() != digest:
        raise _damaged(place, "its SHA-256 is not the manifest's")


def _private(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = _PRIVATE_FILE
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _damaged(place: object, why: str) -> BaliseError:
    return BaliseError(
        place,
        f"is no whole backup ({why})",
        "name a file of `balise doccano backup`, copied anew, or an older one",
    )

"""The manifest: what a dataset folder holds, by hash, and what it was made from and with."""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version as library_version
from pathlib import Path, PurePath
from typing import TypeVar

import msgspec

from balise.dataset.parquet import Table, parquet_path
from balise.dataset.release import Release
from balise.docbin import TOKENIZER
from balise.errors import BaliseError
from balise.files import read_bytes
from balise.jsonl import read_json

MANIFEST = "manifest.json"

_WRITERS = ("huggingface-hub", "pyarrow")
"""Libraries whose version changes the files' bytes, beside those of every origin."""


_LONGEST_PART = 255


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The dataset's version, its origin, and the SHA-256 of every other file of the folder.

    `content` has for each config a SHA-256 of its rows alone, whatever wrote the files;
    `withdrawn` names the articles that were taken back, so that whoever has an older version can
    remove them. `sources` has a SHA-256 of the gold, the corpus and all else that the dataset was
    made from, so that a later change is told.
    """

    version: str
    gold: str
    labels: str
    split_seed: int
    tokenizer: str
    python: str
    libraries: dict[str, str]
    content: dict[str, str]
    withdrawn: tuple[str, ...]
    files: dict[str, str]
    sources: dict[str, str] = {}


class AnyManifest(msgspec.Struct, frozen=True):
    """What every manifest states, whichever balise wrote it: the version and the files' SHA-256."""

    version: str
    files: dict[str, str]


_Read = TypeVar("_Read", Manifest, AnyManifest)


def make_manifest(
    release: Release,
    version: str,
    contents: Mapping[str, bytes],
    tables: Mapping[str, Mapping[str, Table]],
    sources: dict[str, str],
) -> Manifest:
    """Describe the files of a release, named by their paths inside the folder, and its tables.

    `sources` are the digests of what it was made from (see `digest_sources`).
    """
    made = release.origin
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for config, splits in tables.items():
        files |= {parquet_path(config, split): table.sha256 for split, table in splits.items()}
    libraries = made.libraries | {name: library_version(name) for name in _WRITERS}
    return Manifest(
        version=version,
        gold=made.corpus,
        labels=made.labels,
        split_seed=release.splits.seed,
        tokenizer=TOKENIZER,
        python=made.python,
        libraries=dict(sorted(libraries.items())),
        content={config: _content(splits) for config, splits in tables.items()},
        withdrawn=release.withdrawn,
        files=dict(sorted(files.items())),
        sources=sources,
    )


def _content(splits: Mapping[str, Table]) -> str:
    """Hash a config's rows: each split's name and the hash of its rows, a line each."""
    lines = "".join(f"{split} {table.content_hash}\n" for split, table in splits.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a dataset folder's manifest.

    Raises:
        BaliseError: there is none, it is broken, or it names what cannot be a file of the folder.
    """
    return _read(folder, Manifest)


def read_stated(folder: Path) -> AnyManifest:
    """Read what a dataset folder's manifest states, an older or newer balise's too.

    Raises:
        BaliseError: there is none, it is broken, or it names what cannot be a file of the folder.
    """
    return _read(folder, AnyManifest)


def _read(folder: Path, type_: type[_Read]) -> _Read:
    if not (folder / MANIFEST).is_file():
        raise BaliseError(
            folder, f"no dataset here ({MANIFEST})", "build one with `balise dataset build`"
        )
    manifest = read_json(folder / MANIFEST, type_)
    for name in manifest.files:
        if not _is_inside(name):
            raise BaliseError(
                folder / MANIFEST,
                f"{name[:100]!r} is no name of a file inside the folder",
                "get the dataset anew",
            )
    return manifest


def _is_inside(name: str) -> bool:
    """Tell whether a name leads to a file in whatever folder it is looked for."""
    parts = name.split("/")
    short = all(len(part.encode("utf-8")) <= _LONGEST_PART for part in parts)
    return short and "\0" not in name and not {"", ".", ".."} & set(parts)


def is_hidden(inside: PurePath) -> bool:
    """Tell a path of a folder that is no dataset's: such are the Hub's own, and its client's."""
    return any(part.startswith(".") for part in inside.parts)


def file_problems(folder: Path, manifest: Manifest | AnyManifest) -> Iterator[str]:
    """Yield every file that is missing, changed or unknown; hidden files are the Hub client's."""
    for name, expected in manifest.files.items():
        if not (folder / name).is_file():
            yield f"{name} is missing"
        elif hashlib.sha256(read_bytes(folder / name)).hexdigest() != expected:
            yield f"{name} is not the file that the manifest names (another sha256)"
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        known = inside.as_posix() in manifest.files or inside.as_posix() == MANIFEST
        if path.is_file() and not is_hidden(inside) and not known:
            yield f"{inside.as_posix()} is not in the manifest"

"""A dataset folder is read as anyone can: files, and the rows of whatever configs are there.

Nothing here knows a config by name but those that hold the gold. A row is known by its `id`
within its config; where several rows share one, they are one row of several lines. Of its values
no more is kept than what tells whether another row has the same, and what is counted.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Any

import msgspec

from balise.dataset.card.figures import UNKNOWN
from balise.dataset.manifest import MANIFEST, is_hidden, read_stated
from balise.dataset.parquet import each_row, read_schema
from balise.dataset.rows import SPANS
from balise.errors import BaliseError
from balise.files import read_bytes

_DIGEST = 16

GOLD = (SPANS, "standoff")
"""The configs whose rows are the gold articles; one that stands in both counts once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a Parquet file: its split, address, licence, its spans' labels, its values.

    `digests` holds `_DIGEST` bytes for each of `columns`, which the lines of a file share.
    """

    split: str
    url: str | None
    licence: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    digests: bytes

    def digest(self, column: str) -> bytes:
        """Give a value's digest; a column that is not there is like one without a value."""
        if column not in self.columns:
            return _NULL
        start = self.columns.index(column) * _DIGEST
        return self.digests[start : start + _DIGEST]


@dataclass(frozen=True)
class Config:
    """The columns of a config with their types, and its rows by id."""

    columns: dict[str, str]
    rows: dict[str, tuple[Line, ...]]


@dataclass(frozen=True)
class Contents:
    """What a dataset holds; `version` is null where there is no dataset of ours.

    `files` maps every file to its SHA-256, the manifest and those it does not name too.
    """

    version: str | None
    files: dict[str, str]
    configs: dict[str, Config]

    def gold(self) -> dict[str, Line]:
        """Give one line for each gold article."""
        found: dict[str, Line] = {}
        for name in GOLD:
            if name in self.configs:
                rows = self.configs[name].rows.items()
                found |= {id_: lines[0] for id_, lines in rows if id_ not in found}
        return found


def read_contents(folder: Path) -> Contents:
    """Read a dataset folder; hidden files are the Hub client's, and passed over.

    Where there is no manifest the tables are not read: they are none of ours.

    Raises:
        BaliseError: the manifest is broken, a Parquet file is none, or its rows have no id.
    """
    files = {
        inside: hashlib.sha256(read_bytes(folder / inside)).hexdigest()
        for inside in visible_files(folder)
    }
    if MANIFEST not in files:
        return Contents(None, files, {})
    configs: dict[str, Config] = {}
    for inside in files:
        if inside.endswith(".parquet") and inside.count("/") == 1:
            name, file = inside.split("/")
            known = configs.setdefault(name, Config({}, {}))
            _add(known, folder / inside, file.partition("-")[0])
    return Contents(read_stated(folder).version, files, configs)


def visible_files(folder: Path) -> Iterator[str]:
    """Yield the paths of a folder's files inside it, sorted, hidden ones and their folders not."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not is_hidden(inside):
            yield inside.as_posix()


def _add(config: Config, path: Path, split: str) -> None:
    schema = read_schema(path)
    if "id" not in schema.names:
        raise BaliseError(
            path, "its rows have no column `id` to know them by", "compare datasets of balise"
        )
    features = _features(schema.metadata)
    for field in schema:
        stated = json.dumps(features.get(field.name), sort_keys=True)
        config.columns[field.name] = f"{field.type} {stated}"
    columns = tuple(schema.names)
    for values in each_row(path):
        named = {name: _named(values[name], features.get(name)) for name in columns}
        line = Line(
            split,
            named.get("url"),
            intern(str(named.get("license") or UNKNOWN)),
            tuple(map(intern, _span_labels(named.values()))),
            columns,
            b"".join(map(_digest, named.values())),
        )
        id_ = str(values["id"])
        config.rows[id_] = (*config.rows.get(id_, ()), line)


def _features(metadata: dict[bytes, bytes] | None) -> dict[str, Any]:
    """Read the features that `datasets` writes beside the columns."""
    try:
        found = json.loads((metadata or {}).get(b"huggingface", b"{}"))
    except (ValueError, RecursionError):
        return {}
    # Whoever wrote the file may have written anything there.
    for key in ("info", "features"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _named(value: Any, feature: Any) -> Any:  # noqa: ANN401  # a Parquet value of any type
    """Turn the numbers of a ClassLabel into names: numbers may mean others in another version."""
    if not isinstance(feature, dict):
        return value
    if feature.get("_type") == "ClassLabel" and isinstance(value, int):
        names = feature.get("names")
        return names[value] if isinstance(names, list) and 0 <= value < len(names) else value
    if isinstance(value, list):
        return [_named(each, feature.get("feature")) for each in value]
    if isinstance(value, dict):
        return {key: _named(each, feature.get(key)) for key, each in value.items()}
    return value


def _span_labels(values: Iterable[Any]) -> Iterator[str]:
    """Yield the labels of a row's spans, whichever column lists them."""
    for value in values:
        if isinstance(value, list):
            yield from (str(each["label"]) for each in value if _is_span(each))


def _is_span(value: object) -> bool:
    return isinstance(value, dict) and {"start", "end", "label"} <= value.keys()


def _digest(value: object) -> bytes:
    # Days and times of a dataset that is not ours come as pandas gives them.
    encoded = msgspec.json.encode(value, order="sorted", enc_hook=str)
    return hashlib.blake2b(encoded, digest_size=_DIGEST).digest()


_NULL = _digest(None)


def fingerprint(lines: tuple[Line, ...], columns: list[str]) -> list[bytes]:
    """Turn a row into what is equal where its values in the given columns are."""
    return sorted(b"".join(map(line.digest, columns)) for line in lines)

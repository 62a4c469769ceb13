"""What stands in a dataset folder: its Parquet files, whose rows stay there, and its text files.

Parquet is read with pyarrow alone, so that what a broken card keeps `datasets` from loading is
looked at all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balise.dataset.parquet import each_row
from balise.errors import BaliseError
from balise.files import read_bytes

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_CLIENTS = frozenset({".git", ".cache"})
"""Folders of git and of the Hub's client, which an upload leaves out."""


@dataclass(frozen=True)
class Part:
    """One Parquet file: its name inside the folder, its config and split, its schema.

    `groups` are the bytes of its row groups, uncompressed, and `count` is the number of its rows,
    which stay in the file.
    """

    path: Path
    name: str
    config: str
    split: str
    schema: "pa.Schema"
    groups: tuple[int, ...]
    count: int

    @property
    def place(self) -> str:
        """Name config and split as problems do."""
        return f"{self.config}/{self.split}"

    def flat_columns(self) -> list[str]:
        """Name the columns that hold single values, no lists or objects."""
        from pyarrow.types import is_nested  # type: ignore[import-untyped]  # ships no types

        return [field.name for field in self.schema if not is_nested(field.type)]

    def each_row(self, *columns: str) -> Iterator[dict[str, Any]]:
        """Read the rows, or some of their columns, those that the file has.

        Raises:
            BaliseError: the file cannot be read any more.
        """
        here = [name for name in self.schema.names if name in columns]
        return each_row(self.path, here if columns else None)


@dataclass(frozen=True)
class Standing:
    """The files of a folder: bytes of each, the Parquet files, the texts, and what is unreadable.

    `texts` holds every file that is neither Parquet nor binary, whatever its name: a file that
    joins the folder is looked at without being listed anywhere.
    """

    sizes: Mapping[str, int]
    parts: tuple[Part, ...]
    texts: Mapping[str, str]
    unreadable: tuple[str, ...]

    def of(self, config: str) -> Iterator[Part]:
        """Yield the Parquet files of one config."""
        return (part for part in self.parts if part.config == config)


def read_standing(folder: Path) -> Standing:
    """Read every file of a folder but those of git and of the Hub's client.

    Raises:
        BaliseError: a file cannot be read.
    """
    sizes: dict[str, int] = {}
    parts: list[Part] = []
    texts: dict[str, str] = {}
    unreadable: list[str] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or _CLIENTS & set(inside.parts):
            continue
        name = inside.as_posix()
        sizes[name] = path.stat().st_size
        if path.suffix == ".parquet":
            try:
                parts.append(_read_part(path, inside))
            except BaliseError as error:
                unreadable.append(f"{name} {error.problem}")
        elif b"\0" not in (content := read_bytes(path)):
            texts[name] = content.decode("utf-8", errors="replace")
    return Standing(sizes, tuple(parts), texts, tuple(unreadable))


def _read_part(path: Path, inside: Path) -> Part:
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]

    for _ in each_row(path):  # a value that cannot be read is told here, and meets no check
        pass
    with ParquetFile(path) as file:
        meta = file.metadata
        return Part(
            path=path,
            name=inside.as_posix(),
            config=inside.parent.as_posix(),
            split=path.name.split("-")[0],
            schema=file.schema_arrow,
            groups=tuple(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups)),
            count=meta.num_rows,
        )


def strings(value: object) -> Iterator[str]:
    """Yield every string in a value, in whatever lists and objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)

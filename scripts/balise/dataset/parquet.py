"""Parquet files: written row by row with explicit features (same rows, same bytes), and read."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BufferedRandom
from itertools import accumulate, chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from balise.errors import BaliseError, first_line

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from datasets import Features

BATCH_SIZE = 1000
"""Rows to a row group; fixed, because it changes the bytes."""


class Table(msgspec.Struct, frozen=True):
    """One split of one config: its Parquet file and the figures that the card states.

    `size` and `sha256` are the file's, `num_bytes` is what its rows take in memory as Arrow, and
    `content_hash` is over the rows alone, as JSON lines with the columns' names sorted.
    """

    size: int
    sha256: str
    rows: int
    num_bytes: int
    content_hash: str


def parquet_path(config: str, split: str) -> str:
    """Name the Parquet file of one split of one config, inside the folder."""
    return f"{config}/{split}-00000-of-00001.parquet"


def read_schema(path: Path) -> "pa.Schema":
    """Read the columns of a Parquet file, with their types and what it says of itself.

    Raises:
        BaliseError: the file is missing or no Parquet.
    """
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

    try:
        return pq.read_schema(path)
    except Exception as error:  # pyarrow has a dozen ways to refuse a file
        raise _unreadable(path, error) from error


def each_row(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Read the rows of a Parquet file one after another, or some of their columns.

    No more than a row group's worth of them is held.

    Raises:
        BaliseError: the file is missing, broken or no Parquet, or has no such column.
    """
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            if lacking := set(columns or ()) - set(file.schema_arrow.names):
                raise ValueError(f"no column {', '.join(sorted(lacking))}")
            for batch in file.iter_batches(BATCH_SIZE, columns=columns):
                yield from batch.to_pylist()
    except Exception as error:  # likewise
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> BaliseError:
    return BaliseError(
        path, f"cannot be read as Parquet ({first_line(error)})", "build or pull the dataset anew"
    )


class TableWriter:
    """Writes the rows of one split of one config to a Parquet file, a row group at a time.

    The file is the one that `datasets.Dataset.to_parquet` makes of the same rows. Without a row
    there is none: `datasets` does not load an empty file.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, features: "Features") -> None:
        self._path, self._schema = path, features.arrow_schema
        self._file: BufferedRandom | None = None
        self._parquet: Any = None
        self._waiting: list[msgspec.Struct] = []
        self._content = hashlib.sha256()
        self._rows = self._num_bytes = 0

    def __enter__(self) -> Self:
        """Nothing is opened before the first row."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file, finished or not."""
        if self._file is not None:
            # An unfinished file is thrown away, whatever keeps its end from being written.
            with suppress(Exception):
                self._parquet.close()
            self._file.close()

    def add(self, row: msgspec.Struct) -> None:
        """Take a row, and write a row group where enough are waiting."""
        self._waiting.append(row)
        if len(self._waiting) == BATCH_SIZE:
            self._write_group()

    def finish(self) -> Table | None:
        """Write what is waiting, bring the file to the disk, and measure it; None without rows."""
        if self._waiting:
            self._write_group()
        if self._file is None:
            return None
        self._parquet.add_key_value_metadata({"content_defined_chunking": json.dumps(_cdc())})
        self._parquet.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        sha256 = hashlib.file_digest(self._file, "sha256").hexdigest()
        return Table(size, sha256, self._rows, self._num_bytes, self._content.hexdigest())

    def _write_group(self) -> None:
        import pyarrow as pa

        if self._file is None:
            self._open()
        rows, self._waiting = self._waiting, []
        columns = [
            _array(list(map(attrgetter(each.name), rows)), each.type) for each in self._schema
        ]
        group = pa.Table.from_arrays(columns, schema=self._schema)
        self._parquet.write_table(group)
        self._rows += len(rows)
        self._num_bytes += group.nbytes
        for row in rows:
            self._content.update(msgspec.json.encode(row, order="sorted") + b"\n")

    def _open(self) -> None:
        import pyarrow.parquet as pq

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("xb+")
        os.fchmod(self._file.fileno(), 0o644)
        self._parquet = pq.ParquetWriter(
            self._file,
            self._schema,
            use_content_defined_chunking=_cdc(),
            write_page_index=True,
        )


def _cdc() -> dict[str, int]:
    """Where pages are cut, so that a changed row changes few of them (the Hub stores by chunk)."""
    from datasets.config import DEFAULT_CDC_OPTIONS

    return dict(DEFAULT_CDC_OPTIONS)


def _array(values: Sequence[Any], type_: "pa.DataType") -> "pa.Array":
    """Turn values into an Arrow array, column by column; lists and structs are never null."""
    import pyarrow as pa

    if pa.types.is_list(type_):
        offsets = pa.array([0, *accumulate(map(len, values))], pa.int32())
        inner = _array(list(chain.from_iterable(values)), type_.value_type)
        return pa.ListArray.from_arrays(offsets, inner, type_)
    if pa.types.is_struct(type_):
        fields = list(type_)
        arrays = [_array(list(map(attrgetter(each.name), values)), each.type) for each in fields]
        return pa.StructArray.from_arrays(arrays, fields=fields)
    return pa.array(values, type=type_)

"""The same rows, read by others: `datasets` as a stream, pyarrow, pandas, polars and DuckDB.

It runs in the probe's process, without network. What they read must be what `datasets` loaded:
the same ids in the same order, and the same value in every column, spans and tokens included.
Rows are compared as they come, and not kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from balise.dataset.parquet import BATCH_SIZE, each_row
from balise.errors import first_line

Rows = Iterable[dict[str, Any]]

INSTALL = "pip install 'balise[release]'"


def _pyarrow(files: Sequence[str]) -> Rows:
    for file in files:
        yield from each_row(Path(file))


def _pandas(files: Sequence[str]) -> Rows:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # ships no types

    # `pandas.read_parquet` cannot read a file in parts; a part becomes a frame as its whole does.
    for file in files:
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(BATCH_SIZE):
                frame = batch.to_pandas()
                names = list(map(str, frame.columns))
                for values in frame.itertuples(index=False, name=None):
                    yield dict(zip(names, values, strict=True))


def _polars(files: Sequence[str]) -> Rows:
    import polars as pl

    for file in map(pl.scan_parquet, files):
        start = 0
        while not (rows := file.slice(start, BATCH_SIZE).collect()).is_empty():
            yield from rows.iter_rows(named=True)
            start += BATCH_SIZE


def _duckdb(files: Sequence[str]) -> Rows:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet($files)", {"files": list(files)})
        columns = [column[0] for column in found.description]
        while rows := found.fetchmany(BATCH_SIZE):
            yield from (dict(zip(columns, row, strict=True)) for row in rows)


ARROW = "pyarrow"
READERS: dict[str, Callable[[Sequence[str]], Rows]] = {
    ARROW: _pyarrow,
    "pandas": _pandas,
    "polars": _polars,
    "duckdb": _duckdb,
}


def library_problems(
    folder: Path, libraries: Iterable[str], loaded: Mapping[str, Mapping[str, Rows]]
) -> Iterator[str]:
    """Yield what each library reads otherwise than `datasets`, and libraries that are missing."""
    for name in libraries:
        try:
            __import__(name)
        except ImportError as error:
            yield (
                f"{name} cannot be imported ({first_line(error)}), so nobody knows what it reads; "
                f"{INSTALL}"
            )
            continue
        for config, splits in loaded.items():
            for split, expected in splits.items():
                files = [str(path) for path in sorted((folder / config).glob(f"{split}-*.parquet"))]
                place = f"{name}: {config}/{split}"
                try:
                    found = map(_plain, READERS[name](files))
                    differences = list(row_differences(place, found, expected))
                except Exception as error:  # every failure of theirs is the finding
                    yield f"{place} cannot be read ({type(error).__name__}: {first_line(error)})"
                    continue
                yield from differences


def stream_problems(
    folder: Path, names: Sequence[str], loaded: Mapping[str, Mapping[str, Rows]]
) -> Iterator[str]:
    """Yield what `datasets` reads otherwise with `streaming=True`."""
    from datasets import load_dataset

    for config in names:
        expected = loaded.get(config, {})
        try:
            streams = load_dataset(str(folder), config, streaming=True)
            differences = [
                difference
                for split in {**expected, **streams}
                for difference in row_differences(
                    f"streaming: {config}/{split}", streams.get(split, ()), expected.get(split, ())
                )
            ]
        except Exception as error:  # likewise
            yield f"streaming: {config} cannot be read ({type(error).__name__})"
            continue
        yield from differences


def row_differences(place: str, found: Rows, expected: Rows) -> Iterator[str]:
    """Yield the first difference of two readings: in an id, in columns, in a value, in number."""
    left, right = iter(found), iter(expected)
    for number, (row, other) in enumerate(zip_longest(left, right)):
        if row is None or other is None:
            more = number + 1 + sum(1 for _ in (right if row is None else left))
            has, not_ = (number, more) if row is None else (more, number)
            yield f"{place} has {has} rows, not {not_}; build the dataset again"
            return
        if row.get("id") != other.get("id"):
            yield f"{place}: row {row.get('id')} stands where {other.get('id')} should"
            return
        if differing := [name for name in {**other, **row} if row.get(name) != other.get(name)]:
            yield f"{place}, row {other.get('id')}: {', '.join(differing)} is not what was loaded"
            return
        if set(row) != set(other):
            yield f"{place}: its columns are {', '.join(row)}, not {', '.join(other)}"
            return


def _plain(value: Any) -> Any:  # noqa: ANN401  # arrays and missing values of any library
    """Turn a library's own values into lists, objects and null, as `datasets` gives them."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    # Only a missing value is unequal to itself.
    return None if value != value else value

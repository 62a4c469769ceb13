"""The same rows, read by others: `datasets` as a stream, pandas, polars and DuckDB.

It runs in the probe's process, without network. What they read must be what `datasets` loaded:
the same ids in the same order, and the same value in every column, spans and tokens included.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from balise.errors import first_line

Rows = list[dict[str, Any]]

INSTALL = "pip install 'balise[release]'"


def _pandas(files: Sequence[str]) -> Rows:
    import pandas as pd

    rows = [row for file in files for row in pd.read_parquet(file).to_dict("records")]
    return [{str(name): value for name, value in row.items()} for row in rows]


def _polars(files: Sequence[str]) -> Rows:
    import polars as pl

    return [row for file in files for row in pl.read_parquet(file).to_dicts()]


def _duckdb(files: Sequence[str]) -> Rows:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet($files)", {"files": list(files)})
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


READERS: dict[str, Callable[[Sequence[str]], Rows]] = {
    "pandas": _pandas,
    "polars": _polars,
    "duckdb": _duckdb,
}


def library_problems(
    folder: Path, libraries: Sequence[str], loaded: Mapping[str, Mapping[str, Rows]]
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
                    found = [_plain(row) for row in READERS[name](files)]
                except Exception as error:  # every failure of theirs is the finding
                    yield f"{place} cannot be read ({type(error).__name__}: {first_line(error)})"
                    continue
                yield from row_differences(place, found, expected)


def stream_problems(
    folder: Path, names: Sequence[str], loaded: Mapping[str, Mapping[str, Rows]]
) -> Iterator[str]:
    """Yield what `datasets` reads otherwise with `streaming=True`."""
    from datasets import load_dataset

    for config in names:
        try:
            streams = load_dataset(str(folder), config, streaming=True)
            found = {split: list(stream) for split, stream in streams.items()}
        except Exception as error:  # likewise
            yield f"streaming: {config} cannot be read ({type(error).__name__})"
            continue
        expected = loaded.get(config, {})
        for split in {**expected, **found}:
            rows = found.get(split, [])
            yield from row_differences(
                f"streaming: {config}/{split}", rows, expected.get(split, [])
            )


def row_differences(place: str, found: Rows, expected: Rows) -> Iterator[str]:
    """Yield the first difference of two readings: in number, in ids, in columns, in a value."""
    if len(found) != len(expected):
        yield f"{place} has {len(found)} rows, not {len(expected)}; build the dataset again"
        return
    for row, other in zip(found, expected, strict=True):
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

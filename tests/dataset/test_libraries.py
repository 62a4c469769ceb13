"""The same folder, read by other libraries: what they would see otherwise is found."""

import itertools
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from balise.cli.dataset import app
from balise.dataset.checks.libraries import READERS, row_differences
from balise.dataset.checks.loaded import load_offline
from dataset.damage import SPANS_TRAIN, STANDOFF_TEST
from dataset.project import Project

LIBRARIES = tuple(READERS)


def test_every_library_reads_a_fresh_build_alike(built: Project) -> None:
    loaded = load_offline(built.out, LIBRARIES)
    assert loaded.libraries == ()
    assert loaded.rows["spans"] == {"train": 2, "validation": 1}


def test_an_index_that_pandas_alone_believes_in_is_found(copy_of_built: Project) -> None:
    path = copy_of_built.out / SPANS_TRAIN
    table = pq.read_table(path)
    described = {"name": "id", "field_name": "id", "pandas_type": "unicode"}
    columns = [{**described, "numpy_type": "object", "metadata": None}]
    pandas = {"index_columns": ["id"], "columns": columns, "column_indexes": []}
    meta = {**table.schema.metadata, b"pandas": json.dumps(pandas).encode()}
    pq.write_table(table.replace_schema_metadata(meta), path)
    (problem,) = load_offline(copy_of_built.out, LIBRARIES).libraries
    assert problem == "pandas: spans/train: row None stands where neuf-a should"


def test_a_file_that_is_broken_is_found_by_the_stream_too(copy_of_built: Project) -> None:
    (copy_of_built.out / STANDOFF_TEST).write_bytes(b"PAR1 is not enough")
    found = load_offline(copy_of_built.out, ()).libraries
    assert len(found) == 1
    assert found[0].startswith("streaming: standoff cannot be read (")


def test_rows_that_the_stream_alone_shows_are_found(copy_of_built: Project) -> None:
    """The stream does not count: a wrong number in the card stops the other way to load only."""
    card = copy_of_built.out / "README.md"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("num_examples: 2", "num_examples: 7"), encoding="utf-8")
    found = load_offline(copy_of_built.out, ()).libraries
    assert any("streaming: spans/train has 2 rows, not 0" in problem for problem in found), found


@pytest.mark.parametrize(
    ("module", "body", "said"),
    [
        ("polars", "raise ModuleNotFoundError(\"No module named 'polars'\")",
         "polars cannot be imported (No module named 'polars'), so nobody knows what it reads; "
         "pip install 'balise[release]'"),
        ("duckdb", "def connect(): raise RuntimeError('no disk')",
         "duckdb: annotators/train cannot be read (RuntimeError: no disk)"),
        ("polars", "class scan_parquet:\n    def __init__(self, f): pass\n"
         "    def slice(self, start, n): return self\n    def collect(self): return self\n"
         "    def is_empty(self): return True",
         "polars: annotators/train has 0 rows, not 3; build the dataset again"),
    ],
)  # fmt: skip
def test_a_library_that_is_missing_fails_or_reads_less_is_told(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, body: str,
    said: str,
) -> None:  # fmt: skip
    (tmp_path / f"{module}.py").write_text(body, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    assert said in load_offline(built.out, (module,)).libraries


def test_a_library_that_is_missing_ends_the_check_with_1(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "polars.py").write_text("raise ModuleNotFoundError('no polars')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    done = CliRunner().invoke(app, ["check", str(built.out), *built.options, "--json"])
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert [run["name"] for run in said["checks"] if run["findings"]] == ["libraries"]
    (problem,) = said["problems"]
    assert problem.startswith("polars cannot be imported (no polars)")
    assert "pip install 'balise[release]'" in problem


ROW: dict[str, Any] = {"id": "a", "spans": [{"start": 0, "end": 4, "text": "Kiev"}]}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "x has 0 rows, not 1; build the dataset again"),
        ([{**ROW, "id": "b"}], "x: row b stands where a should"),
        ([{**ROW, "spans": [{"start": 0, "end": 4, "text": "Kyiv"}]}], "x, row a: spans is not"),
        ([{**ROW, "spans": None}], "x, row a: spans is not what was loaded"),
        ([{**ROW, "more": 1}], "x, row a: more is not what was loaded"),
        ([{**ROW, "more": None}], "x: its columns are id, spans, more, not id, spans"),
    ],
)
def test_each_difference_of_two_readings_is_named(found: list[dict[str, Any]], said: str) -> None:
    (problem,) = row_differences("x", found, [ROW])
    assert problem.startswith(said)


def test_two_equal_readings_have_none() -> None:
    assert list(row_differences("x", [ROW], [dict(ROW)])) == []


def test_readings_are_compared_as_they_come() -> None:
    """Rows without end would never be done with, were they kept."""
    found = ({"id": n} for n in itertools.count())
    expected = ({"id": n % 1000} for n in itertools.count())
    (problem,) = row_differences("x", found, expected)
    assert problem == "x: row 1000 stands where 0 should"

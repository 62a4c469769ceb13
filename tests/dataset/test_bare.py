"""Rows without text are read from a dataset's folder, and nothing else is needed."""

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from balise.dataset.rehydration.bare import Bare, bare_of_corpus, bare_of_dataset
from balise.errors import BaliseError
from balise.jsonl import write_jsonl
from dataset.project import Project
from markup import article

ROW = {"id": "a-1", "sha256": "0" * 64, "length": 9, "salt": "5", "spans": [], "more": 1}


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "standoff").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / "standoff" / "train.parquet")
    return folder


def test_the_rows_of_a_built_dataset_whose_text_is_not_in_it_are_found(built: Project) -> None:
    [row] = bare_of_dataset(built.out).values()
    assert (row.id, row.url, row.publishable) == ("neuf-d", "https://example.org/d", "standoff")
    assert row.spans is not None
    assert [span.label for span in row.spans] == ["LOCATION", "ARMED_GROUP"]


def test_the_corpus_gives_articles_without_hashes(built: Project) -> None:
    with pytest.raises(BaliseError, match="every article has its text here"):
        bare_of_corpus(built.corpus)


@pytest.mark.parametrize(
    "id_", ["../../x", "a/b", ".a", "a\nb", pytest.param("é" * 101, id="long")]
)
def test_an_id_of_the_corpus_that_leads_elsewhere_is_refused(tmp_path: Path, id_: str) -> None:
    bare = msgspec.structs.replace(article(id_, "Un texte."), text=None)
    write_jsonl(tmp_path / "a.jsonl", [bare])
    with pytest.raises(BaliseError, match="name of a file; give the article another id"):
        bare_of_corpus(tmp_path)


def test_columns_of_another_version_are_passed_over(tmp_path: Path) -> None:
    assert bare_of_dataset(write(tmp_path, ROW)) == {
        "a-1": Bare("a-1", "0" * 64, 9, salt="5", spans=())
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW, ROW], "'a-1' comes twice"),
        ([{**ROW, "id": "../../etc/x"}], "cannot be the name of a file"),
        ([{**ROW, "id": ".."}], "cannot be the name of a file"),
        ([{**ROW, "id": "a\x00b"}], "cannot be the name of a file"),
        ([{"id": "a-1", "length": 9}], "no stand-off rows .*sha256"),
        ([{**ROW, "publishable": "full"}], "every article has its text here"),
    ],
)
def test_rows_that_cannot_be_used_are_named(
    tmp_path: Path, rows: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(BaliseError, match=said):
        bare_of_dataset(write(tmp_path, *rows))


def test_a_folder_without_rows_and_a_broken_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match=r"no stand-off rows here \(standoff/\*\.parquet\)"):
        bare_of_dataset(tmp_path)
    (tmp_path / "standoff").mkdir()
    (tmp_path / "standoff" / "train.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(BaliseError, match=r"train\.parquet: cannot be read as Parquet"):
        bare_of_dataset(tmp_path)


@pytest.mark.parametrize(
    ("path", "of_a_file"),
    [
        (None, False),
        ("page.html", False),
        ("page.HTM", False),
        ("2016/01/x.txt", True),
        ("x", False),
    ],
)
def test_a_row_says_by_its_path_that_its_text_is_a_files(path: str | None, of_a_file: bool) -> None:
    assert Bare("a", "0", 1, path=path).is_of_a_file is of_a_file

"""DocBins of a dataset, read with spaCy."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import spacy
from spacy.tokens import DocBin
from typer.testing import CliRunner

from balise.cli.main import app
from balise.dataset.docbins import write_docbins
from balise.errors import BaliseError
from dataset.damage import SPANS_TRAIN, edit, restate
from dataset.project import Project, pairs, snapshot


def read(path: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    docs = DocBin().from_disk(path).get_docs(spacy.blank("fr").vocab)
    return [
        (doc.user_data["article"], [(each.text, each.label_) for each in doc.ents]) for doc in docs
    ]


def test_each_split_becomes_a_docbin_of_the_articles_whose_text_goes_out(
    built: Project, tmp_path: Path
) -> None:
    done = write_docbins(built.out, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ledger.json",
        "train.spacy",
        "validation.spacy",
    ]
    assert read(tmp_path / "train.spacy") == [
        (
            "neuf-a",
            [("armée ukrainienne", "MILITARY"), ("Kharkiv", "LOCATION"), ("mardi", "DATE")],
        ),
        ("neuf-b", [("missiles", "WEAPON"), ("10 000 déplacés", "CASUALTIES")]),
    ]
    assert read(tmp_path / "validation.spacy") == [("neuf-c", [])]
    assert (done.documents, done.spans) == (
        {"train": 2, "validation": 1},
        {"train": 5, "validation": 0},
    )
    assert (done.kept, done.snapped, done.dropped) == (4, 1, 0)
    ledger = json.loads((tmp_path / "ledger.json").read_bytes())
    assert (ledger["spans_in"], ledger["spans_out"]) == (5, 5)


def test_the_same_dataset_makes_the_same_bytes(built: Project, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_docbins(built.out, tmp_path / name)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "other")


def test_a_dataset_without_texts_or_with_a_broken_file_is_an_error(
    project: Project, tmp_path: Path
) -> None:
    project.write(pairs()[:3])
    project.build()
    path = project.out / "spans" / "train-00000-of-00001.parquet"
    path.write_bytes(b"PAR1")
    restate(project.out)
    with pytest.raises(BaliseError, match=r"train-.*parquet: cannot be read as Parquet"):
        write_docbins(project.out, tmp_path / "out")
    project.write(pairs()[3:])
    project.build()
    with pytest.raises(BaliseError, match="has no config spans: no text goes out"):
        write_docbins(project.out, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": None}, "row neuf-a: is no row of a dataset"),
        ({"spans": None}, "row neuf-a: is no row of a dataset"),
        ({"spans": [{"start": 5, "end": 3, "label": "DATE", "text": ""}]}, "is empty, reversed"),
        ({"spans": [{"start": 5, "end": 3000, "label": "DATE", "text": ""}]}, "ends outside"),
    ],
)
def test_a_row_that_is_none_is_named(
    copy_of_built: Project, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows[0].update(change))
    restate(copy_of_built.out)
    with pytest.raises(BaliseError, match=said):
        write_docbins(copy_of_built.out, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_dataset_that_is_not_what_its_manifest_says_is_refused(
    copy_of_built: Project, tmp_path: Path
) -> None:
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows.pop())
    with pytest.raises(BaliseError, match=f"is not what its manifest says: {SPANS_TRAIN} is not"):
        write_docbins(copy_of_built.out, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_split_of_several_files_is_one_docbin(copy_of_built: Project, tmp_path: Path) -> None:
    whole = write_docbins(copy_of_built.out, tmp_path / "whole")
    path = copy_of_built.out / SPANS_TRAIN
    rows = pq.read_table(path)
    for number in range(rows.num_rows):
        shard = path.with_name(f"train-{number:05}-of-{rows.num_rows:05}.parquet")
        pq.write_table(rows.slice(number, 1), shard)
    path.unlink()
    restate(copy_of_built.out)
    parted = write_docbins(copy_of_built.out, tmp_path / "parted")
    assert (parted.documents, parted.spans) == (whole.documents, whole.spans)
    assert snapshot(tmp_path / "parted") == snapshot(tmp_path / "whole")


def test_a_docbin_of_a_split_that_the_dataset_lacks_does_not_stand_beside_its_own(
    built: Project, tmp_path: Path
) -> None:
    (tmp_path / "dev.spacy").touch()
    with pytest.raises(BaliseError, match=r"dev\.spacy: is of another dataset than this one"):
        write_docbins(built.out, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["dev.spacy"]


def test_the_command_says_what_it_wrote(built: Project, tmp_path: Path) -> None:
    call = ["dataset", "docbin", str(built.out), f"--out={tmp_path / 'b'}"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    assert "train.spacy: 2 documents, 5 spans" in result.output
    assert "4 kept, 1 snapped, 0 dropped" in result.output
    assert json.loads(CliRunner().invoke(app, [*call, "--json"]).output)["spans"]["train"] == 5

"""What readers left undecided becomes a batch for the adjudicator, which never shrinks."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from annotations.small_project import SENTENCES, Project
from balise.batches import load_batch, load_rows, reading_comments
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Article
from markup import annotated, markup

KIEV = SENTENCES["a-kiev"]
OTHER = "😀 [Tirs](EVENT) à [Kiev](LOCATION) : [trois civils tués](CASUALTIES) [mardi](DATE)."
GAO = SENTENCES["b-gao"]
GAO_MINALO = "L’[ONU](GOVERNMENT) quitte [Gao](LOCATION)."
FOLDER = Path("build/tasks/b1.adjudication")
MAKE = ("adjudicate", "b1", "--no-push")


@pytest.fixture
def differing(project: Project) -> Project:
    """Let two readers differ on Kiev and agree on Gao."""
    (project.annotations / "guidelines.fr.md").write_text("# Consignes\n", encoding="utf-8")
    project.add_reading("b1", "anne", {"a-kiev": KIEV, "b-gao": GAO}, comments=("mardi ?",))
    project.add_reading("b1", "bruno", {"a-kiev": OTHER, "b-gao": GAO})
    return project


def rows() -> list[dict[str, Any]]:
    lines = (FOLDER / "adjudication-001.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line) for line in lines]


def shown(row: dict[str, Any]) -> dict[str, Sequence[str]]:
    readings: dict[str, Sequence[str]] = row["meta"]["readings"]
    return readings


def test_only_what_is_undecided_is_there_with_the_agreed_spans_set(differing: Project) -> None:
    made = differing.json(*MAKE)
    assert (made["undecided"], made["added"]) == (["a-kiev"], ["a-kiev"])
    (row,) = rows()
    assert row["meta"]["article"] == "a-kiev"
    assert row["text"] == markup(KIEV)[0]
    units = row["text"].encode("utf-16-le")
    assert [
        (units[2 * start : 2 * end].decode("utf-16-le"), label)
        for start, end, label in row["label"]
    ] == [("Kiev", "LOCATION"), ("mardi", "DATE")]


def test_each_row_says_what_each_reader_marked_that_not_all_did(differing: Project) -> None:
    differing.add_reading(
        "b2", "chloe", {"a-kiev": "😀 Tirs à [Kiev](LOCATION) : trois civils tués [mardi](DATE)."}
    )
    differing.run(*MAKE)
    (row,) = rows()
    assert shown(row) == {
        "anne": ["« trois civils » CASUALTIES 16–28", "commentaire : mardi ?"],
        "bruno": ["« Tirs » EVENT 2–6", "« trois civils tués » CASUALTIES 16–33"],
        "chloe": ["—"],
    }
    batch = load_batch(FOLDER)
    (task,) = load_rows(FOLDER, batch, "adjudication")
    assert reading_comments(task.meta) == [
        "anne : « trois civils » CASUALTIES 16–28 ; commentaire : mardi ?",
        "bruno : « Tirs » EVENT 2–6 ; « trois civils tués » CASUALTIES 16–33",
        "chloe : —",
    ]


def test_a_reader_who_read_twice_and_differently_is_shown_twice(differing: Project) -> None:
    differing.add_reading("b2", "anne", {"a-kiev": OTHER})
    differing.run(*MAKE)
    assert list(shown(rows()[0])) == ["anne", "anne (2)", "bruno"]


def test_spans_over_line_ends_and_no_break_spaces_are_shown_in_one_line(project: Project) -> None:
    marked = "La «\u00a0[force\nBarkhane](MILITARY)\u00a0» part."
    project.add_articles(annotated("d-1", marked)[0])
    project.add_reading("b1", "anne", {"d-1": marked}, comments=("un\nnom\u00a0?",))
    project.add_reading("b1", "bruno", {"d-1": markup(marked)[0]})
    project.run(*MAKE)
    assert shown(rows()[0])["anne"] == [
        "« force Barkhane » MILITARY 5–19",
        "commentaire : un nom ?",
    ]


def test_the_folder_is_a_batch_of_one_annotator_with_labels_and_guideline(
    differing: Project,
) -> None:
    differing.run(*MAKE)
    batch = load_batch(FOLDER)
    assert (batch.batch, list(batch.annotators)) == ("b1", ["adjudication"])
    assert batch.annotators["adjudication"].articles == ("a-kiev",)
    assert (FOLDER / "guideline.md").read_text(encoding="utf-8") == "# Consignes\n"
    names = [label["text"] for label in json.loads((FOLDER / "labels.json").read_bytes())]
    assert "ARMED_GROUP" in names


def test_run_twice_it_changes_no_file(differing: Project) -> None:
    differing.run(*MAKE)
    before = differing.files()
    assert differing.json(*MAKE)["added"] == []
    assert differing.files() == before


def test_it_grows_and_what_is_decided_meanwhile_stays(differing: Project) -> None:
    differing.run(*MAKE)
    before = rows()
    differing.add_reading("b1", "adjudication", {"a-kiev": OTHER})
    for annotator in ("chloe", "denis"):
        differing.add_reading("b2", annotator, {"b-gao": GAO_MINALO}, comments=(annotator,))
    made = differing.json(*MAKE)
    assert (made["undecided"], made["added"]) == (["b-gao"], ["b-gao"])
    assert made["articles"] == ["a-kiev", "b-gao"]
    assert rows()[0] == before[0]
    assert len(load_rows(FOLDER, load_batch(FOLDER), "adjudication")) == 2


def test_a_row_shows_the_readings_of_today(differing: Project) -> None:
    differing.run(*MAKE)
    differing.add_reading("b1", "bruno", {"a-kiev": KIEV.replace("[mardi](DATE)", "mardi")})
    differing.run(*MAKE)
    assert shown(rows()[0])["bruno"] == ["—"]


def test_articles_that_nobody_reads_any_more_stay(differing: Project) -> None:
    differing.run(*MAKE)
    before = rows()
    differing.add_reading("b1", "anne", {"b-gao": GAO})
    differing.add_reading("b1", "bruno", {"b-gao": GAO_MINALO})
    assert differing.json(*MAKE)["articles"] == ["a-kiev", "b-gao"]
    assert rows()[0] == before[0]


def test_where_all_agree_nothing_is_made(project: Project) -> None:
    project.add_reading("b1", "anne", {"b-gao": GAO})
    assert project.json("adjudicate", "b1")["undecided"] == []
    assert not FOLDER.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": "b2"}, "is not the adjudication of b1"),
        ({"annotators": {"anne": {"files": [], "articles": []}}}, "is not the adjudication of b1"),
        ({"labels": "0.0.1"}, "made with label scheme 0.0.1"),
    ],
)
def test_a_folder_that_holds_something_else_is_left_alone(
    differing: Project, change: dict[str, object], message: str
) -> None:
    differing.run(*MAKE)
    path = FOLDER / "batch.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), encoding="utf-8")
    assert message in differing.refuses(*MAKE)


def test_a_folder_whose_making_was_cut_off_is_made_again(differing: Project) -> None:
    differing.run(*MAKE)
    before = (FOLDER / "batch.json").read_bytes()
    differing.add_reading("b1", "anne", {"a-kiev": KIEV, "b-gao": GAO})
    differing.add_reading("b1", "bruno", {"a-kiev": KIEV, "b-gao": GAO_MINALO})
    differing.run(*MAKE)
    whole = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert whole["batch.json"] != before
    (FOLDER / "batch.json").write_bytes(before)
    differing.run(*MAKE)
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == whole


def test_an_article_whose_text_changed_is_refused(differing: Project) -> None:
    differing.run(*MAKE)
    articles = read_jsonl(differing.corpus / "test.jsonl", Article)
    changed, _ = annotated("a-kiev", "Autre chose.")
    write_jsonl(differing.corpus / "test.jsonl", [changed, *articles[1:]])
    for annotator in ("anne", "bruno"):
        differing.add_reading("b1", annotator, {"b-gao": GAO})
    assert "the text changed under its spans" in differing.refuses(*MAKE)


def test_a_text_that_is_not_here_is_named(differing: Project) -> None:
    articles = read_jsonl(differing.corpus / "test.jsonl", Article)
    standoff = Article("a-kiev", None, articles[0].sha256, articles[0].length, "nfc-lf")
    write_jsonl(differing.corpus / "test.jsonl", [standoff, *articles[1:]])
    assert "bring it with `balise dataset rehydrate" in differing.refuses(*MAKE)


@pytest.mark.parametrize(
    ("batch", "code", "message"),
    [
        ("b1.adjudication", 2, "is not a name"),
        ("../b1", 2, "is not a name"),
        ("b9", 1, "no annotator's readings here"),
    ],
)
def test_a_batch_that_cannot_be_meant_is_refused(
    differing: Project, batch: str, code: int, message: str
) -> None:
    assert message in differing.refuses("adjudicate", batch, "--no-push", code=code)


def test_readings_at_fault_stop_it(differing: Project) -> None:
    differing.add_reading("b2", "chloe", {"b-gao": "L’[ONU](ONG) quitte Gao."})
    assert "problems in the readings" in differing.refuses(*MAKE)

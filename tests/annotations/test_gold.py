import json

import pytest

from annotations.small_project import SENTENCES, Project
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Gold
from markup import article, markup

KIEV = SENTENCES["a-kiev"]
KIEV_BARE = "😀 Tirs à [Kiev](LOCATION) : trois civils tués mardi."
KIEV_EVENT = "😀 [Tirs](EVENT) à [Kiev](LOCATION) : [trois civils](CASUALTIES) tués [mardi](DATE)."
KIEV_TIRS = "😀 [Tirs](EVENT) à [Kiev](LOCATION) : trois civils tués [mardi](DATE)."


def read_kiev(project: Project, **readers: str) -> None:
    for annotator, marked in readers.items():
        project.add_reading("b1", annotator, {"a-kiev": marked})


def gold_of(project: Project) -> list[Gold]:
    return read_jsonl(project.annotations / "gold.jsonl", Gold)


@pytest.mark.parametrize(
    ("readers", "decision", "decided"),
    [
        ({"anne": KIEV}, "single", KIEV),
        ({"anne": KIEV, "bruno": KIEV}, "agreed", KIEV),
        ({"anne": KIEV, "bruno": KIEV_BARE, "chloe": KIEV}, "majority", KIEV),
        ({"anne": KIEV, "bruno": KIEV_BARE, "adjudication": KIEV_EVENT}, "adjudicated", KIEV_EVENT),
        ({"anne": KIEV, "bruno": KIEV, "adjudication": KIEV_BARE}, "adjudicated", KIEV_BARE),
    ],
)
def test_readings_decide_gold(
    project: Project, readers: dict[str, str], decision: str, decided: str
) -> None:
    read_kiev(project, **readers)
    assert project.run("gold").exit_code == 0
    (record,) = gold_of(project)
    assert record.decision == decision
    assert record.spans == markup(decided)[1]
    assert record.annotators == tuple(sorted(readers.keys() - {"adjudication"}))


@pytest.mark.parametrize(
    "readers",
    [
        {"anne": KIEV, "bruno": KIEV_BARE},
        {"anne": KIEV, "bruno": KIEV_BARE, "chloe": KIEV_EVENT},
        {"anne": KIEV, "bruno": KIEV, "chloe": KIEV_BARE, "denis": KIEV_BARE},
        {"anne": KIEV, "bruno": KIEV, "chloe": KIEV_BARE, "denis": KIEV_EVENT},
    ],
)
def test_without_a_strict_majority_of_three_an_article_is_left_out(
    project: Project, readers: dict[str, str]
) -> None:
    read_kiev(project, **readers)
    project.add_reading("b2", "anne", {"b-gao": SENTENCES["b-gao"]})
    assert project.json("gold")["disagreements"] == ["a-kiev"]
    assert [record.article for record in gold_of(project)] == ["b-gao"]


def test_a_disagreement_shows_each_sides_differing_spans(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_TIRS)
    project.run("gold")
    (line,) = (project.root / "build/annotations/disagreements.jsonl").read_text().splitlines()
    readings = json.loads(line)["readings"]
    assert [
        (reading["annotator"], [span["label"] for span in reading["spans"]]) for reading in readings
    ] == [("anne", ["CASUALTIES"]), ("bruno", ["EVENT"])]


def test_disagreements_that_were_settled_are_listed_no_more(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_BARE)
    project.run("gold")
    read_kiev(project, adjudication=KIEV)
    project.run("gold")
    assert (project.root / "build/annotations/disagreements.jsonl").read_bytes() == b""


def test_an_adjudicators_comments_become_the_reason(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_BARE)
    project.add_reading(
        "b1", "adjudication", {"a-kiev": KIEV}, comments=("civils comptés", "mardi est une date")
    )
    project.run("gold")
    assert gold_of(project)[0].reason == "civils comptés; mardi est une date"


def test_a_majority_says_how_large_it_was(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_BARE, chloe=KIEV)
    project.run("gold")
    assert gold_of(project)[0].reason == "2 of 3 readings"


def test_readings_of_two_batches_count_together(project: Project) -> None:
    project.add_reading("b1", "anne", {"a-kiev": KIEV})
    project.add_reading("b2", "bruno", {"a-kiev": KIEV})
    project.run("gold")
    (record,) = gold_of(project)
    assert (record.decision, record.annotators) == ("agreed", ("anne", "bruno"))


def test_one_reader_twice_is_one_reader(project: Project) -> None:
    project.add_reading("b1", "anne", {"a-kiev": KIEV})
    project.add_reading("b2", "anne", {"a-kiev": KIEV, "b-gao": SENTENCES["b-gao"]})
    project.run("gold")
    assert [record.decision for record in gold_of(project)] == ["single", "single"]


def test_unconfirmed_readings_take_no_part_and_are_counted(project: Project) -> None:
    read_kiev(project, anne=KIEV)
    unread = {"a-kiev": KIEV_BARE, "c-rien": SENTENCES["c-rien"]}
    project.add_reading("b1", "bruno", unread, confirmed=False)
    assert project.json("gold")["unconfirmed"] == 2
    assert [(record.article, record.decision) for record in gold_of(project)] == [
        ("a-kiev", "single")
    ]


def test_a_confirmed_empty_reading_is_gold(project: Project) -> None:
    project.add_reading("b1", "anne", {"c-rien": SENTENCES["c-rien"]})
    project.run("gold")
    assert gold_of(project)[0].spans == ()


def test_gold_again_is_the_same_and_readings_stay_as_they_are(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_BARE)
    project.add_reading("b2", "anne", SENTENCES)
    readings = project.files()
    project.run("gold")
    before = project.files()
    project.run("gold")
    assert project.files() == before
    assert readings.items() <= before.items()


def test_nothing_confirmed_is_refused(project: Project) -> None:
    project.add_reading("b1", "anne", SENTENCES, confirmed=False)
    assert "none of 3 readings is confirmed" in project.refuses("gold")


def test_a_broken_reading_stops_gold(project: Project) -> None:
    project.add_reading("b1", "anne", {"a-kiev": "😀 Tirs à [Kiev ](LIEU)"})
    message = project.refuses("gold")
    assert "made on another text" in message
    assert "balise annotations check" in message


def test_two_adjudications_that_differ_stop_gold(project: Project) -> None:
    project.add_reading("b1", "adjudication", {"a-kiev": KIEV})
    project.add_reading("b2", "adjudication", {"a-kiev": KIEV_BARE})
    assert "two batches adjudicate it differently" in project.refuses("gold")


@pytest.mark.parametrize(
    "targets",
    [
        ("--out", "annotations/b1/anne.jsonl"),
        ("--disagreements", "annotations/b1/anne.jsonl"),
        ("--out", "x.jsonl", "--disagreements", "./x.jsonl"),
    ],
)
def test_gold_takes_no_other_files_place(project: Project, targets: tuple[str, ...]) -> None:
    read_kiev(project, anne=KIEV)
    assert "name another" in project.refuses("gold", *targets, code=2)


def test_a_decision_made_in_gold_itself_is_not_lost(project: Project) -> None:
    read_kiev(project, anne=KIEV, bruno=KIEV_BARE)
    project.add_reading("b2", "anne", {"b-gao": SENTENCES["b-gao"]})
    project.run("gold")
    spans = markup(KIEV_TIRS)[1]
    sha256 = article("a-kiev", markup(KIEV)[0]).sha256
    decided = Gold("a-kiev", sha256, ("anne", "bruno"), "adjudicated", "passe", spans)
    write_jsonl(project.annotations / "gold.jsonl", [decided, *gold_of(project)])
    assert project.run("check").exit_code == 0
    assert "decided in gold itself and would be lost: a-kiev" in project.refuses("gold")
    read_kiev(project, adjudication=KIEV_TIRS)
    assert project.run("gold").exit_code == 0
    assert gold_of(project)[0].spans == spans

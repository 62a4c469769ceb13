import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.small_project import ROOT, Project, surfaces
from balise.jsonl import read_jsonl
from balise.records import Annotation, Article
from balise.text import NORMALISATION, sha256
from markup import article

BRAT = ROOT / "tests" / "data" / "annotations" / "brat"
MALI = (BRAT / "mali.txt").read_text(encoding="utf-8")

Import = Callable[..., list[str | Path]]


@pytest.fixture
def mali(empty: Project) -> Project:
    empty.add_articles(article("mali", MALI))
    return empty


def write_pair(project: Project, lines: str, text: str = MALI) -> Path:
    project.write("brat/doc.txt", text)
    return project.write("brat/doc.ann", lines)


def test_the_outermost_of_nested_spans_stays_even_across_a_line_end(
    mali: Project, import_file: Import
) -> None:
    assert mali.run(*import_file("brat", BRAT)).exit_code == 0
    assert surfaces(mali) == {
        "mali": ["armée\nmalienne/MILITARY", "Minusma/MILITARY", "ONU/ORGANIZATION"]
    }


def test_what_flat_spans_cannot_hold_is_dropped_with_a_reason(
    mali: Project, import_file: Import
) -> None:
    assert mali.json(*import_file("brat", BRAT))["set_aside"] == 1
    ledger = json.loads((mali.annotations / "b1" / "anne.ledger.json").read_text())
    assert (ledger["spans_in"], ledger["spans_out"], ledger["dropped"]) == (5, 3, 2)
    assert {entry["label"]: entry["reason"] for entry in ledger["entries"]} == {
        "PERSON": "discontinuous",
        "LOCATION": "nested in 'armée\\nmalienne' (MILITARY 26-40)",
    }


def test_notes_become_comments(mali: Project, import_file: Import) -> None:
    mali.run(*import_file("brat", BRAT / "mali.ann"))
    (reading,) = read_jsonl(mali.annotations / "b1" / "anne.jsonl", Annotation)
    assert reading.comments == ("mission close en 2023",)


def test_the_text_file_serves_a_stand_off_article(empty: Project, import_file: Import) -> None:
    empty.add_articles(Article("mali", None, sha256(MALI), len(MALI), NORMALISATION))
    assert empty.json(*import_file("brat", BRAT))["articles"] == 1


def test_a_span_inside_a_nested_one_is_dropped_too(mali: Project, import_file: Import) -> None:
    file = write_pair(
        mali,
        "T1\tMILITARY 8 31\td’état-major de l’armée\nT2\tMILITARY 10 20\tétat-major\n"
        "T3\tMILITARY 10 14\tétat\n",
    )
    assert mali.json(*import_file("brat", file))["ledger"]["dropped"] == 2
    assert surfaces(mali) == {"mali": ["d’état-major de l’armée/MILITARY"]}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("T1\tMILITARY 51 58\tMINUSMA", "is 'MINUSMA' in the annotation file"),
        ("T1\tMILITARY 51 580\tMinusma", "ends outside its text"),
        ("T1\tMILITARY 58 51\tMinusma", "reversed"),
        ("T1\tMILITARY 51\tMinusma", "no text-bound annotation"),
        ("Minusma", "no brat annotation"),
    ],
)
def test_a_line_that_breaks_a_rule_stops_the_import_there(
    mali: Project, import_file: Import, line: str, problem: str
) -> None:
    file = write_pair(mali, f"T0\tORGANIZATION 64 67\tONU\n{line}\n")
    message = mali.refuses(*import_file("brat", file))
    assert f"{file}:2:" in message
    assert problem in message


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("T1\tMILITARY 26 40\tarmée malienne\nT2\tEVENT 32 47\tmalienne accuse\n", "overlaps"),
        ("T1\tFORCE 51 58\tMinusma\n", "'FORCE'"),
    ],
)
def test_spans_that_are_not_flat_or_not_ours_stop_the_import(
    mali: Project, import_file: Import, lines: str, problem: str
) -> None:
    file = write_pair(mali, lines)
    message = mali.refuses(*import_file("brat", file))
    assert str(file) in message
    assert problem in message


def test_another_text_than_the_articles_stops_the_import(
    mali: Project, import_file: Import
) -> None:
    file = write_pair(mali, "", MALI + "\n")
    assert "no article of the corpus has this text" in mali.refuses(*import_file("brat", file))


def test_a_folder_without_annotations_stops_the_import(mali: Project, import_file: Import) -> None:
    assert "no .ann file" in mali.refuses(*import_file("brat", mali.corpus))


def test_a_missing_text_file_stops_the_import(mali: Project, import_file: Import) -> None:
    file = mali.write("brat/alone.ann", "")
    assert "alone.txt: cannot be read" in mali.refuses(*import_file("brat", file))


def test_of_two_labels_on_one_range_the_first_line_s_stays(
    mali: Project, import_file: Import
) -> None:
    file = write_pair(mali, "T1\tORGANIZATION 64 67\tONU\nT2\tMILITARY 64 67\tONU\n")
    assert mali.json(*import_file("brat", file))["ledger"]["dropped"] == 1
    assert surfaces(mali) == {"mali": ["ONU/ORGANIZATION"]}


def test_invisible_characters_that_only_the_text_has_do_not_part_it_from_its_annotations(
    empty: Project, import_file: Import
) -> None:
    text = "La Minusma\u200f quitte Gao."
    empty.add_articles(article("gao", text))
    file = write_pair(empty, "T1\tMILITARY 3 11\tMinusma\n", text)
    assert empty.run(*import_file("brat", file)).exit_code == 0


def test_a_text_that_nobody_annotated_is_not_confirmed(mali: Project, import_file: Import) -> None:
    assert mali.json(*import_file("brat", write_pair(mali, "")))["unconfirmed"] == 1
    (reading,) = read_jsonl(mali.annotations / "b1" / "anne.jsonl", Annotation)
    assert not reading.confirmed


def test_an_offset_of_thousands_of_digits_is_refused(mali: Project, import_file: Import) -> None:
    file = write_pair(mali, f"T1\tLOCATION {'9' * 5000} 3\tGao\n")
    assert "is no text-bound annotation" in mali.refuses(*import_file("brat", file))


def test_nested_spans_all_stay_where_the_scheme_lets_them_overlap(
    mali: Project, import_file: Import
) -> None:
    mali.nest()
    assert mali.run(*import_file("brat", BRAT)).exit_code == 0
    assert surfaces(mali) == {
        "mali": [
            "armée\nmalienne/MILITARY",
            "malienne/LOCATION",
            "Minusma/MILITARY",
            "ONU/ORGANIZATION",
        ]
    }
    ledger = json.loads((mali.annotations / "b1" / "anne.ledger.json").read_text())
    assert [entry["reason"] for entry in ledger["entries"]] == ["discontinuous"]

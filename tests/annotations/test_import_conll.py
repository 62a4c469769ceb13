from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.small_project import ROOT, Project, surfaces

DATA = ROOT / "tests" / "data" / "annotations"

Import = Callable[..., list[str | Path]]


def test_tokens_meet_their_article_by_its_id_or_by_its_text(
    project: Project, import_file: Import
) -> None:
    result = project.run(*import_file("conll", DATA / "iob2.conll"))
    assert result.exit_code == 0
    assert surfaces(project) == {
        "a-kiev": ["Kiev/LOCATION", "trois civils/CASUALTIES", "mardi/DATE"],
        "b-gao": ["ONU/ORGANIZATION", "Gao/LOCATION"],
    }


def test_bilou_is_read_and_a_file_without_marker_is_one_document(
    project: Project, import_file: Import
) -> None:
    project.run(*import_file("conll", DATA / "bilou.conll"))
    assert surfaces(project) == {
        "a-kiev": ["Kiev/LOCATION", "trois civils/CASUALTIES", "mardi/DATE"]
    }


def test_touching_spans_of_one_label_stay_two(project: Project, import_file: Import) -> None:
    file = project.write(
        "a.conll", "L’ O\nONU B-LOCATION\nquitte B-LOCATION\nGao I-LOCATION\n. O\n"
    )
    project.run(*import_file("conll", file))
    assert surfaces(project) == {"b-gao": ["ONU/LOCATION", "quitte Gao/LOCATION"]}


def test_a_no_break_space_in_the_text_is_no_obstacle(project: Project, import_file: Import) -> None:
    file = project.write("a.conll", "Rien à signaler , sauf la pluie .".replace(" ", " O\n") + " O")
    project.run(*import_file("conll", file))
    assert surfaces(project) == {"c-rien": []}


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("L’ O\nONU I-ORGANIZATION\n", 2, "IOB1"),
        ("L’ B-DATE\nONU I-ORGANIZATION\n", 2, "does not continue"),
        ("L’ B-DATE\n\nONU I-DATE\n", 3, "does not continue"),
        ("L’ O\nONU E-ORGANIZATION\n", 2, "'E'"),
        ("L’ U-DATE\nONU B-ORGANIZATION\nquitte O\n", 2, "no L-ORGANIZATION"),
        ("L’ U-DATE\nONU B-ORGANIZATION\n", 2, "no L-ORGANIZATION"),
        ("L’ O\nONU\n", 2, "no token and tag"),
        ("L’ O\nONU ORGANIZATION\n", 2, "no tag"),
        ("L’ O\nONU B-\n", 2, "no tag"),
        ("L’ O\nONU O-DATE\n", 2, "no tag"),
        ("# article = b-gao\nL’ O\nONU B-LIEU\nquitte O\nGao O\n. O\n", 1, "'LIEU'"),
        ("# article = b-gao\nL’ O\nOTAN O\n", 1, "'L’OTAN'"),
        ("# article = b-gao\nL’ O\nONU O\n", 1, "'L’ONUquitteGao.'"),
        ("# article = z\nL’ O\n", 1, "article z is not in the corpus"),
        ("# article = b-gao\n\n# article = a-kiev\n", 1, "no tokens"),
        ("Autre O\ntexte O\n", 1, "no article of the corpus"),
    ],
)
def test_a_file_that_breaks_a_rule_stops_at_its_line(
    project: Project, import_file: Import, content: str, line: int, problem: str
) -> None:
    file = project.write("a.conll", content)
    message = project.refuses(*import_file("conll", file))
    assert f"{file}:{line}:" in message
    assert problem in message


def test_another_encoding_is_named_with_its_line(project: Project, import_file: Import) -> None:
    file = project.write("a.conll", "L’ O\nONU O\nécarte O\n".encode("cp1252"))
    message = project.refuses(*import_file("conll", file))
    assert f"{file}:1: byte 0x92" in message

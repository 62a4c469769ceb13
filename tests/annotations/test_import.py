from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from annotations.small_project import Project, surfaces
from markup import article

Import = Callable[..., list[str | Path]]

GAO = "L’ O\nONU B-ORG\nquitte O\nGao B-LOCATION\n. O\n"
MAP = ("--map", "ORG=ORGANIZATION")


@pytest.fixture
def gao(project: Project) -> Path:
    return project.write("gao.conll", GAO)


def test_a_label_is_renamed_on_the_way_in(project: Project, gao: Path, import_file: Import) -> None:
    project.run(*import_file("conll", gao, *MAP))
    assert surfaces(project) == {"b-gao": ["ONU/ORGANIZATION", "Gao/LOCATION"]}


def test_the_same_import_again_changes_nothing_and_says_so(
    project: Project, gao: Path, import_file: Import
) -> None:
    first = project.json(*import_file("conll", gao, *MAP))
    before = project.files()
    again = project.json(*import_file("conll", gao, *MAP))
    assert (first["unchanged"], again["unchanged"]) == (False, True)
    assert project.files() == before


def test_other_readings_replace_a_frozen_file_only_when_asked_to(
    project: Project, gao: Path, import_file: Import
) -> None:
    project.run(*import_file("conll", gao, *MAP))
    other = project.write("other.conll", GAO.replace("B-LOCATION", "O"))
    assert "frozen" in project.refuses(*import_file("conll", other, *MAP))
    assert project.run(*import_file("conll", other, *MAP, "--replace")).exit_code == 0
    assert surfaces(project) == {"b-gao": ["ONU/ORGANIZATION"]}


def test_readings_are_sorted_by_article(project: Project, import_file: Import) -> None:
    rien = "Rien O\nà O\nsignaler, O\nsauf O\nla O\npluie. O\n"
    file = project.write("two.conll", f"# article = c-rien\n{rien}\n# article = b-gao\n{GAO}")
    project.run(*import_file("conll", file, *MAP))
    assert list(surfaces(project)) == ["b-gao", "c-rien"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (("--map", "ORG"), "'ORG' is not OLD=NEW"),
        (("--map", "ORG=ORGANISATION"), "'ORGANISATION' is not in the label scheme"),
        (("--map", "ORG=ORGANIZATION", "--map", "ORG=MILITARY"), "comes twice"),
        (("--offsets", "utf16"), "means nothing for conll"),
        (("--approved",), "means nothing for conll"),
        (("--batch", "../b1"), "cannot be a file's name"),
        (("--annotator", "anne/bruno"), "cannot be a file's name"),
        (("--annotator", ""), "cannot be a file's name"),
    ],
)
def test_a_wrong_call_is_refused_as_one(
    project: Project, gao: Path, import_file: Import, more: tuple[str, ...], problem: str
) -> None:
    assert problem in project.refuses(*import_file("conll", gao, *more), code=2)


def test_an_unknown_label_is_named_with_the_remedy(
    project: Project, gao: Path, import_file: Import
) -> None:
    message = project.refuses(*import_file("conll", gao))
    assert f"{gao}:1: label 'ORG' is not in the label scheme" in message
    assert "--map OLD=NEW" in message


def test_an_empty_corpus_is_refused(empty: Project, import_file: Import) -> None:
    file = empty.write("gao.conll", GAO)
    assert "no articles here" in empty.refuses(*import_file("conll", file, *MAP))


def test_tokens_of_a_stand_off_article_without_text_are_refused(
    empty: Project, import_file: Import
) -> None:
    empty.add_articles(replace(article("b-gao", "L’ONU quitte Gao."), text=None))
    file = empty.write("gao.conll", f"# article = b-gao\n{GAO}")
    assert "stand-off" in empty.refuses(*import_file("conll", file, *MAP))


def test_a_folder_that_cannot_be_written_leaves_no_half(
    project: Project, gao: Path, import_file: Import
) -> None:
    project.write("annotations/b1", "a file where the batch's folder should be")
    assert "cannot be written" in project.refuses(*import_file("conll", gao, *MAP))

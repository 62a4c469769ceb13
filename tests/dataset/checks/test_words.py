"""Words of articles that stay behind, wherever they are put."""

from typing import Any

import msgspec
import pytest

from balise.withdrawn import Withdrawal, write_withdrawn
from dataset.damage import READINGS_TEST, SPANS_TRAIN, STANDOFF_TEST, edit, find
from dataset.project import HIDDEN, Project, pairs
from markup import markup

SENTENCE = markup(HIDDEN)[0]
LONG = "Une phrase que personne ici ne connaît, et qui pourrait venir de n'importe où. " * 3


def test_a_fresh_build_has_no_problem(built: Project) -> None:
    for check in ("leaks", "hashes", "withdrawn"):
        assert find(built, check) == []


@pytest.mark.parametrize("name", ["CHANGELOG.md", ".notes", "croissant.json", "figures/plot.svg"])
def test_a_text_is_found_in_any_file_whatever_its_name(copy_of_built: Project, name: str) -> None:
    path = copy_of_built.out / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"« {SENTENCE} »", encoding="utf-8")
    problem = f"{name} quotes neuf-d, which is stand-off; take the words out"
    assert find(copy_of_built, "leaks") == [problem]


def test_a_withheld_text_is_found_too(copy_of_built: Project) -> None:
    (copy_of_built.out / "NOTES").write_text("On lit : Texte retenu à Alep.", encoding="utf-8")
    (problem,) = find(copy_of_built, "leaks")
    assert problem.startswith("NOTES quotes neuf-e, which must not be published")


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        (STANDOFF_TEST, "register", f"dépêche : {SENTENCE}"),
        (STANDOFF_TEST, "attribution", "Un titre à ne pas montrer"),
        (STANDOFF_TEST, "annotators", ["annotator-1", SENTENCE]),
        (READINGS_TEST, "batch", SENTENCE[10:60]),
    ],
)
def test_any_column_that_quotes_text_or_title_is_found_and_not_quoted(
    copy_of_built: Project, name: str, column: str, value: Any
) -> None:
    edit(copy_of_built.out / name, lambda rows: rows[0].update({column: value}))
    (problem,) = find(copy_of_built, "leaks")
    assert f"{column} quotes its title or text" in problem
    assert "row neuf-d" in problem
    assert SENTENCE[10:30] not in problem
    assert "titre à ne pas" not in problem


def test_where_the_text_is_not_here_a_long_value_is_found(project: Project) -> None:
    project.write(
        (msgspec.structs.replace(article, publishable="standoff", text=None, title=None), record)
        for article, record in pairs()[:3]
    )
    project.build()
    assert find(project, "leaks") == []
    train = project.out / "standoff/train-00000-of-00001.parquet"
    edit(train, lambda rows: rows[1].update(rights_holder=LONG))
    (problem,) = find(project, "leaks")
    assert problem.startswith(f"standoff/train, row neuf-b: rights_holder has {len(LONG)} char")


def test_surfaces_in_a_reading_of_a_standoff_article_are_found(copy_of_built: Project) -> None:
    edit(copy_of_built.out / READINGS_TEST, lambda rows: rows[0]["spans"][0].update(text="Bangui"))
    (problem,) = find(copy_of_built, "leaks")
    assert problem.startswith("annotators/test, row neuf-d/lot/annotator-")
    assert "surfaces go out" in problem
    assert "Bangui" not in problem


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": "Bangui"}, "row neuf-d: sha256 is not of 64 hexadecimal digits"),
        ({"salt": "A" * 16}, "row neuf-d: salt is not of 16 hexadecimal digits"),
    ],
)
def test_a_hash_that_is_none_is_found(
    copy_of_built: Project, change: dict[str, str], said: str
) -> None:
    edit(copy_of_built.out / STANDOFF_TEST, lambda rows: rows[0].update(change))
    (problem,) = find(copy_of_built, "hashes")
    assert said in problem


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surface": "Bangui"}, "span 0: surface is not of 4 hexadecimal digits"),
        ({"before": ["0a1b", "convoi"]}, "span 0: before is not of 4 hexadecimal digits"),
        ({"after": ["0a1b"] * 6}, "span 0: after has 6 hashes, not up to 5"),
    ],
)
def test_a_hash_of_words_that_is_none_is_found(
    copy_of_built: Project, change: dict[str, Any], said: str
) -> None:
    edit(copy_of_built.out / STANDOFF_TEST, lambda rows: rows[0]["spans"][0].update(change))
    (problem,) = find(copy_of_built, "hashes")
    assert said in problem


def withdraw(project: Project, article: str) -> None:
    write_withdrawn(project.corpus, (Withdrawal(article, "2026-01-01", "demandé"),))


def test_a_withdrawn_article_is_found_in_every_config_and_in_the_manifest(
    copy_of_built: Project,
) -> None:
    withdraw(copy_of_built, "neuf-b")
    (copy_of_built.out / "NOTES").write_text("Voir neuf-b, mais non neuf-bc.", encoding="utf-8")
    found = find(copy_of_built, "withdrawn")
    assert found[0].startswith("manifest.json: withdrawn are none, by the corpus neuf-b")
    for place in ("annotators/train", "bio/train", "spans/train", "standoff/train"):
        assert any(each.startswith(f"{place}: neuf-b was withdrawn") for each in found), found
    assert any(each.startswith("NOTES names neuf-b") for each in found)
    assert any(each.startswith("ledger.json names neuf-b") for each in found)


def test_a_withdrawn_address_is_found_and_nothing_after_the_next_build(project: Project) -> None:
    project.build()
    withdraw(project, "https://example.org/d")
    found = find(project, "withdrawn")
    assert any(each.startswith("standoff/test: neuf-d was withdrawn") for each in found), found
    project.build()
    assert find(project, "withdrawn") == []


def test_the_text_of_a_withdrawn_article_under_another_id_is_found(copy_of_built: Project) -> None:
    withdraw(copy_of_built, "neuf-e")
    hidden = next(article for article, _ in pairs() if article.id == "neuf-e")
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows[0].update(sha256=hidden.sha256))
    found = find(copy_of_built, "withdrawn")
    assert any(
        "row neuf-a: it has the text of neuf-e, which was withdrawn" in each for each in found
    )

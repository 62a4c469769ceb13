"""Data of which nobody would know what may be done with it."""

import pytest

from dataset.damage import BIO_TRAIN, SPANS_TRAIN, edit, edit_card, find
from dataset.project import Project


def test_a_fresh_build_has_no_problem(built: Project) -> None:
    assert find(built, "licences") == []


@pytest.mark.parametrize("licence", [None, "", " ", "unknown", "NOASSERTION"])
def test_a_row_with_text_and_without_a_licence_is_found(
    copy_of_built: Project, licence: str | None
) -> None:
    for name in (SPANS_TRAIN, BIO_TRAIN):
        edit(copy_of_built.out / name, lambda rows: rows[0].update(license=licence))
    assert [problem.split(";")[0] for problem in find(copy_of_built, "licences")] == [
        "spans/train, row neuf-a: no licence",
        "bio/train, row neuf-a: no licence",
    ]


def test_a_licence_file_that_is_missing_empty_or_of_another_licence_is_found(
    copy_of_built: Project,
) -> None:
    path = copy_of_built.out / "LICENSE"
    path.write_text("MIT License\n", encoding="utf-8")
    (other,) = find(copy_of_built, "licences")
    assert other.startswith("LICENSE does not name the card's cc-by-4.0 (cc, by, 4.0 is missing)")
    path.write_text("\n", encoding="utf-8")
    (empty,) = find(copy_of_built, "licences")
    path.unlink()
    (missing,) = find(copy_of_built, "licences")
    assert empty == missing
    assert missing.startswith("LICENSE is missing or empty")


@pytest.mark.parametrize(
    "text", ["Creative Commons Attribution 4.0 International\n", "Sous licence CC-BY (4.0).\n"]
)
def test_the_licence_may_be_spelt_out(copy_of_built: Project, text: str) -> None:
    (copy_of_built.out / "LICENSE").write_text(text, encoding="utf-8")
    assert find(copy_of_built, "licences") == []


def test_a_card_without_a_licence_is_found(copy_of_built: Project) -> None:
    edit_card(copy_of_built, "license: cc-by-4.0\n", "")
    (problem,) = find(copy_of_built, "licences")
    assert problem.startswith("README.md: no licence in the front matter")

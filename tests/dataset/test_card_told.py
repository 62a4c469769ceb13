"""What the card tells beside the rows' figures: headings, columns, agreement, losses, versions."""

import re
from importlib.resources import files
from itertools import pairwise

import msgspec
import pyarrow.parquet as pq
import pytest

from balise.dataset.card.columns import list_columns
from balise.dataset.schema import config_features
from balise.errors import BaliseError
from balise.labels import LabelScheme
from dataset.project import Project, snapshot
from dataset.telling import CHANGES, articles


@pytest.fixture(scope="module")
def card(told: Project) -> str:
    return (told.out / "README.md").read_text(encoding="utf-8")


def headings(markdown: str) -> list[str]:
    """List the headings with their depth; what the template marks as optional is like the rest."""
    found = re.findall(r"^(#{1,6}) (.+)$", markdown, flags=re.MULTILINE)
    return [f"{depth} {name.removesuffix(' [optional]')}" for depth, name in found]


def test_every_heading_of_the_hubs_template_stands_in_its_order(card: str) -> None:
    template = files("huggingface_hub").joinpath("templates", "datasetcard_template.md")
    _, _, body = template.read_text(encoding="utf-8").split("---\n", 2)
    wanted = headings(body)[1:]
    assert len(wanted) > 20
    _, _, ours = card.split("---\n", 2)
    assert [each for each in headings(ours) if each in wanted] == wanted


def test_no_section_is_empty_and_nothing_is_left_to_fill_in(card: str) -> None:
    _, _, body = card.split("---\n", 2)
    assert "More Information Needed" not in body
    assert "[optional]" not in body
    assert "{" not in body.replace("`{start, end, label, text}`", "").split("```bibtex")[0]
    lines = [line for line in body.splitlines() if line]
    for line, following in pairwise(lines):
        if line.startswith("#"):
            deeper = following.startswith("#") and following.index(" ") > line.index(" ")
            assert deeper or not following.startswith("#"), line


@pytest.mark.parametrize(
    "line",
    [
        # agreement: articles and F1; an interval needs two articles
        "| overall | 3 | 0.727 (0.500–0.857) |",
        "| real articles | 1 | 0.500 |",
        "| ARMED_GROUP | 3 | 1.000 (1.000–1.000) |",
        "| WEAPON | 3 | – |",
        # imports: files, in, kept, trimmed, dropped, out
        "| lot | 2 | 15 | 13 | 1 | 1 | 14 |",
        # annotators: who, readings, spans
        "| p1 | a historian | 4 | 8 |",
        "| p2 | not said | 3 | 6 |",
        "| adjudication | an editor | 1 | 2 |",
        "| yes | 3 | 6 | – |",
        "| no | 1 | 2 | 2017-05-01 |",
        "| 1.1.0 | 2026-02-03 |",
        "| 1.0.0 | – |",
        "- Two articles more.",
        "The guidelines: [guidelines.en.md](guidelines.en.md).",
        "Annotators an article: 1 articles have 1 reading, 3 articles have 2 readings.",
    ],
)
def test_the_card_says_it(card: str, line: str) -> None:
    assert line in card.splitlines()


def test_agreement_is_said_to_be_of_this_gold_and_losses_have_their_reasons(card: str) -> None:
    words = " ".join(card.split())
    assert "Strict F1 of p1 and p2, on 3 articles that two annotators read, 1 of them" in words
    gold = re.search(r"gold `([0-9a-f]{16})`", card)
    assert gold is not None
    assert f"readings of the articles of this gold, `{gold[1]}`" in words
    assert "dropped (duplicate) 1, trimmed (space or punctuation at an edge) 1." in words
    assert "1 files of readings have no ledger." in words


def test_every_column_of_every_config_is_described_with_its_type(
    told: Project, card: str, labels: LabelScheme
) -> None:
    features = config_features(labels)
    for config in features:
        path = next((told.out / config).glob("*.parquet"))
        columns = [column for column in list_columns(features, config) if "." not in column.name]
        assert {column.name for column in columns} == set(pq.read_schema(path).names)
        for column in list_columns(features, config):
            rows = [line.split(" | ") for line in card.splitlines() if column.meaning in line]
            assert any(
                row[:2] == [f"| `{column.name}`", column.type] and config in row[2] for row in rows
            ), column
    assert [c.type for c in list_columns(features, "standoff") if c.name.startswith("spans")] == [
        *("list of struct", "int32", "int32", "string"),
        *("string", "list of string", "list of string"),
    ]


def test_near_duplicates_that_train_and_test_are_counted(telling: Project) -> None:
    pairs = articles()
    twin, record = pairs[0]
    same = msgspec.structs.replace(twin, id="neuf-z", event="test-z")
    other = msgspec.structs.replace(record, article="neuf-z")
    telling.write([*pairs, (same, other)])
    telling.build()
    card = (telling.out / "README.md").read_text(encoding="utf-8")
    assert "Among the 5 texts that were here when this was built, 1 pairs are near-dup" in card
    assert "and 1 of these are parted in that way" in card


def test_changelog_and_guidelines_go_out_as_they_stand(told: Project) -> None:
    assert (told.out / "CHANGELOG.md").read_text(encoding="utf-8") == CHANGES
    assert (told.out / "guidelines.en.md").read_text(encoding="utf-8") == "# Rules\n"


def test_a_version_that_the_changelog_does_not_name_is_told_of(telling: Project) -> None:
    result = telling.build(version="7.0.0")
    assert not result.described
    card = (telling.out / "README.md").read_text(encoding="utf-8")
    assert "No changelog says what 7.0.0 brought." in card
    assert telling.build(version="1.0.0").described


def test_the_same_input_makes_the_same_bytes_and_check_has_no_problem(
    told: Project, telling: Project
) -> None:
    telling.build(version="1.1.0")
    assert snapshot(telling.out) == snapshot(told.out)
    assert told.check().problems == ()


SENTENCE = "Des tirs à Alep et à Raqqa ont repris hier soir."


@pytest.mark.parametrize(
    ("file", "words", "named"),
    [
        ("corpus/CHANGELOG.md", "Two articles more", "README.md"),
        ("corpus/CHANGELOG.md", "First version", "CHANGELOG.md"),
        ("annotations/guidelines.en.md", "Rules", "guidelines.en.md"),
        ("annotations/annotators.tsv", "a historian", "README.md"),
    ],
)
def test_a_text_that_stays_behind_stops_the_build_wherever_it_is_quoted(
    telling: Project, file: str, words: str, named: str
) -> None:
    path = telling.root / file
    text = path.read_text(encoding="utf-8")
    assert words in text
    path.write_text(text.replace(words, SENTENCE), encoding="utf-8")
    with pytest.raises(BaliseError, match=rf"{re.escape(named)}: would quote vrai-d, which is"):
        telling.build(version="1.1.0")
    assert not telling.out.exists()


@pytest.mark.parametrize(
    "name", ["CHANGELOG.md", "CITATION.cff", "croissant.json", "guidelines.en.md", "spans.svg"]
)
def test_check_finds_a_text_that_someone_put_into_a_file(telling: Project, name: str) -> None:
    telling.build(version="1.1.0")
    path = telling.out / name
    path.write_text(path.read_text(encoding="utf-8") + SENTENCE, encoding="utf-8")
    problems = telling.check().problems
    assert f"{name} quotes vrai-d, which is stand-off; take the words out" in problems
    assert f"{name} is not the file that the manifest names (another sha256)" in problems

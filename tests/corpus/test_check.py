"""The corpus's faults are all listed."""

import json
import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balise.cli.corpus import app
from balise.corpus.check import check_corpus
from balise.jsonl import write_jsonl
from balise.records import Article
from balise.text import NORMALISATION, sha256
from markup import article

TEXT = "Deux soldats ont été tués près de Gao."


def valid(text: str = TEXT, **fields: object) -> Article:
    return article(f"fil-deux-soldats-{sha256(text)[:8]}", text, source="fil", **fields)


def changed(good: Article, **fields: object) -> Article:
    return Article(**{name: getattr(good, name) for name in good.__struct_fields__} | fields)


def test_a_sound_corpus_has_no_problem(tmp_path: Path) -> None:
    titled = valid("Gao\n\n\tDeux tués 😀.", title="Gao", publishable="full", license="CC-BY-4.0")
    standoff = changed(valid("Autre texte."), text=None)
    write_jsonl(tmp_path / "fil.jsonl", [valid(), titled, standoff])
    found = check_corpus(tmp_path)
    assert (found.articles, found.problems) == (3, ())


NFD = unicodedata.normalize("NFD", TEXT)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (changed(valid(), text=TEXT.replace("Deux", "Onze")), "sha256"),
        (changed(valid(), length=3), "length"),
        (changed(valid(), id="fil-deux-soldats-00000000"), "first digits of its hash"),
        (changed(valid(), id=f"autre-{sha256(TEXT)[:8]}"), "begin with its source"),
        (changed(valid(), source=None), "source"),
        (valid(NFD), "NFC"),
        (valid("Deux\r\ntués"), r"\r"),
        (valid("Deux\x0btués"), "U+000B at 4"),
        (valid("Deux\x85tués"), "U+0085"),
        (valid(" \n"), "empty"),
        (valid(publishable="full"), "licence"),
        (valid(title="Trois soldats"), "title"),
        (valid(title="Deux"), "title"),
        (changed(valid(), normalisation="none"), "normalisation"),
        (valid(published="2022-13-01"), "2022-13-01"),
        (valid(published="2022-04-24Tmidi"), "Tmidi"),
        (valid(country="ml"), "'ml'"),
        (changed(valid(), id=f"fil-deux\n-{sha256(TEXT)[:8]}"), "white space"),
        (changed(valid(), id="fil-gao-0123", text=None, sha256="0123"), "is not a hash"),
        (changed(valid(), text=None, length=-1), "length is -1"),
    ],
)
def test_each_fault_is_named(bad: Article, message: str, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "fil.jsonl", [bad])
    problems = check_corpus(tmp_path).problems
    assert problems
    assert all(message in problem.problem and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    "published", ["2022", "2022-04", "2022-04-24", "2022-04-24T10:00:00+02:00"]
)
def test_a_day_may_be_rough_or_have_a_time(published: str, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "fil.jsonl", [valid(published=published)])
    assert check_corpus(tmp_path).problems == ()


def test_a_line_number_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "fil.jsonl").write_text("\n" * 99 + "{\n")
    shown = CliRunner().invoke(app, ["check", "--corpus", str(tmp_path)])
    assert "fil.jsonl:100: broken JSON" in shown.output


def test_all_faults_are_listed_with_their_places_and_the_command_fails(tmp_path: Path) -> None:
    twin = changed(valid(), id=f"fil-encore-{sha256(TEXT)[:8]}")
    write_jsonl(tmp_path / "fil.jsonl", [valid(), valid(), twin])
    with (tmp_path / "fil.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": \n{"id": "x", "colour": "red"}\n')
    write_jsonl(tmp_path / "autre.jsonl", [valid("Un autre texte.")])
    (tmp_path / "latin.jsonl").write_bytes("{\n«".encode("latin-1"))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = CliRunner().invoke(app, ["check", "--corpus", str(tmp_path)])
    assert result.exit_code == 1
    for part in (
        "autre.jsonl:1: source 'fil' does not stand in autre.jsonl",
        f"fil.jsonl:2: id {valid().id} is used before",
        f"{twin.id}: has the same text as {valid().id}",
        "fil.jsonl:4: broken JSON",
        "fil.jsonl:5: not a valid Article",
        "latin.jsonl:2: byte 0xab",
        "4 articles, 6 problems",
    ):
        assert part in result.output
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_list_for_machines_holds_place_problem_and_remedy(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "fil.jsonl", [valid(country="mali")])
    result = CliRunner().invoke(app, ["check", "--corpus", str(tmp_path), "--json"])
    summary = json.loads(result.stdout)
    assert (result.exit_code, summary["articles"]) == (1, 1)
    assert set(summary["problems"][0]) == {"place", "problem", "remedy"}


@pytest.mark.parametrize("command", ["check", "stats"])
@pytest.mark.parametrize("content", [None, ""])
def test_an_empty_corpus_is_one_clear_message(
    content: str | None, command: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "fil.jsonl").write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, [command, "--corpus", str(tmp_path)])
    assert result.exit_code == 1
    assert "balise corpus add" in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_the_normalisation_is_the_one_that_articles_carry() -> None:
    assert valid().normalisation == NORMALISATION

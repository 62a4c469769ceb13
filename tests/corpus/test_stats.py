"""The corpus in figures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balise.cli.corpus import app
from balise.corpus.stats import corpus_stats
from balise.jsonl import write_jsonl
from markup import article


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    gao = {"source": "a", "country": "ML", "event": "gao"}
    first = article("a-1", "Deux tués à Gao 😀", published="2022-04-24", **gao)
    second = article("a-2", "Trois tués\n\nà Gao", publishable="full", **gao)
    kiev = {"source": "b", "country": "UA", "event": "kiev", "register": "court"}
    third = article("b-1", "Un raid", published="2023-01-02", publishable="none", **kiev)
    write_jsonl(tmp_path / "a.jsonl", [first, second])
    write_jsonl(tmp_path / "b.jsonl", [third])
    return tmp_path


def test_the_total_counts_each_conflict_and_country_once(corpus: Path) -> None:
    stats = corpus_stats(corpus)
    first, total = stats.sources[0], stats.total
    assert (first.articles, first.words, first.characters, first.events) == (2, 9, 34, 1)
    assert (total.articles, total.words, total.events, total.countries) == (3, 11, 2, 2)
    assert (total.first, total.last) == ("2022-04-24", "2023-01-02")
    assert (total.full, total.standoff, total.none) == (1, 1, 1)
    assert list(stats.by_country.items()) == [("ML", 2), ("UA", 1)]
    assert stats.by_register == {"unknown": 2, "court": 1}


def test_the_tables_and_the_json_hold_the_same_figures(corpus: Path) -> None:
    tables = CliRunner().invoke(app, ["stats", "--corpus", str(corpus)])
    figures = CliRunner().invoke(app, ["stats", "--corpus", str(corpus), "--json"])
    assert (tables.exit_code, figures.exit_code) == (0, 0)
    total = json.loads(figures.stdout)["total"]
    row = next(line for line in tables.output.splitlines() if line.startswith("│ total"))
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == [
        "total",
        *(str(total[key]) for key in ("articles", "words", "characters")),
        *(str(total[key]) for key in ("full", "standoff", "none")),
    ]


def test_a_table_shows_values_as_they_are(tmp_path: Path) -> None:
    write_jsonl(
        tmp_path / "a.jsonl", [article("a-1", "Un raid", source="a", register="[/b] :100:")]
    )
    shown = CliRunner().invoke(app, ["stats", "--corpus", str(tmp_path)])
    assert shown.exit_code == 0
    assert "[/b] :100:" in shown.output

"""The project's own articles, readings and gold are what its documents say."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from balise.align import align_spans
from balise.annotations.check import check_annotations
from balise.annotations.decide import decide, group_readings
from balise.corpus.check import check_corpus
from balise.docbin import blank_french, token_edges
from balise.labels import LabelScheme
from balise.ledger import Ledger
from balise.model.split import split
from balise.records import Article, Gold
from balise.stores import load_articles, load_gold, load_readings, load_splits

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
ANNOTATIONS = ROOT / "annotations"


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return load_articles(CORPUS)


@pytest.fixture(scope="module")
def gold() -> list[Gold]:
    return load_gold(ANNOTATIONS / "gold.jsonl")


def test_corpus_and_readings_pass_their_checks(labels: LabelScheme) -> None:
    assert check_corpus(CORPUS).problems == ()
    assert check_annotations(ANNOTATIONS, CORPUS, labels).problems == ()


def test_at_least_30_original_articles_cover_at_least_12_conflicts(
    articles: dict[str, Article],
) -> None:
    ours = [article for article in articles.values() if article.synthetic]
    assert len(ours) >= 30
    assert len({article.country for article in ours}) >= 12
    for article in ours:
        assert 120 <= len(str(article.text).split()) <= 350, article.id
        assert (article.license, article.publishable) == ("CC-BY-4.0", "full")


def test_the_seed_is_in_byte_for_byte_and_may_not_go_out(articles: dict[str, Article]) -> None:
    [seed] = [article for article in articles.values() if not article.synthetic]
    [received] = (ROOT / "seeds").glob("*.txt")
    assert str(seed.text).encode() == received.read_bytes()
    assert (seed.license, seed.publishable) == (None, "standoff")


def test_every_label_is_used_in_gold(gold: list[Gold], labels: LabelScheme) -> None:
    counts = Counter(span.label for record in gold for span in record.spans)
    assert set(counts) == set(labels.names)
    assert min(counts.values()) >= 100


def test_gold_and_split_are_what_the_commands_make_of_the_readings(
    articles: dict[str, Article], gold: list[Gold]
) -> None:
    readings = [one for file in load_readings(ANNOTATIONS).values() for one in file]
    assert [decide(group) for group in group_readings(readings).values()] == gold
    assert split(gold, articles) == load_splits(CORPUS / "splits.json")


def test_the_tokenizer_can_cut_at_every_gold_edge(
    articles: dict[str, Article], gold: list[Gold]
) -> None:
    nlp = blank_french()
    ledger = Ledger()
    for record in gold:
        doc = nlp.make_doc(str(articles[record.article].text))
        align_spans(record.article, record.spans, token_edges(doc), ledger)
    assert ledger.entries == []


def test_each_decided_actor_has_a_label_of_the_scheme_and_stands_once(labels: LabelScheme) -> None:
    with (ANNOTATIONS / "actors.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert all(row.keys() == {"name", "label", "reason"} and all(row.values()) for row in rows)
    assert {row["label"] for row in rows} <= set(labels.names)
    assert len({row["name"] for row in rows}) == len(rows)

"""The project's own articles, readings and gold are what its documents say."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from balise.align import align_spans
from balise.annotations.check import check_annotations
from balise.annotations.consistency import find_inconsistencies, load_settled
from balise.annotations.decide import decide, group_readings
from balise.annotations.variety import label_variety
from balise.corpus.check import check_corpus
from balise.dataset.card.agreement import measure_agreement
from balise.dataset.load import load_release
from balise.dataset.release import Inputs
from balise.docbin import blank_french, token_edges
from balise.labels import LabelScheme
from balise.ledger import Ledger
from balise.model.split import split
from balise.near import shared_sentences
from balise.pages import show_estimate
from balise.records import Article, Gold
from balise.splits import load_splits
from balise.stores import ADJUDICATION, load_articles, load_gold, load_readings

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


def test_the_articles_written_for_the_project_are_many_and_varied(
    articles: dict[str, Article],
) -> None:
    ours = [article for article in articles.values() if article.synthetic]
    assert len(ours) >= 250
    assert sum(len(str(article.text).split()) for article in ours) >= 60_000
    assert len({article.country for article in ours}) >= 35
    assert len({article.register for article in ours}) >= 13
    assert sum(str(article.event).startswith("proche-") for article in ours) >= 30
    for article in ours:
        assert 80 <= len(str(article.text).split()) <= 450, article.id
        assert (article.license, article.publishable) == ("CC-BY-4.0", "full")
        assert article.event, article.id
        assert article.published, article.id


def test_fewer_than_one_sentence_in_a_hundred_resembles_one_of_another_article(
    articles: dict[str, Article],
) -> None:
    found = shared_sentences({a.id: a.text for a in articles.values() if a.text is not None})
    assert found.resembling < 0.01 * found.sentences


def test_the_seed_is_in_byte_for_byte_and_may_not_go_out(articles: dict[str, Article]) -> None:
    [seed] = [article for article in articles.values() if article.source == "seed"]
    [received] = (ROOT / "seeds").glob("*.txt")
    assert str(seed.text).encode() == received.read_bytes()
    assert (seed.license, seed.publishable) == (None, "standoff")


def test_real_articles_are_stand_off_with_their_source_and_licence(
    articles: dict[str, Article],
) -> None:
    real = [article for article in articles.values() if article.source == "winer-fr"]
    assert len(real) >= 100
    for article in real:
        assert (article.text, article.title, article.publishable) == (None, None, "standoff")
        assert (article.license, article.synthetic) == ("CC-BY-2.5", False)
        assert article.url, article.id
        assert article.path, article.id
        assert article.attribution, article.id


def test_nothing_that_is_committed_quotes_a_real_article_of_another_owner(
    articles: dict[str, Article], gold: list[Gold]
) -> None:
    real = {id_ for id_, article in articles.items() if article.text is None}
    readings = [one for file in load_readings(ANNOTATIONS).values() for one in file]
    notes = [comment for one in readings if one.article in real for comment in one.comments]
    notes += [record.reason for record in gold if record.article in real and record.reason]
    assert notes
    assert not any(mark in note for note in notes for mark in '«»“”"')


def test_no_real_article_of_2017_trains_or_tunes(articles: dict[str, Article]) -> None:
    splits = load_splits(CORPUS / "splits.json")
    for part in ("train", "dev", "test", "train_real", "dev_real"):
        for id_ in splits.part(part):
            article = articles[id_]
            assert article.synthetic or str(article.published) < "2017", (part, id_)
    events = {articles[id_].event for id_ in splits.test_real} - {None}
    for part in ("train", "dev", "train_real", "dev_real"):
        assert not events & {articles[id_].event for id_ in splits.part(part)}, part


def test_every_label_is_used_in_gold(gold: list[Gold], labels: LabelScheme) -> None:
    counts = Counter(span.label for record in gold for span in record.spans)
    assert set(counts) == set(labels.names)
    assert min(counts.values()) >= 350


# Names that the news of these wars cannot do without; corpus/README.md gives the reasons.
FREQUENT = {
    "ARMED_GROUP": {"Daech", "EI", "Etat islamique", "État islamique"},
    "ORGANIZATION": {"ONU", "Conseil de sécurité"},
}


def test_no_surface_rules_its_label(
    articles: dict[str, Article], gold: list[Gold], labels: LabelScheme
) -> None:
    texts = {a.id: a.text for a in articles.values() if a.text is not None}
    for each in label_variety(gold, texts, labels, leading=10):
        assert each.spans >= 350, each.label
        assert each.surfaces >= 120, each.label
        limit = 0.08 if each.label in {"DATE", "EVENT", "WEAPON"} else 0.04
        over = {surface for surface, count in each.leading if count > limit * each.spans}
        assert over <= FREQUENT.get(each.label, set()), each


def test_gold_is_consistent_or_says_why_not(articles: dict[str, Article], gold: list[Gold]) -> None:
    texts = {a.id: a.text for a in articles.values() if a.text is not None}
    found = find_inconsistencies(gold, texts, load_settled(ANNOTATIONS / "settled.tsv"))
    assert found.open == ()


def test_at_least_80_articles_have_a_second_reading_spread_over_conflicts_and_registers(
    articles: dict[str, Article],
) -> None:
    readers: dict[str, set[str]] = {}
    for path, readings in load_readings(ANNOTATIONS).items():
        if path.stem != ADJUDICATION:
            for reading in readings:
                assert reading.confirmed, path
                readers.setdefault(reading.article, set()).add(reading.annotator)
    twice = [articles[id_] for id_, names in readers.items() if len(names) > 1]
    assert len(twice) >= 80
    assert len({article.country for article in twice}) >= 35
    assert len({article.register for article in twice}) >= 13
    assert sum(article.synthetic is False for article in twice) >= 30
    assert set(readers) == set(articles)


def test_gold_and_split_are_what_the_commands_make_of_the_readings(
    articles: dict[str, Article], gold: list[Gold]
) -> None:
    readings = [one for file in load_readings(ANNOTATIONS).values() for one in file]
    assert [decide(group) for group in group_readings(readings).values()] == gold
    recorded = load_splits(CORPUS / "splits.json")
    assert split(gold, articles, real=recorded.real) == recorded


def test_the_tokenizer_can_cut_at_every_gold_edge_but_before_an_initial_s_stop(
    articles: dict[str, Article], gold: list[Gold]
) -> None:
    nlp = blank_french()
    ledger = Ledger()
    here = [record for record in gold if articles[record.article].text is not None]
    assert len(here) >= 250
    for record in here:
        doc = nlp.make_doc(str(articles[record.article].text))
        align_spans(record.article, record.spans, token_edges(doc), ledger)
    assert len(ledger.entries) < 10
    for entry in ledger.entries:
        text = str(articles[entry.article].text)
        # « Karim B. » keeps its stop as « J. Dupont » does.
        assert (entry.outcome, entry.new_start) == ("snapped", entry.start)
        assert text[entry.end - 2 : entry.new_end].endswith((" B.", " W.")), entry


def test_each_decided_actor_has_a_label_of_the_scheme_and_stands_once(labels: LabelScheme) -> None:
    with (ANNOTATIONS / "actors.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert all(row.keys() == {"name", "label", "reason"} and all(row.values()) for row in rows)
    assert {row["label"] for row in rows} <= set(labels.names)
    assert len({row["name"] for row in rows}) == len(rows)


def test_a_release_names_its_readers_and_agrees_as_the_data_statement_says() -> None:
    labels = ANNOTATIONS / "labels.toml"
    made = load_release(
        Inputs(
            ANNOTATIONS / "gold.jsonl",
            CORPUS,
            CORPUS / "splits.json",
            labels,
            annotations=ANNOTATIONS,
        )
    )
    assert {reading.annotator for reading in made.each_reading()} <= made.who.keys()
    assert made.imports
    assert made.guidelines.keys() == {"guidelines.en.md", "guidelines.fr.md"}
    found = measure_agreement(made)
    assert found is not None
    statement = (CORPUS / "README.md").read_text(encoding="utf-8")
    overall = found.rows[0]
    assert f"F1 {show_estimate(overall.f1)}, {found.equal} read the same" in statement
    assert f"{found.articles} articles (71 synthetic" in statement
    for row in found.labels:
        assert f"| {row.name} |" in statement
        assert f"| {show_estimate(row.f1)} |" in statement, row.name

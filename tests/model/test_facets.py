"""Slices of a part: what was seen in training, how long it is, where and when it was said."""

from collections.abc import Iterable

import pytest

from balise.bootstrap import draw
from balise.labels import LabelScheme
from balise.model.facets import OTHER_LABEL, SEEN, UNSEEN, Facet, score_facets
from balise.model.known import Known
from balise.model.reference import Reference
from balise.pairing import Entity, pair_spans
from counted import strict
from markup import gold, markup

KNOWN = Known(
    parts=("train",),
    labels={"Gao": frozenset({"LOCATION"}), "Wagner": frozenset({"PERSON"})},
    spans={"LOCATION": 9, "PERSON": 2},
    without_text=0,
)


def cut(
    pairs: Iterable[tuple[str, str]], labels: LabelScheme, **fields: object
) -> dict[str, Facet]:
    """Score (gold, predicted) sentences, an article each, slice by slice."""
    articles, records, predicted = [], [], set()
    for number, (marked, found) in enumerate(pairs):
        article, record = gold(f"a{number}", marked, **fields)
        articles.append(article)
        records.append(record)
        predicted |= {Entity(article.id, *span_of) for span_of in _edges(found)}
    reference = Reference("test", tuple(articles), tuple(records), labels)
    pairing = pair_spans(reference.entities, predicted)
    indices = draw(len(articles), 100, 0)
    return {each.name: each for each in score_facets(reference, pairing, KNOWN, indices)}


def _edges(marked: str) -> Iterable[tuple[int, int, str]]:
    return ((span.start, span.end, span.label) for span in markup(marked)[1])


def counts(facet: Facet) -> dict[str, tuple[int, int, int]]:
    return {each.row.label: strict(each.row.counts) for each in facet.slices}


def test_a_mention_is_seen_by_its_words_and_its_label(labels: LabelScheme) -> None:
    found = cut(
        [
            (
                "[Gao](LOCATION) [Wagner](ARMED_GROUP) [Kidal](LOCATION)",
                "Gao Wagner [Kidal](LOCATION)",
            )
        ],
        labels,
    )
    assert counts(found["mention"]) == {SEEN: (0, 0, 1), OTHER_LABEL: (0, 0, 1), UNSEEN: (1, 0, 0)}


def test_each_span_counts_for_the_slice_that_it_is_in_itself(labels: LabelScheme) -> None:
    marked = "[le camp de Gao](FACILITY)", "le camp de [Gao](LOCATION)"
    found = cut([marked], labels)
    assert counts(found["mention"]) == {SEEN: (0, 1, 0), UNSEEN: (0, 0, 1)}
    assert counts(found["words of the span"]) == {"1 word": (0, 1, 0), "4 or 5 words": (0, 0, 1)}


def test_sentences_are_measured_where_the_span_stands(labels: LabelScheme) -> None:
    long = "mot " * 30
    marked = f"À [Gao](LOCATION). Puis {long}à [Kidal](LOCATION)."
    found = cut([(marked, marked)], labels)
    assert counts(found["words of the sentence"]) == {
        "up to 15 words": (1, 0, 0),
        "26 to 40 words": (1, 0, 0),
    }


def test_labels_are_cut_into_thirds_by_their_training_spans(labels: LabelScheme) -> None:
    marked = "[Gao](LOCATION) [Goïta](PERSON) [T-72](WEAPON)"
    found = cut([(marked, marked)], labels)
    # Eleven labels, nine of them never seen: PERSON and LOCATION are among the most frequent.
    slices = counts(found["training spans of the label"])
    assert slices["the most frequent third"] == (2, 0, 0)
    assert sum(tp for tp, _, _ in slices.values()) == 3


def test_articles_are_cut_by_country_register_and_decade(labels: LabelScheme) -> None:
    pairs = [("[Gao](LOCATION)", "[Gao](LOCATION)")]
    found = cut(pairs, labels, country="ML", register="urgent", published="2013-01")
    assert counts(found["country"]) == {"ML": (1, 0, 0)}
    assert counts(found["register"]) == {"urgent": (1, 0, 0)}
    assert counts(found["period"]) == {"2010–2019": (1, 0, 0)}
    assert counts(cut(pairs, labels)["period"]) == {"not said": (1, 0, 0)}


def test_every_span_is_in_one_slice_of_each_facet(labels: LabelScheme) -> None:
    pairs = [
        ("[Gao](LOCATION) [lundi](DATE)", "[Gao lundi](LOCATION)"),
        ("rien", "[rien](EVENT)"),
        ("[Goïta](PERSON)", "[Goïta](PERSON)"),
    ]
    for facet in cut(pairs, labels).values():
        rows = [each.row.counts for each in facet.slices]
        assert sum(row.gold.spans for row in rows) == 3
        assert sum(row.predicted.spans for row in rows) == 3
        assert sum(row.gold.correct for row in rows) == 1


def test_an_interval_needs_two_articles_of_the_slice(labels: LabelScheme) -> None:
    pairs = [("[Gao](LOCATION)", "[Gao](LOCATION)"), ("[un mot](EVENT)", "[un](EVENT) mot")]
    one, two = (each for each in cut(pairs, labels)["words of the span"].slices)
    assert (one.articles, two.articles) == (2, 1)
    assert one.row.strict.f1.interval is not None
    assert two.row.strict.f1.interval is None
    assert two.row.strict.f1.value == pytest.approx(0)

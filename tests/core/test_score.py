"""Strict scores against hand counts and three independent oracles."""

import math
import warnings
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import nervaluate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.training import Example
from spacy.vocab import Vocab

from balise.align import TokenSpan, align_spans, bio_tags
from balise.ledger import Ledger
from balise.records import Span
from balise.score import ERROR_KINDS, Counts, Entity, find_errors, macro, micro, score
from markup import markup

LABELS = ("PERSON", "LOCATION", "EVENT")

# ---- hand counts


def entities(*marked: str) -> set[Entity]:
    """Read marked-up sentences as the articles a0, a1, …."""
    return {
        Entity(f"a{number}", span.start, span.end, span.label)
        for number, sentence in enumerate(marked)
        for span in markup(sentence)[1]
    }


def test_a_span_counts_only_with_both_edges_and_the_label() -> None:
    gold = entities(
        "[Goïta](PERSON) à [Gao](LOCATION) après l'[attaque](EVENT) du [camp de Gao](LOCATION)"
    )
    predicted = entities(
        "[Goïta](PERSON) à [Gao](PERSON) après l'attaque du camp de [Gao](LOCATION)"
    )
    # Goïta is right; Gao has the wrong label (a PERSON too many, a LOCATION missed); attaque is
    # missed; the camp's edges differ (one LOCATION too many, one missed).
    assert score(gold, predicted) == {
        "EVENT": Counts(tp=0, fp=0, fn=1),
        "LOCATION": Counts(tp=0, fp=1, fn=2),
        "PERSON": Counts(tp=1, fp=1, fn=0),
    }
    assert micro(score(gold, predicted).values()) == Counts(tp=1, fp=2, fn=3)


def test_the_same_offsets_in_another_article_do_not_count() -> None:
    assert score(entities("[Gao](LOCATION)"), entities("Gao", "[Gao](LOCATION)")) == {
        "LOCATION": Counts(tp=0, fp=1, fn=1)
    }


def test_ratios_follow_their_definitions() -> None:
    counts = Counts(tp=3, fp=1, fn=2)
    assert counts.precision == 3 / 4
    assert counts.recall == 3 / 5
    assert counts.f1 == pytest.approx(2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5))


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (Counts(0, 0, 0), None, None, None),
        (Counts(0, 2, 0), 0.0, None, 0.0),
        (Counts(0, 0, 2), None, 0.0, 0.0),
        (Counts(0, 1, 1), 0.0, 0.0, 0.0),
    ],
)
def test_a_ratio_without_a_denominator_is_none_and_not_zero(
    counts: Counts, precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert (counts.precision, counts.recall, counts.f1) == (precision, recall, f1)


def test_a_macro_average_leaves_undefined_labels_out() -> None:
    assert macro([1.0, None, 0.5]) == 0.75
    assert macro([None, None]) is None
    assert macro([]) is None


# ---- kinds of error


def kinds(gold: str, predicted: str) -> list[tuple[str, str | None, str | None]]:
    """Name each error's kind with the surfaces of its gold and its predicted span."""
    text = markup(gold)[0]

    def surface(span: Span | None) -> str | None:
        return text[span.start : span.end] if span else None

    return [
        (error.kind, surface(error.gold), surface(error.predicted))
        for error in find_errors(entities(gold), entities(predicted))
    ]


def test_each_kind_of_error_has_its_name() -> None:
    assert kinds(
        "[armée malienne](MILITARY) [Wagner](ARMED_GROUP) [camp de Gao](FACILITY) [hier](DATE) là",
        "armée [malienne](MILITARY) [Wagner](PERSON) camp de [Gao](LOCATION) hier [là](LOCATION)",
    ) == [
        ("boundary", "armée malienne", "malienne"),
        ("type", "Wagner", "Wagner"),
        ("both", "camp de Gao", "Gao"),
        ("missed", "hier", None),
        ("spurious", None, "là"),
    ]


def test_a_prediction_over_two_gold_spans_is_paired_with_the_one_it_shares_most_with() -> None:
    assert kinds("[Mossoul](LOCATION) ([Irak](LOCATION))", "[Mossoul (Irak](LOCATION))") == [
        ("boundary", "Mossoul", "Mossoul (Irak"),
        ("missed", "Irak", None),
    ]


def test_the_same_label_goes_before_the_larger_overlap() -> None:
    assert kinds(
        "[général Dupont](PERSON) [Paris](LOCATION)", "[général Dupont Paris](LOCATION)"
    ) == [
        ("missed", "général Dupont", None),
        ("boundary", "Paris", "général Dupont Paris"),
    ]


def test_spans_that_only_touch_are_not_paired() -> None:
    assert kinds("[Gao](LOCATION)lundi", "Gao[lundi](LOCATION)") == [
        ("missed", "Gao", None),
        ("spurious", None, "lundi"),
    ]


# ---- oracles

TOKENS = 12


@st.composite
def token_spans(draw: st.DrawFn) -> list[TokenSpan]:
    """Draw flat spans over twelve tokens."""
    edges = sorted(draw(st.sets(st.integers(0, TOKENS), max_size=8)))
    spans = []
    for start, end in pairwise(edges):
        if draw(st.booleans()):
            spans.append(TokenSpan(start, end, draw(st.sampled_from(LABELS))))
    return spans


@st.composite
def readings(draw: st.DrawFn) -> tuple[list[TokenSpan], list[TokenSpan]]:
    """Draw gold and a prediction: unrelated, or gold with spans left out and labels changed."""
    gold = draw(token_spans())
    if draw(st.booleans()):
        return gold, draw(token_spans())
    return gold, [
        TokenSpan(span.start, span.end, draw(st.sampled_from((span.label, span.label, *LABELS))))
        for span in gold
        if draw(st.integers(0, 3))
    ]


documents = st.lists(readings(), min_size=1, max_size=4)
Pairs = list[tuple[list[TokenSpan], list[TokenSpan]]]

WORDS = ["né", "Gao", "l'", "🚀", "É", "M23", "ab", "cœur", "x", "Tirs", "à", "Œil"]
TEXT = " ".join(WORDS)
STARTS = [sum(len(word) + 1 for word in WORDS[:number]) for number in range(TOKENS)]
EDGES = [(start, start + len(word)) for start, word in zip(STARTS, WORDS, strict=True)]


def to_entities(article: int, spans: Iterable[TokenSpan]) -> set[Entity]:
    return {
        Entity(f"a{article}", EDGES[span.start][0], EDGES[span.end - 1][1], span.label)
        for span in spans
    }


def read(pairs: Pairs) -> tuple[set[Entity], set[Entity]]:
    gold = set().union(*(to_entities(n, left) for n, (left, _) in enumerate(pairs)))
    predicted = set().union(*(to_entities(n, right) for n, (_, right) in enumerate(pairs)))
    return gold, predicted


def zeroed(counts: Counts) -> tuple[float, float, float]:
    """Give the ratios as the oracles do, who call an undefined ratio 0."""
    return counts.precision or 0.0, counts.recall or 0.0, counts.f1 or 0.0


@settings(max_examples=200, deadline=None)
@given(documents)
def test_nervaluate_agrees_in_its_strict_mode(pairs: Pairs) -> None:
    """Its ends are inclusive; it says 0 where a ratio is undefined."""

    def dicts(spans: list[TokenSpan]) -> list[dict[str, Any]]:
        return [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]

    judge = nervaluate.Evaluator(
        [dicts(left) for left, _ in pairs],
        [dicts(right) for _, right in pairs],
        tags=list(LABELS),
        loader="dict",
    )
    result = judge.evaluate()
    ours = score(*read(pairs))
    theirs = result["overall"]["strict"]
    total = micro(ours.values())
    assert (theirs.correct, theirs.actual, theirs.possible) == (
        total.tp,
        total.tp + total.fp,
        total.tp + total.fn,
    )
    assert (theirs.precision, theirs.recall, theirs.f1) == pytest.approx(zeroed(total))
    assert ours.keys() == result["entities"].keys()
    for label, counts in ours.items():
        row = result["entities"][label]["strict"]
        assert (row.precision, row.recall, row.f1) == pytest.approx(zeroed(counts))


@settings(max_examples=200, deadline=None)
@given(documents)
def test_seqeval_agrees_on_bio_tags(pairs: Pairs) -> None:
    """It knows the labels that occur only; its macro average counts an undefined ratio as 0.

    Its macro F1 equals ours all the same, since F1 is defined for every label that occurs.
    """
    gold, predicted = read(pairs)

    def tags(entities: set[Entity], article: int) -> list[str]:
        spans = [Span(e.start, e.end, e.label) for e in entities if e.article == f"a{article}"]
        return bio_tags(align_spans("a", spans, EDGES, Ledger()), TOKENS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every undefined ratio
        report = classification_report(
            [tags(gold, number) for number in range(len(pairs))],
            [tags(predicted, number) for number in range(len(pairs))],
            mode="strict",
            scheme=IOB2,
            output_dict=True,
            zero_division=0,
        )
    ours = score(gold, predicted)
    means = {name: report.pop(name) for name in ("micro avg", "macro avg", "weighted avg")}
    assert report.keys() == ours.keys()
    for label, row in [*report.items(), ("", means["micro avg"])]:
        counts = ours[label] if label else micro(ours.values())
        values = (row["precision"], row["recall"], row["f1-score"])
        assert values == pytest.approx(zeroed(counts))
        assert row["support"] == counts.tp + counts.fn
    mean = macro(counts.f1 for counts in ours.values())
    theirs = means["macro avg"]["f1-score"]
    assert math.isnan(theirs) if mean is None else theirs == pytest.approx(mean)


@settings(max_examples=200, deadline=None)
@given(documents)
def test_the_scorer_of_spacy_agrees(pairs: Pairs) -> None:
    """It says 0 where a ratio is undefined, but None where nothing is labelled at all."""
    vocab = Vocab()

    def make(spans: list[TokenSpan]) -> Doc:
        doc = Doc(vocab, words=WORDS)
        doc.set_ents([DocSpan(doc, s.start, s.end, s.label) for s in spans])
        return doc

    examples = [Example(make(right), make(left)) for left, right in pairs]
    result = Scorer.score_spans(examples, "ents")
    ours = score(*read(pairs))
    values = (result["ents_p"], result["ents_r"], result["ents_f"])
    if not ours:
        assert values == (None, None, None)
        assert result["ents_per_type"] is None
        return
    assert values == pytest.approx(zeroed(micro(ours.values())))
    assert result["ents_per_type"].keys() == ours.keys()
    for label, counts in ours.items():
        row = result["ents_per_type"][label]
        assert (row["p"], row["r"], row["f"]) == pytest.approx(zeroed(counts))


@settings(max_examples=200, deadline=None)
@given(documents)
def test_every_rejected_span_is_in_exactly_one_error(pairs: Pairs) -> None:
    gold, predicted = read(pairs)
    errors = find_errors(gold, predicted)
    left = [Entity(e.article, e.gold.start, e.gold.end, e.gold.label) for e in errors if e.gold]
    right = [
        Entity(e.article, e.predicted.start, e.predicted.end, e.predicted.label)
        for e in errors
        if e.predicted
    ]
    assert sorted(left) == sorted(gold - predicted)
    assert sorted(right) == sorted(predicted - gold)
    for error in errors:
        assert error.kind in ERROR_KINDS
        assert (error.kind == "missed") == (error.predicted is None)
        assert (error.kind == "spurious") == (error.gold is None)


@settings(max_examples=200, deadline=None)
@given(documents)
def test_type_errors_are_the_spans_that_unlabelled_scoring_adds(pairs: Pairs) -> None:
    gold, predicted = read(pairs)
    same_edges = {e._replace(label="") for e in gold} & {e._replace(label="") for e in predicted}
    errors = find_errors(gold, predicted)
    assert sum(e.kind == "type" for e in errors) == len(same_edges) - len(gold & predicted)

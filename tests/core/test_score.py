"""Scores by four schemas against hand counts and three independent oracles."""

import math
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import nervaluate
import pytest
from hypothesis import assume, given, settings
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.training import Example
from spacy.vocab import Vocab

from balise.align import TokenSpan, align_spans, bio_tags
from balise.ledger import Ledger
from balise.pairing import Entity, pair_spans
from balise.records import Span
from balise.score import (
    CREDIT,
    SCHEMAS,
    Counts,
    Outcomes,
    Schema,
    count_documents,
    macro,
    micro,
    score,
    to_counts,
)
from counted import lone, strict
from markup import edges_of
from readings import EDGES, LABELS, TOKENS, WORDS, Pairs, documents, entities, read

# ---- hand counts


def test_every_span_has_one_outcome_on_its_own_side() -> None:
    gold = entities(
        "[Goïta](PERSON) à [Gao](LOCATION) après l'[attaque](EVENT) du [camp de Gao](LOCATION)"
    )
    predicted = entities(
        "[Goïta](PERSON) à [Gao](PERSON) après l'attaque du camp de [Gao](LOCATION)"
    )
    # Goïta is right; the first Gao has the wrong label; attaque is missed; the camp's edges differ.
    assert score(pair_spans(gold, predicted)) == {
        "EVENT": Counts(Outcomes(alone=1), Outcomes()),
        "LOCATION": Counts(Outcomes(type=1, boundary=1), Outcomes(boundary=1)),
        "PERSON": Counts(Outcomes(correct=1), Outcomes(correct=1, type=1)),
    }
    total = micro(score(pair_spans(gold, predicted)).values())
    assert strict(total) == (1, 2, 3)
    # Of four gold and three predicted spans: strict 1, exact 2 (Gao), partial 2.5, type 2 (camp).
    for schema, earned in (("strict", 1), ("exact", 2), ("partial", 2.5), ("type", 2)):
        assert total.recall(schema) == earned / 4
        assert total.precision(schema) == earned / 3
        assert total.f1(schema) == pytest.approx(2 * earned / 7)


def test_a_label_has_the_precision_of_what_was_predicted_and_the_recall_of_what_was_marked() -> (
    None
):
    counts = score(pair_spans(entities("[Gao](LOCATION)"), entities("[Gao](PERSON)")))
    assert (counts["LOCATION"].recall("exact"), counts["LOCATION"].precision("exact")) == (1, None)
    assert (counts["PERSON"].recall("exact"), counts["PERSON"].precision("exact")) == (None, 1)
    assert micro(counts.values()).f1("exact") == 1


def test_ratios_follow_their_definitions() -> None:
    counts = lone(tp=3, fp=1, fn=2)
    assert counts.precision() == 3 / 4
    assert counts.recall() == 3 / 5
    assert counts.f1() == pytest.approx(2 * (3 / 4) * (3 / 5) / (3 / 4 + 3 / 5))


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (lone(0, 0, 0), None, None, None),
        (lone(0, 2, 0), 0.0, None, 0.0),
        (lone(0, 0, 2), None, 0.0, 0.0),
        (lone(0, 1, 1), 0.0, 0.0, 0.0),
    ],
)
def test_a_ratio_without_a_denominator_is_none_and_not_zero(
    counts: Counts,
    precision: float | None,
    recall: float | None,
    f1: float | None,
    schema: Schema,
) -> None:
    found = counts.precision(schema), counts.recall(schema), counts.f1(schema)
    assert found == (precision, recall, f1)


def test_a_macro_average_leaves_undefined_labels_out() -> None:
    assert macro([1.0, None, 0.5]) == 0.75
    assert macro([None, None]) is None
    assert macro([]) is None


def test_adding_up_nothing_is_nothing() -> None:
    assert micro([]) == lone(0, 0, 0)


def test_counts_by_document_add_up_to_the_score() -> None:
    gold = entities("[Goïta](PERSON) à [Gao](LOCATION)", "rien", "rien")
    predicted = entities("[Goïta](PERSON) à [Gao](PERSON)", "[rien](LOCATION)", "rien")
    pairing = pair_spans(gold, predicted)
    counts = count_documents(pairing, ["a2", "a1", "a0"], ["LOCATION", "DATE", "PERSON"])
    nothing = [[0] * 5, [0] * 5]
    assert counts.tolist() == [
        [nothing, nothing, nothing],
        [[[0] * 5, [0, 0, 0, 0, 1]], nothing, nothing],
        [
            [[0, 1, 0, 0, 0], [0] * 5],
            nothing,
            [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]],
        ],
    ]
    assert to_counts(counts.sum(axis=(0, 1))) == micro(score(pairing).values())


# ---- oracles


def zeroed(counts: Counts, schema: Schema = "strict") -> tuple[float, float, float]:
    """Give the ratios as the oracles do, who call an undefined ratio 0."""
    ratios = counts.precision(schema), counts.recall(schema), counts.f1(schema)
    return tuple(ratio or 0.0 for ratio in ratios)  # type: ignore[return-value]  # three of them


def judge(pairs: Pairs) -> dict[str, Any]:
    """Let nervaluate score; its ends are inclusive."""

    def dicts(spans: list[TokenSpan]) -> list[dict[str, Any]]:
        return [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]

    sides = [dicts(left) for left, _ in pairs], [dicts(right) for _, right in pairs]
    result: dict[str, Any] = nervaluate.Evaluator(
        *sides, tags=list(LABELS), loader="dict"
    ).evaluate()
    return result


@settings(max_examples=200, deadline=None)
@given(documents)
def test_nervaluate_agrees_in_its_strict_mode(pairs: Pairs) -> None:
    result = judge(pairs)
    ours = score(pair_spans(*read(pairs)))
    theirs = result["overall"]["strict"]
    total = micro(ours.values())
    assert (theirs.correct, theirs.actual, theirs.possible) == (
        total.gold.correct,
        total.predicted.spans,
        total.gold.spans,
    )
    assert (theirs.precision, theirs.recall, theirs.f1) == pytest.approx(zeroed(total))
    assert ours.keys() == result["entities"].keys()
    for label, counts in ours.items():
        row = result["entities"][label]["strict"]
        assert (row.precision, row.recall, row.f1) == pytest.approx(zeroed(counts))


def overlaps(spans: Iterable[TokenSpan], span: TokenSpan) -> int:
    return sum(span.start < other.end and other.start < span.end for other in spans)


@settings(max_examples=200, deadline=None)
@given(documents)
def test_nervaluate_agrees_in_every_mode_where_no_span_overlaps_two(pairs: Pairs) -> None:
    """Elsewhere it pairs a span with the first that it meets, and we with the best.

    Its scores of one label look at the spans of this label alone, so ours are compared on those.
    """
    for gold, predicted in pairs:
        assume(all(overlaps(predicted, span) < 2 for span in gold))
        assume(all(overlaps(gold, span) < 2 for span in predicted))
    result = judge(pairs)
    everything = read(pairs)
    sides = {
        label: tuple({e for e in side if e.label == label} for side in everything)
        for label in result["entities"]
    }
    for rows, (gold, predicted) in [
        (result["overall"], everything),
        *((result["entities"][label], pair) for label, pair in sides.items()),
    ]:
        counts = micro(score(pair_spans(gold, predicted)).values())
        for schema in SCHEMAS:
            row = rows["ent_type" if schema == "type" else schema]
            assert (row.precision, row.recall, row.f1) == pytest.approx(zeroed(counts, schema))
            assert (row.correct, row.partial, row.incorrect) == tuple(
                earning(counts.gold, schema, credit) for credit in (1.0, 0.5, 0.0)
            )
            assert (row.missed, row.spurious) == (counts.gold.alone, counts.predicted.alone)


def earning(outcomes: Outcomes, schema: Schema, credit: float) -> int:
    """Count the spans with a partner that earn so much."""
    counts: Sequence[int] = (outcomes.correct, outcomes.type, outcomes.boundary, outcomes.both)
    return sum(n for n, each in zip(counts, CREDIT[schema], strict=False) if each == credit)


@settings(max_examples=200, deadline=None)
@given(documents)
def test_seqeval_agrees_on_bio_tags(pairs: Pairs) -> None:
    """It knows the labels that occur only; its macro average counts an undefined ratio as 0.

    Its macro F1 equals ours all the same, since F1 is defined for every label that occurs.
    """
    gold, predicted = read(pairs)

    def tags(found: set[Entity], article: int) -> list[str]:
        spans = [Span(e.start, e.end, e.label) for e in found if e.article == f"a{article}"]
        return bio_tags(align_spans("a", spans, edges_of(EDGES), Ledger()), TOKENS)

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
    ours = score(pair_spans(gold, predicted))
    means = {name: report.pop(name) for name in ("micro avg", "macro avg", "weighted avg")}
    assert report.keys() == ours.keys()
    for label, row in [*report.items(), ("", means["micro avg"])]:
        counts = ours[label] if label else micro(ours.values())
        values = (row["precision"], row["recall"], row["f1-score"])
        assert values == pytest.approx(zeroed(counts))
        assert row["support"] == counts.gold.spans
    mean = macro(counts.f1() for counts in ours.values())
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
    ours = score(pair_spans(*read(pairs)))
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
def test_exact_scores_are_the_strict_ones_of_spans_without_labels(pairs: Pairs) -> None:
    gold, predicted = read(pairs)
    bare = [{entity._replace(label="") for entity in side} for side in (gold, predicted)]
    unlabelled = micro(score(pair_spans(bare[0], bare[1])).values())
    total = micro(score(pair_spans(gold, predicted)).values())
    assert zeroed(total, "exact") == zeroed(unlabelled, "strict")

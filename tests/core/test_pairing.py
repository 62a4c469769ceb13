"""Pairs of spans, and the errors that they are, against a slow pairing in plain Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balise.pairing import OUTCOMES, Entity, Pairing, Side, pair_spans
from balise.records import Span
from balise.span_errors import ERROR_KINDS, find_errors
from markup import markup
from readings import Pairs, documents, entities, overlapping_entities, read

Found = tuple[str, Entity | None, Entity | None]

# ---- by hand


def kinds(gold: str, predicted: str) -> list[tuple[str, str | None, str | None]]:
    """Name each error's kind with the surfaces of its gold and its predicted span."""
    text = markup(gold)[0]

    def surface(span: Span | None) -> str | None:
        return text[span.start : span.end] if span else None

    return [
        (error.kind, surface(error.gold), surface(error.predicted))
        for error in find_errors(pair_spans(entities(gold), entities(predicted)))
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


def test_the_same_edges_go_before_the_same_label() -> None:
    gold = {Entity("a", 0, 4, "X")}
    predicted = {Entity("a", 0, 4, "Y"), Entity("a", 0, 9, "X")}
    [first, second] = find_errors(pair_spans(gold, predicted))
    assert (first.kind, first.predicted) == ("type", Span(0, 4, "Y"))
    assert (second.kind, second.predicted) == ("spurious", Span(0, 9, "X"))


def test_spans_that_only_touch_are_not_paired() -> None:
    assert kinds("[Gao](LOCATION)lundi", "Gao[lundi](LOCATION)") == [
        ("missed", "Gao", None),
        ("spurious", None, "lundi"),
    ]


def test_the_same_offsets_in_another_article_are_not_paired() -> None:
    errors = find_errors(
        pair_spans(entities("[Gao](LOCATION)"), entities("Gao", "[Gao](LOCATION)"))
    )
    assert [(error.article, error.kind) for error in errors] == [
        ("a0", "missed"),
        ("a1", "spurious"),
    ]


@pytest.mark.parametrize("empty", [(set(), set()), (set(), {Entity("a", 0, 1, "X")})])
def test_a_side_may_be_empty(empty: tuple[set[Entity], set[Entity]]) -> None:
    assert [error.kind for error in find_errors(pair_spans(*empty))] == ["spurious"] * len(empty[1])
    assert [error.kind for error in find_errors(pair_spans(*empty[::-1]))] == (
        ["missed"] * len(empty[1])
    )


# ---- against the definition, written down as slowly as it reads


def pair_slowly(gold: set[Entity], predicted: set[Entity]) -> list[Found]:
    """Try every pair in the order of the definition."""
    wrong, found = gold - predicted, predicted - gold
    ranked = []
    for left in wrong:
        for right in found:
            shared = min(left.end, right.end) - max(left.start, right.start)
            if left.article == right.article and shared > 0:
                if left[1:3] == right[1:3]:
                    rank = "type"
                else:
                    rank = "boundary" if left.label == right.label else "both"
                ranked.append((("type", "boundary", "both").index(rank), -shared, left, right))
    pairs: list[Found] = [("correct", each, each) for each in gold & predicted]
    free = wrong | found  # no span is on both sides
    for rank, _, left, right in sorted(ranked):
        if left in free and right in free:
            free -= {left, right}
            pairs.append((("type", "boundary", "both")[rank], left, right))
    pairs += [("missed", each, None) for each in free & gold]
    pairs += [("spurious", None, each) for each in free & predicted]
    return sorted(pairs, key=str)


def entity(pairing: Pairing, side: Side, place: int) -> Entity:
    return Entity(
        pairing.articles[side.articles[place]],
        int(side.starts[place]),
        int(side.ends[place]),
        pairing.labels[side.labels[place]],
    )


def listed(pairing: Pairing) -> list[Found]:
    """List a pairing's pairs, and see that both sides tell the same of each."""
    gold, predicted = pairing.gold, pairing.predicted
    pairs: list[Found] = []
    for place, (outcome, partner) in enumerate(zip(gold.outcomes, gold.partners, strict=True)):
        left = entity(pairing, gold, place)
        if partner < 0:
            assert OUTCOMES[outcome] == "alone"
            pairs.append(("missed", left, None))
        else:
            assert predicted.partners[partner] == place
            assert predicted.outcomes[partner] == outcome
            pairs.append((OUTCOMES[outcome], left, entity(pairing, predicted, partner)))
    for place, partner in enumerate(predicted.partners):
        if partner < 0:
            assert OUTCOMES[predicted.outcomes[place]] == "alone"
            pairs.append(("spurious", None, entity(pairing, predicted, place)))
    return sorted(pairs, key=str)


@settings(max_examples=300, deadline=None)
@given(documents)
def test_flat_spans_are_paired_as_defined(pairs: Pairs) -> None:
    gold, predicted = read(pairs)
    assert listed(pair_spans(gold, predicted)) == pair_slowly(gold, predicted)


@settings(max_examples=300, deadline=None)
@given(overlapping_entities(), overlapping_entities(), st.booleans())
def test_overlapping_spans_are_paired_as_defined(
    gold: set[Entity], predicted: set[Entity], alike: bool
) -> None:
    if alike:
        predicted |= set(sorted(gold)[::2])
    assert listed(pair_spans(gold, predicted)) == pair_slowly(gold, predicted)


@settings(max_examples=200, deadline=None)
@given(overlapping_entities(), overlapping_entities())
def test_every_rejected_span_is_in_exactly_one_error(
    gold: set[Entity], predicted: set[Entity]
) -> None:
    errors = find_errors(pair_spans(gold, predicted))
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

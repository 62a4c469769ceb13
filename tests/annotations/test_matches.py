"""Matches of spans against hand counts, nervaluate, and scipy's maximum matching."""

from collections import Counter
from typing import Any

import nervaluate
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from annotations.pairs import LABELS, make_pair, marked_pair, two_readings
from balise.annotations.matches import FIELDS, f1_scores, match_spans
from balise.readers import Pair
from balise.records import Span

corpora = st.lists(two_readings(), min_size=1, max_size=4)


def counted(pair: Pair, field: str) -> dict[str, int]:
    column = match_spans(pair, LABELS).counts.sum(axis=0)[:, FIELDS.index(field)]
    return dict(zip(LABELS, column.astype(int).tolist(), strict=True))


def test_edges_that_are_the_same_count_on_either_side_under_its_own_label() -> None:
    pair = marked_pair(("[Gao](LOCATION) et [Goïta](PERSON)", "[Gao](EVENT) et [Goïta](PERSON)"))
    assert counted(pair, "both") == {"PERSON": 1, "LOCATION": 0, "EVENT": 0}
    assert counted(pair, "same_edges") == {"PERSON": 2, "LOCATION": 1, "EVENT": 1}
    assert counted(pair, "overlapping") == {"PERSON": 1, "LOCATION": 0, "EVENT": 0}


def test_a_span_over_two_others_overlaps_one_of_them() -> None:
    pair = marked_pair(
        ("[camp de Gao](LOCATION)", "[camp](LOCATION) de [Gao](LOCATION)"),
    )
    assert counted(pair, "overlapping")["LOCATION"] == 1


def test_as_many_spans_as_can_be_are_matched() -> None:
    # The largest overlap is that of the two long ones; to match them would leave two spans alone.
    first = (Span(0, 10, "EVENT"), Span(10, 12, "EVENT"))
    second = (Span(0, 2, "EVENT"), Span(2, 12, "EVENT"))
    assert counted(make_pair((first, second)), "overlapping")["EVENT"] == 2


def test_spans_that_only_touch_do_not_overlap() -> None:
    pair = marked_pair(("[Gao](LOCATION)lundi", "Gao[lundi](LOCATION)"))
    assert counted(pair, "overlapping")["LOCATION"] == 0


def test_an_overlap_needs_the_same_label_and_the_same_article() -> None:
    pair = marked_pair(
        ("[camp de Gao](LOCATION)", "camp de [Gao](EVENT)"),
        ("[Gao](LOCATION)", "Gao"),
        ("Gao", "[Gao](LOCATION)"),
    )
    assert sum(counted(pair, "overlapping").values()) == 0


def test_articles_read_the_same_are_counted() -> None:
    pair = marked_pair(
        ("[Gao](LOCATION)", "[Gao](LOCATION)"), ("rien", "rien"), ("[x](EVENT)", "x")
    )
    assert match_spans(pair, LABELS).equal == 2


def test_f1_is_undefined_where_there_is_no_span() -> None:
    scores = f1_scores(np.array([[0, 0, 0, 0, 0], [1, 1, 0, 2, 0]]))
    np.testing.assert_equal(scores, [[np.nan] * 3, [0, 1, 0]])


@settings(max_examples=150)
@given(corpora)
def test_nervaluate_agrees_on_strict_and_on_exact_edges(
    corpus: list[tuple[tuple[Span, ...], tuple[Span, ...]]],
) -> None:
    """Its ends are inclusive; it says 0 where a ratio is undefined."""

    def dicts(spans: tuple[Span, ...]) -> list[dict[str, Any]]:
        return [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]

    judge = nervaluate.Evaluator(
        [dicts(first) for first, _ in corpus],
        [dicts(second) for _, second in corpus],
        tags=list(LABELS),
        loader="dict",
    )
    overall = judge.evaluate()["overall"]
    total = match_spans(make_pair(*corpus), LABELS).counts.sum(axis=(0, 1))
    ours = np.nan_to_num(f1_scores(total))
    assert ours[:2].tolist() == pytest.approx([overall["strict"].f1, overall["exact"].f1])


@settings(max_examples=150)
@given(corpora)
def test_a_maximum_matching_of_scipy_is_as_large(
    corpus: list[tuple[tuple[Span, ...], tuple[Span, ...]]],
) -> None:
    expected: Counter[str] = Counter()
    for spans in corpus:
        for label in LABELS:
            first, second = ([span for span in side if span.label == label] for side in spans)
            graph = [[a.start < b.end and b.start < a.end for b in second] for a in first]
            if first and second:
                matched = maximum_bipartite_matching(csr_array(np.array(graph)), "column")
                expected[label] += int((matched >= 0).sum())
    found = counted(make_pair(*corpus), "overlapping")
    assert found == {label: expected[label] for label in LABELS}


@settings(max_examples=150)
@given(corpora)
def test_the_three_ways_to_match_never_fall_from_strict_on(
    corpus: list[tuple[tuple[Span, ...], tuple[Span, ...]]],
) -> None:
    counts = match_spans(make_pair(*corpus), LABELS).counts.sum(axis=(0, 1))
    strict, untyped, overlap = np.nan_to_num(f1_scores(counts))
    assert strict <= untyped <= 1
    assert strict <= overlap <= 1


def test_spans_that_both_have_are_matched_before_those_that_only_overlap() -> None:
    # One more pair would come of parting the span that both have.
    shared = Span(0, 10, "EVENT")
    pair = make_pair(((shared, Span(0, 3, "EVENT")), (shared, Span(7, 10, "EVENT"))))
    assert counted(pair, "overlapping")["EVENT"] == 1


def test_nested_spans_are_matched_as_many_as_can_be() -> None:
    # The longest overlaps everything; taken first, it must leave the short ones their partners.
    first = (Span(0, 9, "EVENT"), Span(0, 2, "EVENT"), Span(4, 5, "EVENT"))
    second = (Span(0, 3, "EVENT"), Span(4, 9, "EVENT"), Span(6, 8, "EVENT"))
    assert counted(make_pair((first, second)), "overlapping")["EVENT"] == 3


def test_two_labels_on_the_same_edges_have_as_many_partners_as_the_other_has() -> None:
    pair = marked_pair(("[[Gao](LOCATION)](EVENT)", "[Gao](LOCATION)"))
    assert counted(pair, "both") == {"PERSON": 0, "LOCATION": 1, "EVENT": 0}
    assert counted(pair, "same_edges") == {"PERSON": 0, "LOCATION": 2, "EVENT": 0}


NESTED = st.sets(
    st.builds(
        lambda start, length, label: Span(start, start + length, label),
        st.integers(0, 9),
        st.integers(1, 5),
        st.sampled_from(LABELS[:2]),
    ),
    max_size=6,
).map(lambda spans: tuple(sorted(spans)))


def most(first: tuple[Span, ...], second: tuple[Span, ...]) -> int:
    """Try every matching of spans that overlap under one label."""
    if not first:
        return 0
    one, rest = first[0], first[1:]
    found = [most(rest, second)]
    for at, other in enumerate(second):
        if one.label == other.label and one.start < other.end and other.start < one.end:
            found.append(1 + most(rest, second[:at] + second[at + 1 :]))
    return max(found)


@settings(max_examples=100)
@given(NESTED, NESTED)
def test_overlapping_spans_are_counted_by_their_definitions(
    first: tuple[Span, ...], second: tuple[Span, ...]
) -> None:
    pair = make_pair((first, second))
    both = set(first) & set(second)
    alone = [tuple(span for span in spans if span not in both) for spans in (first, second)]
    assert sum(counted(pair, "both").values()) == len(both)
    assert sum(counted(pair, "overlapping").values()) == len(both) + most(*alone)
    edges = [Counter((span.start, span.end) for span in spans) for spans in (first, second)]
    assert sum(counted(pair, "same_edges").values()) == 2 * (edges[0] & edges[1]).total()

"""The cheapest alignment against a search of all alignments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.pairs import LABELS, cheapest, make_pair, two_readings
from balise.annotations import alignment
from balise.annotations.alignment import (
    Weights,
    align,
    alignment_costs,
    dissimilarities,
    make_units,
)
from balise.records import Span

WEIGHTS = (Weights(), Weights(3.0, 0.5, 1.0), Weights(0.5, 2.0, 2.0))


def units(*articles: tuple[tuple[Span, ...], tuple[Span, ...]]) -> tuple[alignment.Units, ...]:
    pair = make_pair(*articles)
    return make_units(pair.left, LABELS), make_units(pair.right, LABELS)


def test_dissimilarities_follow_their_definition() -> None:
    first, second = (Span(0, 4, "EVENT"),), (Span(2, 6, "EVENT"), Span(0, 4, "PERSON"))
    [found] = dissimilarities(*units((first, second)))
    # ((2 + 2) / (4 + 4))², and another label at the same place.
    assert found.tolist() == [[0.25, 1.0]]
    [found] = dissimilarities(*units((first, second)), Weights(2.0, 0.5, 3.0))
    assert found.tolist() == [[1.5, 1.5]]


def test_spans_are_paired_or_left_alone() -> None:
    costs = np.array([[0.25, 5.0], [5.0, 5.0], [5.0, 5.0]])
    cost, rows, columns = align(costs, 1.0)
    # One pair, and three spans alone.
    assert (cost, rows.tolist(), columns.tolist()) == (3.25, [0], [0])


def test_pairs_cross_where_the_labels_weigh_more_than_the_places() -> None:
    first = (Span(0, 10, "EVENT"), Span(10, 20, "PERSON"))
    second = (Span(3, 13, "PERSON"), Span(13, 23, "EVENT"))
    weights = Weights(0.5, 2.0, 1.0)
    [costs] = dissimilarities(*units((first, second)), weights)
    cost, rows, columns = align(costs, weights.alone)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]
    # (26 / 20)² and (14 / 20)², by half.
    assert cost == pytest.approx((1.69 + 0.49) / 2)


@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
@settings(max_examples=100)
@given(articles=st.lists(two_readings(size=16, most=4), min_size=1, max_size=4))
def test_no_alignment_costs_less(
    weights: Weights, articles: list[tuple[tuple[Span, ...], tuple[Span, ...]]]
) -> None:
    found = alignment_costs(*units(*articles), weights)
    assert found.tolist() == pytest.approx([cheapest(*spans, weights) for spans in articles])


def test_a_corpus_in_pieces_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    spans = tuple(Span(place, place + 3, LABELS[place % 3]) for place in range(0, 40, 4))
    articles = [(spans[:number], spans[number // 2 :]) for number in range(10)]
    whole = alignment_costs(*units(*articles))
    monkeypatch.setattr(alignment, "_MOST_CELLS", 7)
    assert alignment_costs(*units(*articles)).tolist() == whole.tolist()


NESTED = st.sets(
    st.builds(
        lambda start, length, label: Span(start, start + length, label),
        st.integers(0, 9),
        st.integers(1, 6),
        st.sampled_from(LABELS),
    ),
    max_size=4,
).map(lambda spans: tuple(sorted(spans)))


@given(NESTED, NESTED)
def test_no_alignment_of_spans_that_overlap_costs_less(
    first: tuple[Span, ...], second: tuple[Span, ...]
) -> None:
    left, right = units((first, second))
    [cost] = alignment_costs(left, right)
    assert cost == pytest.approx(cheapest(first, second, Weights()))

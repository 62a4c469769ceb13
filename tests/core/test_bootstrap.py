"""Document-bootstrap intervals against a slow resampling in plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balise.bootstrap import Interval, draw, interval, mean_defined, resample
from balise.score import (
    SCHEMAS,
    Counts,
    Outcomes,
    Schema,
    f1,
    macro,
    micro,
    precision,
    recall,
)
from counted import cells, lone

NAN = float("nan")

Side = tuple[int, ...]
Document = tuple[tuple[Side, Side], ...]

sides = st.tuples(*[st.integers(0, 3)] * 5)
documents_of_two_labels = st.tuples(st.tuples(sides, sides), st.tuples(sides, sides))
corpora = st.lists(documents_of_two_labels, min_size=2, max_size=6)
schemas = st.sampled_from(SCHEMAS)


def percentile(values: list[float], share: float) -> float:
    """Interpolate between the two nearest ranks, as numpy does by default."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def slow_interval(values: list[float | None]) -> tuple[float, float, int] | None:
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    return percentile(defined, 0.025), percentile(defined, 0.975), len(defined)


def shown(bounds: Interval | None) -> tuple[float, float, int] | None:
    return None if bounds is None else (bounds.low, bounds.high, bounds.resamples)


def total(documents: list[Document], label: int) -> Counts:
    return micro(
        Counts(Outcomes(*document[label][0]), Outcomes(*document[label][1]))
        for document in documents
    )


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(0, 3), schemas)
def test_intervals_equal_those_of_a_resampling_by_hand(
    documents: list[Document], seed: int, schema: Schema
) -> None:
    indices = draw(len(documents), 120, seed)
    sums = resample(np.array(documents, dtype=float), indices)
    drawn = [[documents[number] for number in row] for row in indices.tolist()]
    by_hand = [[total(sample, label) for label in (0, 1)] for sample in drawn]
    for label in (0, 1):
        for ratio, name in ((precision, "precision"), (recall, "recall"), (f1, "f1")):
            ours = interval(ratio(sums[:, label], schema), len(documents))
            theirs = slow_interval([getattr(counts[label], name)(schema) for counts in by_hand])
            assert shown(ours) == pytest.approx(theirs)
    ours = interval(f1(sums.sum(axis=1), schema), len(documents))
    scores = [micro(counts).f1(schema) for counts in by_hand]
    assert shown(ours) == pytest.approx(slow_interval(scores))
    ours = interval(mean_defined(f1(sums, schema)), len(documents))
    means = [macro(counts.f1(schema) for counts in pair) for pair in by_hand]
    assert shown(ours) == pytest.approx(slow_interval(means))


@settings(max_examples=60, deadline=None)
@given(corpora, corpora, st.integers(0, 3), schemas)
def test_a_paired_difference_uses_the_same_documents_for_both(
    left: list[Document], right: list[Document], seed: int, schema: Schema
) -> None:
    size = min(len(left), len(right))
    indices = draw(size, 120, seed)
    sums = [resample(np.array(side[:size], dtype=float), indices) for side in (left, right)]
    ours = interval(f1(sums[1][:, 0], schema) - f1(sums[0][:, 0], schema), size)
    by_hand: list[float | None] = []
    for row in indices.tolist():
        first, second = (total([side[n] for n in row], 0).f1(schema) for side in (left, right))
        by_hand.append(None if first is None or second is None else second - first)
    assert shown(ours) == pytest.approx(slow_interval(by_hand))


def test_a_system_differs_from_itself_by_exactly_nothing() -> None:
    counts = np.array([[cells(3, 1, 0)], [cells(0, 2, 5)], [cells(1, 0, 0)]], dtype=float)
    sums = resample(counts, draw(3, 500, 0))[:, 0]
    assert interval(f1(sums, "strict") - f1(sums, "strict"), 3) == Interval(0.0, 0.0, 500)


def test_the_interval_holds_the_score_itself() -> None:
    counts = np.array(
        [[cells(*each)] for each in ((8, 2, 3), (5, 1, 0), (2, 4, 4), (9, 0, 1), (6, 3, 3))],
        dtype=float,
    )
    bounds = interval(f1(resample(counts, draw(5, 2000, 0)), "strict")[:, 0], 5)
    score_ = lone(30, 10, 11).f1()  # the columns' sums
    assert bounds is not None
    assert score_ is not None
    assert bounds.low < score_ < bounds.high


def test_articles_that_are_all_alike_give_an_interval_of_no_width() -> None:
    counts = np.array([[cells(3, 1, 1)]] * 4, dtype=float)
    assert interval(f1(resample(counts, draw(4, 200, 0)), "strict")[:, 0], 4) == Interval(
        0.75, 0.75, 200
    )


def test_a_single_article_gives_no_interval() -> None:
    counts = np.array([[cells(3, 1, 1)]], dtype=float)
    assert interval(f1(resample(counts, draw(1, 200, 0)), "strict")[:, 0], 1) is None


def test_a_score_that_no_resample_defines_has_no_interval() -> None:
    counts = np.zeros((3, 1, 2, 5))
    assert interval(f1(resample(counts, draw(3, 200, 0)), "strict")[:, 0], 3) is None


def test_resamples_without_the_label_are_left_out_and_counted() -> None:
    # One of two documents holds the label; a resample misses it where both draws are the other.
    counts = np.array([[cells(1, 0, 0)], [cells(0, 0, 0)]], dtype=float)
    indices = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert interval(f1(resample(counts, indices), "strict")[:, 0], 2) == Interval(1.0, 1.0, 3)


def test_undefined_ratios_are_not_numbers_rather_than_zero() -> None:
    counts = np.array([cells(0, 0, 0), cells(0, 2, 0), cells(0, 0, 2)], dtype=float)
    np.testing.assert_equal(precision(counts, "strict"), [NAN, 0, NAN])
    np.testing.assert_equal(recall(counts, "strict"), [NAN, NAN, 0])
    np.testing.assert_equal(f1(counts, "strict"), [NAN, 0, 0])
    np.testing.assert_equal(mean_defined(np.array([[NAN, 1.0], [NAN, NAN]])), [1.0, NAN])


def test_a_seed_decides_the_draws_and_nought_is_a_seed_like_any_other() -> None:
    assert (draw(20, 50, 0) == draw(20, 50, 0)).all()
    assert not (draw(20, 50, 0) == draw(20, 50, 1)).all()
    assert draw(20, 50, 0).shape == (50, 20)

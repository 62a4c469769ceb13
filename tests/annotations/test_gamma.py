"""γ against its definition: chance summed up over every shift instead of sampled."""

import random

import numpy as np
import pytest

from annotations.pairs import LABELS, cheapest, make_pair, marked_pair
from balise.annotations.alignment import Weights
from balise.annotations.gamma import PRECISION, gamma, measure_disorder
from balise.readers import Pair
from balise.records import Span

Reading = tuple[Span, ...]


def value(pair: Pair, seed: int = 0) -> float:
    return float(gamma(measure_disorder(pair, LABELS, seed).sums.sum(axis=0)))


def shift(spans: Reading, by: int, length: int) -> Reading:
    moved = []
    for span in spans:
        back = length if span.start + by > length else 0
        moved.append(Span(span.start + by - back, span.end + by - back, span.label))
    return tuple(moved)


def chance(first: Reading, second: Reading) -> float:
    """Add up the disorder of every two shifted readings, by how likely they are."""
    length = max(span.end for span in first + second)
    lengths = [span.end - span.start for span in first + second]
    apart = sum(lengths) / len(lengths) / 2
    cost = units = 0.0
    for one in range(length):
        for other in range(length):
            # The share of [other, other + 1) that is far enough from the first shift.
            free = max(0.0, min(other + 1, one - apart) - other)
            free += max(0.0, other + 1 - max(other, one + apart))
            for left in (first, second):
                for right in (first, second):
                    moved = shift(left, one, length), shift(right, other, length)
                    room = max(0.0, one - apart) + max(0.0, length - one - apart)
                    cost += free / room * cheapest(*moved, Weights())
                    units += free / room * (len(left) + len(right)) / 2
    return cost / units


ARTICLES: list[tuple[Reading, Reading]] = [
    (
        (Span(1, 5, "EVENT"), Span(8, 10, "PERSON")),
        (Span(2, 5, "EVENT"), Span(8, 10, "LOCATION")),
    ),
    ((Span(0, 3, "PERSON"), Span(4, 9, "EVENT"), Span(12, 14, "EVENT")), (Span(4, 9, "EVENT"),)),
]


@pytest.mark.parametrize("article", ARTICLES, ids=["as many spans", "fewer spans"])
def test_the_expected_disorder_is_that_of_all_shifts(article: tuple[Reading, Reading]) -> None:
    found = measure_disorder(make_pair(article), LABELS, 0)
    cost, units = found.sums[0, 2:]
    assert found.width is not None
    # `width` is that of a 95 % interval; the draws of seed 0 may be among the other 5 %.
    assert cost / units == pytest.approx(chance(*article), rel=1.5 * found.width)


def test_the_observed_disorder_is_the_cost_over_the_mean_number_of_spans() -> None:
    first, second = ARTICLES[0]
    found = measure_disorder(make_pair((first, second)), LABELS, 0)
    # ((2 - 1) / (4 + 3))² for the place, and 1 for the label.
    assert found.sums[0, :2].tolist() == pytest.approx([1 / 49 + 1, 2])


def test_two_readings_alike_have_a_gamma_of_1() -> None:
    assert value(marked_pair(("[Gao](LOCATION) et [Goïta](PERSON)",) * 2)) == 1


def test_unrelated_readings_have_a_gamma_near_0() -> None:
    draw = random.Random(0)

    def reading() -> Reading:
        starts = sorted(draw.sample(range(0, 400, 8), 12))
        return tuple(
            Span(start, start + draw.randint(2, 7), draw.choice(LABELS)) for start in starts
        )

    pair = make_pair(*((reading(), reading()) for _ in range(60)))
    assert abs(value(pair)) < 0.05


def test_labels_and_places_both_weigh() -> None:
    text = "[Gao](LOCATION) et [Goïta](PERSON) lundi"
    other_label = "[Gao](LOCATION) et [Goïta](EVENT) lundi"
    other_edge = "[Gao](LOCATION) et [Goïta lundi](PERSON)"
    values = [value(marked_pair((text, each))) for each in (text, other_edge, other_label)]
    assert values[0] > values[1] > values[2]


def test_articles_are_not_aligned_with_each_other() -> None:
    """Two articles with a span each, of different annotators, have nothing in common."""
    pair = marked_pair(("[Gao](LOCATION)", "Gao"), ("Gao", "[Gao](LOCATION)"))
    assert measure_disorder(pair, LABELS, 0).sums[:, :2].tolist() == [[1, 0.5], [1, 0.5]]


def test_gamma_is_undefined_without_spans() -> None:
    found = measure_disorder(marked_pair(("rien", "rien")), LABELS, 0)
    assert found.width is None
    assert np.isnan(gamma(found.sums.sum(axis=0)))


def test_a_reading_without_spans_has_all_the_other_s_alone() -> None:
    pair = marked_pair(("[Gao](LOCATION) et [Goïta](PERSON)", "Gao et Goïta"))
    assert measure_disorder(pair, LABELS, 0).sums[0, :2].tolist() == [2, 1]
    # By chance one of the two made-up readings is often empty as well: no better than that.
    assert value(pair) <= 0


def test_sampling_goes_on_until_the_precision_is_reached() -> None:
    rough = measure_disorder(make_pair(*ARTICLES), LABELS, 0, precision=0.2)
    fine = measure_disorder(make_pair(*ARTICLES), LABELS, 0)
    assert rough.samples < fine.samples
    assert rough.width is not None
    assert rough.width <= 0.2
    assert fine.width is not None
    assert fine.width <= PRECISION


def test_a_seed_decides_the_samples() -> None:
    pair = make_pair(*ARTICLES)
    assert value(pair, 3) == value(pair, 3)
    assert value(pair, 3) != value(pair, 4)

"""γ beside pygamma-agreement, the implementation of the method's users.

It reckons in 32-bit floats, and finds alignments by integer programming. Importing it takes ten
seconds, for it compiles: these tests stay together on one worker.
"""

import logging
import random
from typing import Any

import numpy as np
import pytest

from annotations.pairs import LABELS, make_pair
from balise.annotations.alignment import (
    Weights,
    align,
    alignment_costs,
    dissimilarities,
    make_units,
)
from balise.annotations.gamma import gamma, measure_disorder
from balise.readers import Pair
from balise.records import Span

pytestmark = pytest.mark.xdist_group("pygamma")
Reading = tuple[Span, ...]


@pytest.fixture(scope="session")
def pygamma() -> Any:
    import cvxopt.glpk
    import pygamma_agreement

    cvxopt.glpk.options["msg_lev"] = "GLP_MSG_OFF"
    logging.getLogger().setLevel(logging.ERROR)  # it warns of its solver at every alignment
    return pygamma_agreement


def random_spans(draw: random.Random, size: int = 300) -> Reading:
    edges = sorted(draw.sample(range(size), 2 * draw.randint(1, 10)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Span(start, min(end, start + 20), draw.choice(LABELS)) for start, end in pairs)


def changed(spans: Reading, draw: random.Random) -> Reading:
    """Lose a span of ten, move the start of some, and give others any label."""
    kept = [span for span in spans if draw.random() < 0.9] or list(spans)
    return tuple(
        Span(
            span.start + (draw.random() < 0.2 and span.end - span.start > 1),
            span.end,
            draw.choice(LABELS) if draw.random() < 0.2 else span.label,
        )
        for span in kept
    )


def readings(seed: int) -> tuple[Reading, Reading]:
    draw = random.Random(seed)
    first = random_spans(draw)
    return first, changed(first, draw) if seed % 3 else random_spans(draw)


def continuum(pygamma: Any, pair: Pair) -> Any:
    from pyannote.core import Segment

    made = pygamma.Continuum()
    for reading in (*pair.left, *pair.right):
        made.add_annotator(reading.annotator)
        for span in reading.spans:
            made.add(reading.annotator, Segment(span.start, span.end), span.label)
    return made


def dissimilarity(pygamma: Any, weights: Weights) -> Any:
    # Its own default would weigh labels by a Δ∅ of 1 whatever is asked for.
    categorical = pygamma.AbsoluteCategoricalDissimilarity(weights.alone)
    return pygamma.CombinedCategoricalDissimilarity(
        weights.place, weights.label, weights.alone, cat_dissim=categorical
    )


@pytest.mark.parametrize(
    "weights", [Weights(), Weights(3.0, 0.5, 1.0), Weights(0.5, 2.0, 2.0)], ids=str
)
def test_the_observed_disorder_is_the_same(pygamma: Any, weights: Weights) -> None:
    judge = dissimilarity(pygamma, weights)
    for seed in range(12):
        pair = make_pair(readings(seed))
        units = make_units(pair.left, LABELS), make_units(pair.right, LABELS)
        sizes = sum(len(each.starts) for each in units)
        ours = alignment_costs(*units, weights)[0] / (sizes / 2)
        theirs = continuum(pygamma, pair).get_best_alignment(judge)
        assert ours == pytest.approx(theirs.disorder, rel=1e-6, abs=1e-6)


def test_the_alignment_is_a_best_one_there_too(pygamma: Any) -> None:
    """Several may cost the least, so it is judged by its validity and its disorder."""
    judge = dissimilarity(pygamma, Weights())
    for seed in range(12):
        pair = make_pair(readings(seed))
        units = make_units(pair.left, LABELS), make_units(pair.right, LABELS)
        [costs] = dissimilarities(*units)
        _, rows, columns = align(costs, 1.0)
        there = continuum(pygamma, pair)
        left, right = (list(there[name]) for name in (pair.first, pair.second))
        paired = list(zip(rows.tolist(), columns.tolist(), strict=True))
        tuples = [(left[row], right[column]) for row, column in paired]
        tuples += [(unit, None) for row, unit in enumerate(left) if row not in set(rows.tolist())]
        tuples += [
            (None, unit) for column, unit in enumerate(right) if column not in set(columns.tolist())
        ]
        alignment = pygamma.Alignment(
            [
                pygamma.UnitaryAlignment([(pair.first, one), (pair.second, other)])
                for one, other in tuples
            ],
            there,
            check_validity=True,
        )
        best = there.get_best_alignment(judge).disorder
        assert alignment.compute_disorder(judge) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_expected_disorder_and_gamma_are_the_same_but_for_the_draws(
    pygamma: Any, seed: int
) -> None:
    first, _ = readings(seed)
    # As many spans for both, or the mean of its samples' ratios is not the ratio of their means.
    second = tuple(
        Span(span.start, span.end, "EVENT" if place % 3 else span.label)
        for place, span in enumerate(first)
    )
    pair = make_pair((first, second))
    ours = measure_disorder(pair, LABELS, 0)
    np.random.seed(0)  # its sampler draws from there
    theirs = continuum(pygamma, pair).compute_gamma(
        dissimilarity(pygamma, Weights()),
        n_samples=200,
        sampler=pygamma.ShuffleContinuumSampler("int_pivot"),
    )
    drawn = [alignment.disorder for alignment in theirs.chance_alignments]
    error = 1.96 * np.std(drawn, ddof=1) / np.sqrt(len(drawn))
    assert ours.width is not None
    cost, units = ours.sums[0, 2:]
    expected = cost / units
    # Half as much again as both 95 % intervals together.
    margin = 1.5 * np.hypot(error, ours.width * expected)
    assert expected == pytest.approx(theirs.expected_disorder, abs=margin)
    margin *= theirs.observed_disorder / expected**2
    assert gamma(ours.sums.sum(axis=0)) == pytest.approx(theirs.gamma, abs=margin)

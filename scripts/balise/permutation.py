"""Whether two systems differ: a paired permutation test over documents.

If neither system were better, each document's two results might as well be exchanged. The test
exchanges them in about half the documents, many times, and asks how often the scores then differ
by as much as they do (approximate randomisation: Noreen 1989, chapter 2; Yeh 2000, « More accurate
tests for the statistical significance of result differences »).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

ROUNDS = 10_000
_AT_ONCE = 500
# Two orders of adding up the same counts may differ by this much.
_EQUAL = 1e-12


def permutation_test(
    first: "NDArray[float64]",
    second: "NDArray[float64]",
    score: "Callable[[NDArray[float64]], NDArray[float64]]",
    seed: int,
    rounds: int = ROUNDS,
) -> "NDArray[float64]":
    """Give the two-sided p-value of each difference between two systems.

    `first` and `second` are counts (documents, …) of the same documents, and `score` turns sums of
    them (rounds, …) into scores (rounds, figures). The p-value counts the result itself among the
    rounds, so it is never 0; it is NaN where the difference is undefined. A round in which it is
    undefined counts as one that differs as much.
    """
    import numpy as np

    change = (second - first).reshape(len(first), -1)
    totals = first.sum(axis=0), second.sum(axis=0)
    observed = np.abs(score(totals[1][None]) - score(totals[0][None]))[0]
    generator = np.random.default_rng(seed)
    as_large = np.zeros(observed.shape)
    for at in range(0, rounds, _AT_ONCE):
        size = min(_AT_ONCE, rounds - at)
        exchanged = generator.integers(0, 2, size=(size, len(first))).astype(float)
        moved = (exchanged @ change).reshape(size, *first.shape[1:])
        found = np.abs(score(totals[1] - moved) - score(totals[0] + moved))
        as_large += (~(found < observed - _EQUAL)).sum(axis=0)
    return np.where(np.isnan(observed), np.nan, (as_large + 1) / (rounds + 1))

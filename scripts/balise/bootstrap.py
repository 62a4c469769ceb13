"""How sure a score is: percentile intervals from resampled documents.

The document bootstrap draws as many documents as there are, with replacement, and computes the
score again; the 2.5th and 97.5th percentiles of many such scores bound a 95 % interval (Efron &
Tibshirani 1993, chapter 13). Documents are drawn, not spans, because the spans of one article
resemble each other.

A ratio without a denominator is NaN here and None in an `Interval`'s place: it is undefined, not
zero.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95
_AT_ONCE = 50


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 95 % percentile interval, and the number of resamples in which the value was defined."""

    low: float
    high: float
    resamples: int


class Estimate(msgspec.Struct, frozen=True):
    """A figure and its 95 % interval; each is None where it is undefined."""

    value: float | None
    interval: Interval | None


def draw(documents: int, resamples: int, seed: int) -> "NDArray[int64]":
    """Draw document indices with replacement, as an array (resamples, documents)."""
    import numpy as np

    return np.random.default_rng(seed).integers(0, documents, size=(resamples, documents))


def resample(counts: "NDArray[float64]", indices: "NDArray[int64]") -> "NDArray[float64]":
    """Sum per-document counts (documents, …) over each resample, as an array (resamples, …)."""
    import numpy as np
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

    flat = counts.reshape(len(counts), -1)
    # Some draws at a time: the tables in between stay small, and so it is faster. On a busy
    # machine several threads wait for each other longer than such tables take one.
    with threadpool_limits(1, user_api="blas"):
        sums = [
            _times_drawn(indices[at : at + _AT_ONCE]) @ flat
            for at in range(0, len(indices), _AT_ONCE)
        ]
    return np.concatenate(sums).reshape(len(indices), *counts.shape[1:])


def total_and_resample(counts: "NDArray[float64]", indices: "NDArray[int64]") -> "NDArray[float64]":
    """Sum counts (documents, …) over all documents, then over each resample (1 + resamples, …)."""
    import numpy as np

    return np.concatenate([counts.sum(axis=0)[None], resample(counts, indices)])


def _times_drawn(indices: "NDArray[int64]") -> "NDArray[float64]":
    """Count how often each resample draws each document, as an array (resamples, documents)."""
    import numpy as np

    resamples, documents = indices.shape
    cells = indices + np.arange(resamples)[:, None] * documents
    times = np.bincount(cells.ravel(), minlength=resamples * documents)
    return times.reshape(resamples, documents).astype(float)


def divide(part: "NDArray[float64]", whole: "NDArray[float64]") -> "NDArray[float64]":
    """Divide, with NaN where the denominator is zero."""
    import numpy as np

    undefined = np.full(np.shape(part), np.nan)
    quotient: NDArray[float64] = np.divide(part, whole, out=undefined, where=whole > 0)
    return quotient


def mean_defined(values: "NDArray[float64]") -> "NDArray[float64]":
    """Average values (…, labels) over the labels where they are defined; NaN where none is."""
    import numpy as np

    defined = ~np.isnan(values)
    return divide(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1).astype(float))


def interval(values: "NDArray[float64]", documents: int) -> Interval | None:
    """Bound one statistic's values over resamples by their 2.5th and 97.5th percentiles.

    Resamples in which the statistic is undefined (a rare label that was not drawn) are left out;
    the interval says how many were in. It is None where none was, and where there are fewer than
    two documents: one article shows nothing of how articles differ.
    """
    import numpy as np

    defined = values[~np.isnan(values)]
    if documents < 2 or not defined.size:
        return None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(float(low), float(high), int(defined.size))


@dataclass(frozen=True)
class Statistic:
    """A figure as first value, the same over every resample after it, and on how many articles."""

    values: "NDArray[float64]"
    documents: int

    def __sub__(self, other: "Statistic") -> "Statistic":
        """Subtract resample by resample, so that what both share of an article cancels out."""
        return Statistic(self.values - other.values, min(self.documents, other.documents))

    def estimate(self) -> Estimate:
        """Turn the values into the figure and its interval."""
        value = float(self.values[0])
        if value != value:
            return Estimate(None, None)
        return Estimate(value, interval(self.values[1:], self.documents))

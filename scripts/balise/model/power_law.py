"""Scores over training sizes are fitted by an inverse power law, which looks a little ahead.

F1(n) = a - b·n^(-c): the score nears `a` as the number of training articles n grows (Figueroa,
Zeng-Treitler, Kandula & Ngo 2012, « Predicting sample size required for classification
performance », weigh larger sizes more too).
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray


class Fits(NamedTuple):
    """Fitted curves, one a row: a, b and c."""

    a: "NDArray[float64]"
    b: "NDArray[float64]"
    c: "NDArray[float64]"

    def at(self, articles: float) -> "NDArray[float64]":
        """Give each curve's score at a number of articles."""
        return self.a - self.b * articles ** (-self.c)


def fit(sizes: "NDArray[float64]", scores: "NDArray[float64]") -> Fits:
    """Fit scores (curves, sizes) by least squares, each size weighing as much as it has articles.

    For each exponent c of a grid from 0.02 to 2 the best a and b are those of a straight line; the
    exponent of the smallest error is taken. b is at least 0, since more articles do no harm, and a
    at most 1. A curve with an undefined score (NaN) is undefined itself.
    """
    import numpy as np

    weights = sizes / sizes.sum()
    best = np.full(len(scores), np.inf)
    # The error of an undefined curve is smaller than no other, so that it stays as it begins.
    a, b, c = (np.full(len(scores), np.nan) for _ in range(3))
    for exponent in np.linspace(0.02, 2.0, 100):
        x = sizes**-exponent
        x_mean, y_mean = weights @ x, scores @ weights
        spread = weights @ (x - x_mean) ** 2
        slope = -((scores - y_mean[:, None]) @ (weights * (x - x_mean))) / spread
        # A curve through the means that stays below 1, and does not fall.
        slope = np.clip(slope, 0, np.maximum((1 - y_mean) / x_mean, 0))
        level = y_mean + slope * x_mean
        errors = ((scores - level[:, None] + slope[:, None] * x) ** 2) @ weights
        better = errors < best
        best = np.where(better, errors, best)
        a, b = np.where(better, level, a), np.where(better, slope, b)
        c = np.where(better, exponent, c)
    return Fits(a, b, c)

"""Two readings' spans are aligned so that it costs least, as γ needs it.

The dissimilarity of two spans is α · d_pos + β · d_cat (Mathet, Widlöcher & Métivier 2015): d_pos
is Δ∅ times the square of (|start - start'| + |end - end'|) / (length + length'), and
d_cat is 0 where the labels are equal and Δ∅ where not. An alignment pairs spans one to one, and a
span that it leaves alone costs Δ∅. The cheapest is found exactly, as an assignment.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from balise.pairing import runs
from balise.records import Annotation

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

_MOST_CELLS = 500_000


class Weights(msgspec.Struct, frozen=True):
    """How much place and label count in a dissimilarity (α, β), and what a span alone costs (Δ∅).

    All are 1 by default, as in pygamma-agreement.
    """

    place: float = 1.0
    label: float = 1.0
    alone: float = 1.0


WEIGHTS = Weights()


@dataclass(frozen=True)
class Units:
    """The spans of many readings, one after the other; `bounds` says where each begins and ends."""

    starts: "NDArray[float64]"
    ends: "NDArray[float64]"
    labels: "NDArray[int64]"
    bounds: "NDArray[int64]"

    @property
    def sizes(self) -> "NDArray[int64]":
        """The number of spans of each reading."""
        return self.bounds[1:] - self.bounds[:-1]


def make_units(readings: Iterable[Annotation], labels: Sequence[str]) -> Units:
    """Lay the spans of readings out as arrays; a label becomes its number in `labels`."""
    import numpy as np

    columns = {label: column for column, label in enumerate(labels)}
    spans = [reading.spans for reading in readings]
    return Units(
        np.array([span.start for each in spans for span in each], dtype=float),
        np.array([span.end for each in spans for span in each], dtype=float),
        np.array([columns[span.label] for each in spans for span in each], dtype=int),
        np.cumsum([0, *(len(each) for each in spans)]),
    )


def dissimilarities(
    left: Units, right: Units, weights: Weights = WEIGHTS
) -> "Iterator[NDArray[float64]]":
    """Compute, reading after reading, the dissimilarity of every two spans (left, right)."""
    import numpy as np

    tall, wide = left.sizes, right.sizes
    cells = np.cumsum(tall * wide)
    # Some readings at a time, so that a large corpus needs no more memory than a small one.
    chunks = np.unique(cells // _MOST_CELLS, return_index=True)[1]
    for first, last in pairwise([*chunks.tolist(), len(cells)]):
        rows, columns = tall[first:last], wide[first:last]
        across = np.repeat(columns, rows)
        i = np.repeat(np.arange(left.bounds[first], left.bounds[last]), across)
        j = runs(np.repeat(right.bounds[first:last], rows), across)
        start, end = left.starts[i], left.ends[i]
        their_start, their_end = right.starts[j], right.ends[j]
        gaps = np.abs(start - their_start) + np.abs(end - their_end)
        gaps /= (end - start) + (their_end - their_start)
        costs = weights.place * gaps**2 + weights.label * (left.labels[i] != right.labels[j])
        costs *= weights.alone
        places = [0, *np.cumsum(rows * columns).tolist()]
        shapes = zip(rows.tolist(), columns.tolist(), strict=True)
        for (begin, until), shape in zip(pairwise(places), shapes, strict=True):
            yield costs[begin:until].reshape(shape)


def align(
    costs: "NDArray[float64]", alone: float
) -> "tuple[float, NDArray[int64], NDArray[int64]]":
    """Find the cheapest alignment of two readings, given their spans' dissimilarities.

    Give its cost, and the rows and columns of the spans that it pairs: none that cost as much as
    both alone. With dearer ones capped at that price the cheapest assignment of all spans of the
    smaller side costs as much as the cheapest alignment, and holds it.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.minimum(costs, 2 * alone))
    found = costs[rows, columns]
    paired = found < 2 * alone
    unpaired = sum(costs.shape) - 2 * int(paired.sum())
    return float(found[paired].sum()) + alone * unpaired, rows[paired], columns[paired]


def alignment_costs(left: Units, right: Units, weights: Weights = WEIGHTS) -> "NDArray[float64]":
    """Compute what the cheapest alignment costs, for every two readings."""
    import numpy as np

    every = dissimilarities(left, right, weights)
    return np.array([align(costs, weights.alone)[0] for costs in every], dtype=float)

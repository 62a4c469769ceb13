"""γ: how far annotators agree on where spans stand and what they are called, beyond chance.

As Mathet, Widlöcher & Métivier define it (2015, « The Unified and Holistic Method Gamma (γ) for
Inter-Annotator Agreement Measure and Alignment », Computational Linguistics 41(3)), here between
two annotators. The disorder of their readings is the cost of the cheapest alignment (see
`alignment`) over the mean of their numbers of spans, and γ is 1 - observed / expected disorder: 1
where the readings are the same, 0 where they are as far apart as by chance, below 0 where further.

Chance is sampled as the shuffle of pygamma-agreement does it (Titeux & Riad 2021): each of two
made-up readers is one of the two annotators, drawn anew, whose spans have all moved on by one
random number of characters, those that pass the article's last span coming in again at its
start; the two numbers are at least half the mean length of a span apart.

What is ours: each article is a continuum of its own, since no span is aligned with another
article's. Costs and numbers of spans are summed over the articles, and then divided.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from balise.annotations.alignment import Units, alignment_costs, make_units
from balise.pairing import runs
from balise.readers import Pair

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.random import Generator
    from numpy.typing import NDArray

PRECISION = 0.01
"""The expected disorder is sampled until it is known to ± this share of itself (95 %), as the paper
has it (section 5.3); this is the highest precision that pygamma-agreement has a name for.
"""
_FIRST_SAMPLES = 30
# Of few spans most samples cost the same, and thirty would often show no spread at all.
_FIRST_SPANS = 5000
_Z = 1.96


@dataclass(frozen=True)
class Disorder:
    """For each article: what its alignment costs, its mean number of spans, and both by chance.

    `sums` is an array (articles, 4), its last two columns the means of `samples` samples. `width`
    is the half width of the expected disorder's 95 % interval as a share of it, None where it is 0.
    """

    sums: "NDArray[float64]"
    samples: int
    width: float | None


def gamma(sums: "NDArray[float64]") -> "NDArray[float64]":
    """Turn sums (…, 4) over articles into γ (…): NaN where chance has no disorder either."""
    import numpy as np

    cost, units, by_chance, units_by_chance = np.moveaxis(sums, -1, 0)
    ratio = np.full(np.shape(cost), np.nan)
    np.divide(cost * units_by_chance, units * by_chance, out=ratio, where=units * by_chance > 0)
    return 1 - ratio


def measure_disorder(
    pair: Pair, labels: Sequence[str], seed: int, precision: float = PRECISION
) -> Disorder:
    """Align two annotators' readings of each article, and as many shuffled ones as are needed."""
    import numpy as np

    left, right = make_units(pair.left, labels), make_units(pair.right, labels)
    generator = np.random.default_rng(seed)
    observed = _measure(left, right)
    spans = max(1.0, float(observed[:, 1].sum()))
    # Two samples of each article at least, for the spread to be known.
    rounds = 1 + math.ceil(max(_FIRST_SAMPLES / len(pair.articles), _FIRST_SPANS / spans))
    sampled = _sample(left, right, rounds, generator)
    while (width := _half_width(sampled)) is not None and width > precision:
        needed = math.ceil(len(sampled) * (width / precision) ** 2)
        more = _sample(left, right, needed - len(sampled), generator)
        sampled = np.concatenate([sampled, more])
    sums = np.concatenate([observed, sampled.mean(axis=0)], axis=-1)
    return Disorder(sums, len(sampled), width)


def _measure(left: Units, right: Units) -> "NDArray[float64]":
    """Give the cost and the mean number of spans of every two readings, as an array (…, 2)."""
    import numpy as np

    return np.stack([alignment_costs(left, right), (left.sizes + right.sizes) / 2], axis=-1)


def _half_width(sampled: "NDArray[float64]") -> float | None:
    """Tell how far off the mean of samples (samples, articles, 2) may be, as a share of it.

    The expected disorder is a ratio of sums; its error is that of cost - ratio · spans (Cochran
    1977, chapter 6). Articles are sampled independently, so their variances add up.
    """
    cost, units = sampled.mean(axis=0).sum(axis=0)
    if not cost:
        return None
    residuals = sampled[..., 0] - cost / units * sampled[..., 1]
    variance = float(residuals.var(axis=0, ddof=1).sum()) / len(sampled)
    return _Z * math.sqrt(variance) / float(cost)


def _sample(left: Units, right: Units, rounds: int, generator: "Generator") -> "NDArray[float64]":
    """Measure made-up readings of every article, as often as told: (rounds, articles, 2)."""
    return _measure(*shuffle(left, right, rounds, generator)).reshape(rounds, -1, 2)


def shuffle(left: Units, right: Units, rounds: int, generator: "Generator") -> tuple[Units, Units]:
    """Make up two readers of all articles, as many times over as there are rounds."""
    import numpy as np

    articles = np.tile(np.arange(len(left.sizes)), rounds)
    lengths, apart = (each[articles] for each in _extent(left, right))
    every = _join(left, right)
    first = np.floor(generator.uniform(0, lengths))
    before = np.maximum(first - apart, 0)
    free = before + np.maximum(lengths - first - apart, 0)
    # Where half a span is as long as the article, there is no place left and any will do.
    place = generator.uniform(0, np.where(free > 0, free, lengths))
    skipped = np.where((free > 0) & (place >= before), first + apart - before, 0)
    shifts = (first, np.floor(place + skipped))
    chosen = generator.integers(0, 2, size=(2, len(articles))) * len(left.sizes)
    one, other = (
        _move(every, articles + side, shift, lengths)
        for side, shift in zip(chosen, shifts, strict=True)
    )
    return one, other


def _extent(left: Units, right: Units) -> "tuple[NDArray[float64], NDArray[float64]]":
    """Give where each article's last span ends, and half the mean length of its spans."""
    import numpy as np

    ends, total = np.zeros(len(left.sizes)), np.zeros(len(left.sizes))
    for units in (left, right):
        article = np.repeat(np.arange(len(ends)), units.sizes)
        np.maximum.at(ends, article, units.ends)
        total += np.bincount(article, units.ends - units.starts, minlength=len(ends))
    return ends, total / np.maximum(left.sizes + right.sizes, 1) / 2


def _join(left: Units, right: Units) -> Units:
    import numpy as np

    return Units(
        np.concatenate([left.starts, right.starts]),
        np.concatenate([left.ends, right.ends]),
        np.concatenate([left.labels, right.labels]),
        np.concatenate([left.bounds, right.bounds[1:] + left.bounds[-1]]),
    )


def _move(
    units: Units,
    readings: "NDArray[int64]",
    shifts: "NDArray[float64]",
    lengths: "NDArray[float64]",
) -> Units:
    """Take the readings of these numbers, and move the spans of each on, round the end."""
    import numpy as np

    sizes = units.sizes[readings]
    index = runs(units.bounds[readings], sizes)
    by, end = np.repeat(shifts, sizes), np.repeat(lengths, sizes)
    by -= np.where(units.starts[index] + by > end, end, 0)
    return Units(
        units.starts[index] + by,
        units.ends[index] + by,
        units.labels[index],
        np.concatenate([[0], np.cumsum(sizes)]),
    )

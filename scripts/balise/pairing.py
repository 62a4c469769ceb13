"""Gold and predicted spans are taken for each other one to one, so that every span counts once.

Equal spans are paired first. Those that are left are paired greedily within their article, in this
order: the same edges with another label (`type`), an overlap with the same label (`boundary`), an
overlap with another label (`both`); within a kind the larger overlap in characters first, then the
earlier spans. What then stays alone is missed or spurious. Spans of one side may overlap each
other.

It is the alignment on which the scores of MUC-5 rest (Chinchor & Sundheim 1993), with a fixed order
in place of the search for the alignment that scores best. Offsets are code points, half-open.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray


class Entity(NamedTuple):
    """A span in its article."""

    article: str
    start: int
    end: int
    label: str


OUTCOMES = ("correct", "type", "boundary", "both", "alone")
"""What becomes of a span; a gold span that stays alone is missed, a predicted one spurious."""

CORRECT, TYPE, BOUNDARY, BOTH, ALONE = range(len(OUTCOMES))


class Side:
    """Gold or predicted spans as columns, in the order of their articles, edges and labels.

    `articles` and `labels` are places in the lists of these names of `Pairing`, `outcomes` are
    places in OUTCOMES, and `partners` are the partners' places on the other side, or -1.

    `begins` and `stops` are the edges on one line, on which the articles stand one after the
    other, and `edges` numbers both in their order.
    """

    def __init__(self, columns: "NDArray[int64]", bounds: "NDArray[int64]", longest: int) -> None:
        """Sort columns (4, spans); `bounds` says where each article begins on the line."""
        import numpy as np

        begins = bounds[columns[0]] + columns[1]
        edges = begins * (longest + 1) + columns[2] - columns[1]
        order = np.lexsort((columns[3], edges))
        self.articles, self.starts, self.ends, self.labels = columns[:, order]
        self.begins, self.edges = begins[order], edges[order]
        self.stops = self.begins + self.ends - self.starts
        self.outcomes = np.full(len(order), ALONE)
        self.partners = np.full(len(order), -1)


@dataclass(frozen=True)
class Pairing:
    """Both sides, each span with its outcome and its partner; the lists hold what occurs."""

    articles: Sequence[str]
    labels: Sequence[str]
    gold: Side
    predicted: Side


def pair_spans(gold: Collection[Entity], predicted: Collection[Entity]) -> Pairing:
    """Pair the spans of two sides, neither of which has one twice."""
    import numpy as np

    articles, labels = (
        sorted({*map(itemgetter(field), gold), *map(itemgetter(field), predicted)})
        for field in (0, 3)
    )
    codes = [_encode(entities, articles, labels) for entities in (gold, predicted)]
    lengths = np.zeros(len(articles), dtype=np.int64)
    for each in codes:
        np.maximum.at(lengths, each[0], each[2])
    bounds = np.cumsum(lengths) - lengths
    longest = int(lengths.max(initial=0))
    pairing = Pairing(
        articles, labels, Side(codes[0], bounds, longest), Side(codes[1], bounds, longest)
    )
    _pair_equal(pairing)
    _pair_edges(pairing)
    _pair_overlaps(pairing)
    return pairing


def _encode(
    entities: Collection[Entity], articles: Sequence[str], labels: Sequence[str]
) -> "NDArray[int64]":
    """Turn entities into numbers (4, spans); articles and labels become places in the lists."""
    import numpy as np

    article, label = ({name: at for at, name in enumerate(names)} for names in (articles, labels))
    ids, starts, ends, names = (map(itemgetter(field), entities) for field in range(4))
    columns = (map(article.__getitem__, ids), starts, ends, map(label.__getitem__, names))
    return np.array([np.fromiter(each, np.int64, len(entities)) for each in columns])


def _pair_equal(pairing: Pairing) -> None:
    size = len(pairing.labels)
    ours, theirs = (side.edges * size + side.labels for side in (pairing.gold, pairing.predicted))
    _join(pairing, *_common(ours, theirs), CORRECT)


def _pair_edges(pairing: Pairing) -> None:
    """Pair the spans that have the same edges, the first with the first where they are several."""
    import numpy as np

    numbers, places = [], []
    for side in (pairing.gold, pairing.predicted):
        alone = np.flatnonzero(side.outcomes == ALONE)
        edges = side.edges[alone]
        rank = np.arange(len(edges)) - np.searchsorted(edges, edges)
        numbers.append(edges * len(pairing.labels) + rank)
        places.append(alone)
    ours, theirs = _common(*numbers)
    _join(pairing, places[0][ours], places[1][theirs], TYPE)


def _pair_overlaps(pairing: Pairing) -> None:
    import numpy as np

    gold, predicted = pairing.gold, pairing.predicted
    ours, theirs = (np.flatnonzero(side.outcomes == ALONE) for side in (gold, predicted))
    # A span may lie within an earlier one, so stops do not grow steadily; the furthest so far does.
    furthest = np.maximum.accumulate(predicted.stops[theirs])
    first = np.searchsorted(furthest, gold.begins[ours], side="right")
    last = np.searchsorted(predicted.begins[theirs], gold.stops[ours])
    counts = np.maximum(last - first, 0)
    left, right = np.repeat(ours, counts), theirs[runs(first, counts)]
    shared = np.minimum(gold.stops[left], predicted.stops[right])
    shared -= np.maximum(gold.begins[left], predicted.begins[right])
    outcomes = np.where(gold.labels[left] == predicted.labels[right], BOUNDARY, BOTH)
    order = np.lexsort((right, left, -shared, outcomes))
    order = order[shared[order] > 0]
    chosen, taken = [], (set[int](), set[int]())
    pairs = zip(left[order].tolist(), right[order].tolist(), strict=True)
    for place, (one, other) in zip(order.tolist(), pairs, strict=True):
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            chosen.append(place)
    kept = np.array(chosen, dtype=np.int64)
    _join(pairing, left[kept], right[kept], outcomes[kept])


def _join(
    pairing: Pairing,
    ours: "NDArray[int64]",
    theirs: "NDArray[int64]",
    outcome: "int | NDArray[int64]",
) -> None:
    """Make the gold spans at some places and the predicted ones at others partners."""
    for side, places, partners in (
        (pairing.gold, ours, theirs),
        (pairing.predicted, theirs, ours),
    ):
        side.outcomes[places] = outcome
        side.partners[places] = partners


def _common(
    ours: "NDArray[int64]", theirs: "NDArray[int64]"
) -> "tuple[NDArray[int64], NDArray[int64]]":
    """Find where each number stands that two growing lists share."""
    import numpy as np

    places = np.searchsorted(theirs, ours)
    inside = np.flatnonzero(places < len(theirs))
    inside = inside[theirs[places[inside]] == ours[inside]]
    return inside, places[inside]


def runs(starts: "NDArray[int64]", lengths: "NDArray[int64]") -> "NDArray[int64]":
    """Write out the numbers `start, start + 1, …` of each run, one run after the other."""
    import numpy as np

    before = np.cumsum(lengths) - lengths
    numbers: NDArray[int64] = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return numbers

"""What two annotators have in common, counted article by article and label by label.

Three ways to take a span of each for the same one, from the strictest on. They are the `strict`,
`exact` and `type` of SemEval-2013 task 9 (Segura-Bedmar, Martínez & Herrero-Zazo 2013):

- *strict*: the edges and the label are equal;
- *untyped*: the edges are equal, whatever the labels;
- *overlap*: the labels are equal and the spans share a character. Spans are matched one to one:
  equal ones first, of the others as many as can be (a maximum matching), so that one span over
  two others counts once. Where several matchings are as large it does not matter which is taken:
  only their size is counted, of one label at a time. Of flat spans no matching is larger.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from balise.pairing import Entity, pair_spans
from balise.readers import Pair
from balise.records import Annotation
from balise.span_errors import SpanError, find_errors

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

FIELDS = ("first", "second", "both", "same_edges", "overlapping")
"""What is counted: spans of the first annotator, of the second, of both; `same_edges` counts the
spans of either whose edges the other has too, one to one, each under its own label; `overlapping`
counts matched pairs.
"""


@dataclass(frozen=True)
class Matches:
    """Counts (articles, labels, FIELDS), and the differences in the order of the articles.

    In a difference the first annotator's span stands where gold does for a model.
    """

    counts: "NDArray[float64]"
    differences: list[SpanError]
    equal: int


def match_spans(pair: Pair, labels: Sequence[str]) -> Matches:
    """Count what two annotators have in common; `labels` are the columns, in their order."""
    import numpy as np

    rows = {article: row for row, article in enumerate(pair.articles)}
    columns = {label: column for column, label in enumerate(labels)}

    def tally(cells: Iterable[tuple[str, str]]) -> "NDArray[float64]":
        flat = [rows[article] * len(labels) + columns[label] for article, label in cells]
        counted = np.bincount(np.array(flat, dtype=int), minlength=len(rows) * len(labels))
        return counted.reshape(len(rows), len(labels)).astype(float)

    only_first, only_second = _unshared(pair.left, pair.right), _unshared(pair.right, pair.left)
    differences = find_errors(pair_spans(only_first, only_second))
    first, second = tally(_cells(pair.left)), tally(_cells(pair.right))
    both = first - tally((entity.article, entity.label) for entity in only_first)
    relabelled = tally(
        (error.article, span.label)
        for error in differences
        if error.kind == "type"
        for span in (error.gold, error.predicted)
        if span is not None
    )
    overlapping = both + tally(_match_overlaps(only_first, only_second))
    counts = np.stack((first, second, both, 2 * both + relabelled, overlapping), axis=-1)
    differing = {error.article for error in differences}
    return Matches(counts, differences, len(pair.articles) - len(differing))


def f1_scores(counts: "NDArray[float64]") -> "NDArray[float64]":
    """Turn counts (…, FIELDS) into strict, untyped and overlap F1 (…, 3); NaN without a span."""
    import numpy as np

    first, second, both, same_edges, overlapping = np.moveaxis(counts, -1, 0)
    same = np.stack([2 * both, same_edges, 2 * overlapping], axis=-1)
    spans = (first + second)[..., None]
    scores = np.full(np.shape(same), np.nan)
    np.divide(same, spans, out=scores, where=spans > 0)
    return scores


def _cells(readings: Iterable[Annotation]) -> Iterable[tuple[str, str]]:
    return ((reading.article, span.label) for reading in readings for span in reading.spans)


def _unshared(readings: Iterable[Annotation], others: Iterable[Annotation]) -> set[Entity]:
    """Find the spans of one annotator that the other does not have."""
    return {
        Entity(reading.article, span.start, span.end, span.label)
        for reading, other in zip(readings, others, strict=True)
        if reading.spans != other.spans
        for span in frozenset(reading.spans).difference(other.spans)
    }


def _match_overlaps(first: Iterable[Entity], second: Iterable[Entity]) -> Iterable[tuple[str, str]]:
    """Give the article and label of each pair of a maximum matching of spans that overlap."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    left, right = sorted(first), sorted(second)
    groups: dict[tuple[str, str], list[tuple[int, Entity]]] = defaultdict(list)
    for place, entity in enumerate(right):
        groups[entity.article, entity.label].append((place, entity))
    edges = [
        (row, column)
        for row, one in enumerate(left)
        for column, other in groups.get((one.article, one.label), ())
        if one.start < other.end and other.start < one.end
    ]
    if not edges:
        return
    cells = np.ones(len(edges), dtype=np.int8), tuple(zip(*edges, strict=True))
    graph = csr_array(cells, shape=(len(left), len(right)))
    partners = maximum_bipartite_matching(graph, perm_type="column")
    for one, partner in zip(left, partners.tolist(), strict=True):
        if partner >= 0:
            yield one.article, one.label

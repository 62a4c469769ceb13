"""Scores of predicted spans against gold, by the four schemas of SemEval-2013 task 9.

Segura-Bedmar, Martínez & Herrero-Zazo (2013, « SemEval-2013 Task 9 ») score spans that were taken
for each other (`balise.pairing` says how) in four ways:

- *strict*: the edges and the label are right. It is the exact match of CoNLL-2003, and what F1
  means in balise where nothing else is said;
- *exact*: the edges are right, whatever the label;
- *partial*: so too, and an overlap is half right;
- *type*: the label is right and the spans overlap.

Arrays of counts end in two axes: gold and predicted spans (2), and their outcomes (5). There an
undefined ratio is NaN, elsewhere None.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from balise.bootstrap import divide
from balise.pairing import OUTCOMES, Pairing

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

Schema = Literal["strict", "exact", "partial", "type"]

CREDIT: Mapping[Schema, tuple[float, ...]] = {
    "strict": (1.0, 0.0, 0.0, 0.0, 0.0),
    "exact": (1.0, 1.0, 0.0, 0.0, 0.0),
    "partial": (1.0, 1.0, 0.5, 0.5, 0.0),
    "type": (1.0, 0.0, 1.0, 0.0, 0.0),
}
"""What a span earns in each schema for each of OUTCOMES."""

SCHEMAS: tuple[Schema, ...] = tuple(CREDIT)


class Outcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many spans of one side had each of OUTCOMES."""

    correct: int = 0
    type: int = 0
    boundary: int = 0
    both: int = 0
    alone: int = 0

    @property
    def spans(self) -> int:
        """The number of spans."""
        return sum(msgspec.structs.astuple(self))

    def earned(self, schema: Schema) -> float | None:
        """The mean of what the spans earn; None where there is none."""
        outcomes = msgspec.structs.astuple(self)
        pairs = zip(CREDIT[schema], outcomes, strict=True)
        return sum(credit * count for credit, count in pairs) / self.spans if self.spans else None


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the gold and of the predicted spans of one label, or of all.

    A span counts for the label that it has on its own side. A ratio whose denominator is zero is
    None, never 0: precision where nothing was predicted, recall where there is no gold, F1 where
    there is neither.
    """

    gold: Outcomes
    predicted: Outcomes

    def precision(self, schema: Schema = "strict") -> float | None:
        """What the predicted spans earn, over their number."""
        return self.predicted.earned(schema)

    def recall(self, schema: Schema = "strict") -> float | None:
        """What the gold spans earn, over their number."""
        return self.gold.earned(schema)

    def f1(self, schema: Schema = "strict") -> float | None:
        """The harmonic mean of precision and recall; 0 where only one of them is defined."""
        precision, recall = self.precision(schema), self.recall(schema)
        if precision is None and recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def score(pairing: Pairing) -> dict[str, Counts]:
    """Count the outcomes of the spans of each label that occurs."""
    cells = pairing.gold.labels, pairing.predicted.labels
    counts = count(pairing, cells, len(pairing.labels))
    return dict(zip(pairing.labels, map(to_counts, counts), strict=True))


def count(
    pairing: Pairing, cells: "tuple[NDArray[int64], NDArray[int64]]", size: int
) -> "NDArray[float64]":
    """Count outcomes by cell, as an array (cells, 2, 5).

    `cells` gives each gold and each predicted span a cell under `size`, such as its label's place.
    """
    import numpy as np

    kinds = len(OUTCOMES)
    counts = [
        np.bincount(each * kinds + side.outcomes, minlength=size * kinds).reshape(size, kinds)
        for each, side in zip(cells, (pairing.gold, pairing.predicted), strict=True)
    ]
    return np.stack(counts, axis=1).astype(float)


def count_documents(
    pairing: Pairing, articles: Sequence[str], labels: Sequence[str]
) -> "NDArray[float64]":
    """Count outcomes by article and label, as an array (articles, labels, 2, 5).

    Every article and every label that occurs must be in the lists.
    """
    columns = _places(pairing.labels, labels)
    cells = columns[pairing.gold.labels], columns[pairing.predicted.labels]
    return count_cells(pairing, articles, cells, len(labels))


def count_cells(
    pairing: Pairing,
    articles: Sequence[str],
    cells: "tuple[NDArray[int64], NDArray[int64]]",
    size: int,
) -> "NDArray[float64]":
    """Count outcomes by article and by cell, as an array (articles, cells, 2, 5); see `count`."""
    rows = _places(pairing.articles, articles)
    gold, predicted = (
        rows[side.articles] * size + each
        for side, each in zip((pairing.gold, pairing.predicted), cells, strict=True)
    )
    counts = count(pairing, (gold, predicted), len(articles) * size)
    return counts.reshape(len(articles), size, *counts.shape[1:])


def _places(occurring: Sequence[str], names: Sequence[str]) -> "NDArray[int64]":
    import numpy as np

    places = {name: place for place, name in enumerate(names)}
    return np.array([places[name] for name in occurring], dtype=np.int64)


def to_counts(array: "NDArray[float64]") -> Counts:
    """Turn an array (2, 5) into counts."""
    gold, predicted = (Outcomes(*map(int, row)) for row in array.tolist())
    return Counts(gold, predicted)


def micro(counts: Iterable[Counts]) -> Counts:
    """Add counts up, so that every span weighs the same."""
    counts = tuple(counts)
    return Counts(_add(each.gold for each in counts), _add(each.predicted for each in counts))


def _add(outcomes: Iterable[Outcomes]) -> Outcomes:
    rows = [msgspec.structs.astuple(each) for each in outcomes]
    return Outcomes(*(sum(column) for column in zip(*rows, strict=True)))


def macro(values: Iterable[float | None]) -> float | None:
    """Average one ratio over labels, so that every label weighs the same.

    Labels where the ratio is undefined are left out of the mean; it is None if all are.
    """
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def precision(counts: "NDArray[float64]", schema: Schema) -> "NDArray[float64]":
    """Turn counts (…, 2, 5) into precisions (…)."""
    return _earned(counts[..., 1, :], schema)


def recall(counts: "NDArray[float64]", schema: Schema) -> "NDArray[float64]":
    """Turn counts (…, 2, 5) into recalls (…)."""
    return _earned(counts[..., 0, :], schema)


def f1(counts: "NDArray[float64]", schema: Schema) -> "NDArray[float64]":
    """Turn counts (…, 2, 5) into F1 scores (…)."""
    import numpy as np

    right, found = precision(counts, schema), recall(counts, schema)
    undefined = np.isnan(right) & np.isnan(found)
    product, total = np.nan_to_num(right * found), np.nan_to_num(right) + np.nan_to_num(found)
    scores = np.zeros(np.shape(total))
    np.divide(2 * product, total, out=scores, where=total > 0)
    return np.where(undefined, np.nan, scores)


def _earned(outcomes: "NDArray[float64]", schema: Schema) -> "NDArray[float64]":
    return divide(outcomes @ CREDIT[schema], outcomes.sum(axis=-1))

"""Predictions on the reference become tables of scores with their intervals."""

from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import Estimate, Statistic, mean_defined, total_and_resample
from balise.model.reference import Reference
from balise.model.views import View, relabel
from balise.pairing import Entity, pair_spans
from balise.score import (
    SCHEMAS,
    Counts,
    Schema,
    count_documents,
    f1,
    precision,
    recall,
    to_counts,
)

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


class Scores(msgspec.Struct, frozen=True):
    """Precision, recall and F1 by one schema."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


class Row(msgspec.Struct, frozen=True):
    """The counts of one label, or of all together, and their scores by each schema."""

    label: str
    counts: Counts
    scores: dict[Schema, Scores]

    @property
    def strict(self) -> Scores:
        """The scores that are meant where no schema is named."""
        return self.scores["strict"]


class Table(msgspec.Struct, frozen=True):
    """Scores in one view; `left_out` counts predictions whose label has no place in it.

    The macro scores are means over the labels for which each is defined.
    """

    overall: Row
    macro: dict[Schema, Scores]
    labels: tuple[Row, ...]
    left_out: dict[str, int]


@dataclass(frozen=True)
class Scored:
    """One system's spans in one view, paired and counted by article (articles, labels, 2, 5).

    The first of the sums (1 + resamples, labels, 2, 5) is over the articles as they are, the others
    are over resamples of them.
    """

    view: View
    counts: "NDArray[float64]"
    sums: "NDArray[float64]"
    left_out: dict[str, int]

    @property
    def documents(self) -> int:
        """The number of articles."""
        return len(self.counts)


def score_view(
    view: View, reference: Reference, predicted: Set[Entity], indices: "NDArray[int64]"
) -> Scored:
    """Score predictions in one view, with the documents of `indices` drawn for each resample."""
    gold = relabel(reference.entities, view.gold)
    pairing = pair_spans(gold, relabel(predicted, view.predicted))
    articles = [article.id for article in reference.articles]
    counts = count_documents(pairing, articles, view.labels)
    sums = total_and_resample(counts, indices)
    outside = Counter(e.label for e in predicted if e.label not in view.predicted)
    return Scored(view, counts, sums, dict(sorted(outside.items())))


def make_table(scored: Scored) -> Table:
    """Turn one system's counts in one view into a table, a row for each label of the view."""
    rows = tuple(
        make_row(label, scored.sums[:, column], scored.documents)
        for column, label in enumerate(scored.view.labels)
    )
    overall = make_row("overall", scored.sums.sum(axis=1), scored.documents)
    macro = _estimate(scored.sums, scored.documents, mean_defined)
    return Table(overall, macro, rows, scored.left_out)


def make_row(label: str, sums: "NDArray[float64]", documents: int) -> Row:
    """Turn the counts of one label (1 + resamples, 2, 5) into scores with intervals."""
    return Row(label, to_counts(sums[0]), _estimate(sums, documents))


def _estimate(
    sums: "NDArray[float64]",
    documents: int,
    over_labels: "Callable[[NDArray[float64]], NDArray[float64]] | None" = None,
) -> dict[Schema, Scores]:
    def estimate(values: "NDArray[float64]") -> Estimate:
        return Statistic(over_labels(values) if over_labels else values, documents).estimate()

    return {
        schema: Scores(*(estimate(ratio(sums, schema)) for ratio in (precision, recall, f1)))
        for schema in SCHEMAS
    }

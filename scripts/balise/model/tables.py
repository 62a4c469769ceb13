"""Predictions on the reference become tables of scores with their intervals.

A prediction is compared in two views: on all labels of the scheme, and rolled up to the PER, LOC
and ORG that general French pipelines know.
"""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import (
    Estimate,
    count_documents,
    f1,
    interval,
    mean_defined,
    precision,
    recall,
    resample,
)
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.model.reference import Reference
from balise.score import Counts, Entity, macro, micro, score

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

_FROM_CONLL = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_CONLL = (*_FROM_CONLL, "MISC")


class Row(msgspec.Struct, frozen=True):
    """The scores of one label, or of all together."""

    label: str
    counts: Counts
    precision: Estimate
    recall: Estimate
    f1: Estimate


class Macro(msgspec.Struct, frozen=True):
    """Means over the labels for which each score is defined."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


class Table(msgspec.Struct, frozen=True):
    """Strict scores in one view; `left_out` counts predictions whose label has no place in it."""

    overall: Row
    macro: Macro
    labels: tuple[Row, ...]
    left_out: dict[str, int]


class View(msgspec.Struct, frozen=True):
    """Which labels are scored, and what each gold and each predicted label counts as."""

    labels: tuple[str, ...]
    gold: dict[str, str]
    predicted: dict[str, str]


def all_labels(scheme: LabelScheme) -> View:
    """View every label of the scheme; a general pipeline's PER, LOC and ORG count as ours."""
    own = {name: name for name in scheme.names}
    foreign = {name: target for name, target in _FROM_CONLL.items() if target in own}
    return View(scheme.names, own, foreign | own)


def conll(scheme: LabelScheme) -> View:
    """View PER, LOC and ORG; labels with no counterpart there are left out on both sides."""
    rolled = scheme.rollup("conll")
    return View(tuple(_FROM_CONLL), rolled, {name: name for name in _FROM_CONLL} | rolled)


def relabel(entities: Set[Entity], names: dict[str, str]) -> set[Entity]:
    """Give entities the labels of a view and leave out those that have none there."""
    return {
        entity._replace(label=names[entity.label]) for entity in entities if entity.label in names
    }


def require_known(predicted: Set[Entity], scheme: LabelScheme, pipeline: str) -> None:
    """Accept predictions with labels of the scheme, or of CoNLL (MISC included).

    Raises:
        BaliseError: the pipeline has labels of its own.
    """
    foreign = sorted({entity.label for entity in predicted} - {*scheme.names, *_CONLL})
    if foreign:
        raise BaliseError(
            pipeline,
            f"predicts {', '.join(foreign)}, which neither the label scheme "
            f"({', '.join(scheme.names)}) nor CoNLL ({', '.join(_CONLL)}) knows",
            "give a pipeline trained on this scheme, or name its scheme with --labels",
        )


@dataclass(frozen=True)
class Scored:
    """One system's counts in one view: per label, and per resample and label."""

    view: View
    counts: dict[str, Counts]
    sums: "NDArray[float64]"
    documents: int
    left_out: dict[str, int]

    def of(self, label: str) -> Counts:
        """Return one label's counts, which are zero where it occurs on neither side."""
        return self.counts.get(label, Counts(0, 0, 0))


def score_view(
    view: View, reference: Reference, predicted: Set[Entity], indices: "NDArray[int64]"
) -> Scored:
    """Score predictions in one view, with the documents of `indices` drawn for each resample."""
    gold = relabel(reference.entities, view.gold)
    found = relabel(predicted, view.predicted)
    articles = [article.id for article in reference.articles]
    counts = count_documents(articles, view.labels, gold, found)
    outside = Counter(e.label for e in predicted if e.label not in view.predicted)
    return Scored(
        view,
        score(gold, found),
        resample(counts, indices),
        len(articles),
        dict(sorted(outside.items())),
    )


def make_table(scored: Scored) -> Table:
    """Turn one system's counts in one view into a table, a row for each label of the view."""
    rows = tuple(
        make_row(label, scored.of(label), scored.sums[:, column], scored.documents)
        for column, label in enumerate(scored.view.labels)
    )
    overall = make_row(
        "overall", micro(row.counts for row in rows), scored.sums.sum(axis=1), scored.documents
    )
    mean = Macro(
        _mean([row.precision.value for row in rows], precision(scored.sums), scored.documents),
        _mean([row.recall.value for row in rows], recall(scored.sums), scored.documents),
        _mean([row.f1.value for row in rows], f1(scored.sums), scored.documents),
    )
    return Table(overall, mean, rows, scored.left_out)


def make_row(label: str, counts: Counts, sums: "NDArray[float64]", documents: int) -> Row:
    """Put counts and their resampled sums (resamples, 3) together into scores with intervals."""
    return Row(
        label,
        counts,
        Estimate(counts.precision, interval(precision(sums), documents)),
        Estimate(counts.recall, interval(recall(sums), documents)),
        Estimate(counts.f1, interval(f1(sums), documents)),
    )


def _mean(values: list[float | None], resampled: "NDArray[float64]", documents: int) -> Estimate:
    return Estimate(macro(values), interval(mean_defined(resampled), documents))

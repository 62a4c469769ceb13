"""What becomes of suggestions in the readings of them: accepted, changed, rejected, or joined.

A suggestion stands where gold does for a model (`score.find_errors`), so that each is in exactly
one place: it is *accepted* where the reading has the same edges and label, *changed* where a span
of the reading was paired with it (another boundary, another type, or both), and *rejected* where
none was. A span of the reading without a suggestion is *added*. Over all labels

    accepted + changed + rejected = suggested;  accepted + changed + added = marked.

A suggestion counts under its own label, whatever its reader made of it; what is added or marked
counts under the label of the reading.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from balise.annotations.audit_readings import Material, Read
from balise.annotations.estimates import Table
from balise.bootstrap import Estimate
from balise.pairing import pair_spans
from balise.span_errors import ErrorKind, find_errors

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

Track = Callable[[Iterable[Read]], Iterable[Read]]

OVERALL = "overall"
FIELDS = (
    "readings",
    "characters",
    "suggested",
    "marked",
    "either",
    "accepted",
    "accepted_twice",
    "changed",
    "boundary",
    "type",
    "boundary_and_type",
    "rejected",
    "added",
)
"""What is counted; `either` is suggested + marked, so that F1 is accepted_twice / either."""

_KINDS: dict[ErrorKind, str] = {
    "boundary": "boundary",
    "type": "type",
    "both": "boundary_and_type",
    "missed": "rejected",
    "spurious": "added",
}
_FIELD = {name: number for number, name in enumerate(FIELDS)}


class Outcomes(msgspec.Struct, frozen=True):
    """One label, all, or one annotator: what became of the suggestions that were shown.

    `acceptance`, `change` and `rejection` are shares of the suggestions, `addition` is the share
    that readers added of the spans that they marked.
    """

    label: str
    suggested: int
    accepted: int
    changed: int
    boundary: int
    type: int
    boundary_and_type: int
    rejected: int
    added: int
    marked: int
    acceptance: Estimate
    change: Estimate
    rejection: Estimate
    addition: Estimate


class SuggesterScore(msgspec.Struct, frozen=True):
    """One label, or all: the suggestions held against readings that did not see them, strictly.

    Over two readings of one article its suggestions count twice.
    """

    label: str
    suggested: int
    marked: int
    both: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


def count_outcomes(
    material: Material, labels: Sequence[str], track: Track = iter
) -> "NDArray[float64]":
    """Count what became of the suggestions, as an array (readings, labels and overall, FIELDS).

    `track` wraps the readings to show progress.
    """
    import numpy as np

    columns = {label: column for column, label in enumerate(labels)}
    counts = np.zeros((len(material.reads), len(labels) + 1, len(FIELDS)))
    for row, read in zip(counts, track(material.reads), strict=True):
        suggested = material.suggested[read.article]
        for field, entities in (
            ("suggested", suggested),
            ("marked", read.spans),
            ("accepted", suggested & read.spans),
        ):
            for entity in entities:
                row[columns[entity.label], _FIELD[field]] += 1
        for error in find_errors(pair_spans(suggested, read.spans)):
            span = error.gold or error.predicted
            if span is not None:
                row[columns[span.label], _FIELD[_KINDS[error.kind]]] += 1
        row[-1] = row[:-1].sum(axis=0)
        row[:, _FIELD["readings"]] = 1
        row[:, _FIELD["characters"]] = material.lengths[read.article]
    changes = [_FIELD[name] for name in ("boundary", "type", "boundary_and_type")]
    counts[..., _FIELD["changed"]] = counts[..., changes].sum(axis=-1)
    counts[..., _FIELD["either"]] = counts[..., [_FIELD["suggested"], _FIELD["marked"]]].sum(-1)
    counts[..., _FIELD["accepted_twice"]] = 2 * counts[..., _FIELD["accepted"]]
    return counts


def group_counts(
    material: Material, counts: "NDArray[float64]", groups: Sequence[int], size: int
) -> "NDArray[float64]":
    """Sum counts (readings, …) to (articles, groups, …); `groups` gives each reading's group."""
    import numpy as np

    rows = {article: row for row, article in enumerate(material.articles)}
    sums = np.zeros((len(rows), size, *counts.shape[1:]))
    np.add.at(sums, ([rows[read.article] for read in material.reads], list(groups)), counts)
    return sums


def make_outcomes(label: str, shown: Table) -> Outcomes:
    """Turn one label's counts over readings that saw the suggestions into its row."""
    return Outcomes(
        label=label,
        suggested=shown.total("suggested"),
        accepted=shown.total("accepted"),
        changed=shown.total("changed"),
        boundary=shown.total("boundary"),
        type=shown.total("type"),
        boundary_and_type=shown.total("boundary_and_type"),
        rejected=shown.total("rejected"),
        added=shown.total("added"),
        marked=shown.total("marked"),
        acceptance=shown.ratio("accepted", "suggested").estimate(),
        change=shown.ratio("changed", "suggested").estimate(),
        rejection=shown.ratio("rejected", "suggested").estimate(),
        addition=shown.ratio("added", "marked").estimate(),
    )


def make_score(label: str, blind: Table) -> SuggesterScore:
    """Turn one label's counts over readings that saw nothing into the suggester's score."""
    return SuggesterScore(
        label,
        blind.total("suggested"),
        blind.total("marked"),
        blind.total("accepted"),
        blind.ratio("accepted", "suggested").estimate(),
        blind.ratio("accepted", "marked").estimate(),
        blind.ratio("accepted_twice", "either").estimate(),
    )

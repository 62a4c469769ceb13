"""What each annotator does with the suggestions that they see, and what they do without."""

from typing import TYPE_CHECKING

import msgspec

from balise.annotations.anchoring import standing_share
from balise.annotations.audit_readings import BLIND, SHOWN, Material, Reader
from balise.annotations.estimates import make_table
from balise.annotations.outcomes import FIELDS, Outcomes, group_counts, make_outcomes
from balise.bootstrap import Estimate

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


class AnnotatorAudit(msgspec.Struct, frozen=True):
    """One annotator; `outcomes` is what became of the suggestions that they saw.

    `kept_whole` counts articles in which every suggestion stands, of the `with_suggestions` that
    showed any. `unaided` is the share of the suggestions that the annotator marked on blind
    articles, and `difference` the share accepted less that one: acceptance far above what
    somebody does unaided is the mark of one who lets stand what is there.
    """

    readings: Reader
    with_suggestions: int
    kept_whole: int
    outcomes: Outcomes
    unaided: Estimate
    difference: Estimate


def audit_annotators(
    material: Material, overall: "NDArray[float64]", indices: "NDArray[int64]"
) -> tuple[AnnotatorAudit, ...]:
    """Turn counts (readings, FIELDS) over all labels into one record an annotator."""
    place = {reader.annotator: number for number, reader in enumerate(material.readers)}
    cells = [2 * place[read.annotator] + read.condition for read in material.reads]
    table = make_table(FIELDS, group_counts(material, overall, cells, 2 * len(place)), indices)
    made = []
    for number, reader in enumerate(material.readers):
        name = reader.annotator
        whole = [
            suggested <= read.spans
            for read in material.reads
            if read.annotator == name and read.condition == SHOWN
            if (suggested := material.suggested[read.article])
        ]
        shown, blind = table.at(2 * number + SHOWN), table.at(2 * number + BLIND)
        unaided = standing_share(blind)
        made.append(
            AnnotatorAudit(
                reader,
                len(whole),
                sum(whole),
                make_outcomes(name, shown),
                unaided.estimate(),
                (standing_share(shown) - unaided).estimate(),
            )
        )
    return tuple(made)

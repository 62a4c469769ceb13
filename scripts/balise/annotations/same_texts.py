"""Two readers of one text, with suggestions or without: how near to these, and to each other."""

from collections import defaultdict
from collections.abc import Set
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from balise.annotations.audit_readings import BLIND, SHOWN, Material, Read
from balise.annotations.estimates import Table, make_table
from balise.bootstrap import Estimate, Statistic
from balise.pairing import Entity

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

_FIELDS = ("pairs", "both", "both_twice", "second", "either")
"""What is counted of two sets of spans; `either` counts a span in both sets twice."""


class Contrast(msgspec.Struct, frozen=True):
    """One figure in both conditions, and shown less blind."""

    shown: Estimate
    blind: Estimate
    difference: Estimate


class Paired(msgspec.Struct, frozen=True):
    """The same texts read both ways: how near each condition is to the suggestions.

    `f1` is strict and over all labels; `share` is that of the suggestions which stand, and the
    plainer figure where the suggester does not know every label. Every pair of a blind and a
    seeing reader of an article counts once, so that each text weighs the same on both sides.
    """

    articles: int
    pairs: int
    f1: Contrast
    share: Contrast


class PairAgreement(msgspec.Struct, frozen=True):
    """Strict F1 between two readers of one article, over all such pairs."""

    articles: int
    pairs: int
    f1: Estimate


class Agreements(msgspec.Struct, frozen=True):
    """Pairs of readers of whom both, one or neither saw the suggestions.

    `difference` is `both_shown` less `one_blind`: two readers who let the same suggestion stand
    agree on it, whatever they would have marked by themselves. Where two read each article the
    two kinds of pairs are of different articles, and the difference is no paired one.
    """

    both_shown: PairAgreement
    one_blind: PairAgreement
    both_blind: PairAgreement
    difference: Estimate


def compare_pairs(material: Material, indices: "NDArray[int64]") -> tuple[Paired, Agreements]:
    """Compare every two readers of an article; `indices` draw from the material's articles."""
    import numpy as np

    rows = {article: row for row, article in enumerate(material.articles)}
    # By condition, and by how many of the two are blind.
    to_suggestions = np.zeros((len(rows), 2, len(_FIELDS)))
    to_each_other = np.zeros((len(rows), 3, len(_FIELDS)))
    by_article: dict[str, list[Read]] = defaultdict(list)
    for read in material.reads:
        by_article[read.article].append(read)
    for article, reads in by_article.items():
        row, suggested = rows[article], material.suggested[article]
        for one, other in combinations(reads, 2):
            blind = [one.condition, other.condition].count(BLIND)
            to_each_other[row, blind] += _count(one.spans, other.spans)
            if blind == 1:
                for read in (one, other):
                    to_suggestions[row, read.condition] += _count(read.spans, suggested)
    return (
        _make_paired(make_table(_FIELDS, to_suggestions, indices)),
        _make_agreements(make_table(_FIELDS, to_each_other, indices)),
    )


def _count(one: Set[Entity], other: Set[Entity]) -> tuple[int, ...]:
    both = len(one & other)
    return 1, both, 2 * both, len(other), len(one) + len(other)


def _make_paired(table: Table) -> Paired:
    shown, blind = table.at(SHOWN), table.at(BLIND)
    return Paired(
        blind.documents("pairs"),
        blind.total("pairs"),
        _contrast(_f1(shown), _f1(blind)),
        _contrast(shown.ratio("both", "second"), blind.ratio("both", "second")),
    )


def _contrast(shown: Statistic, blind: Statistic) -> Contrast:
    return Contrast(shown.estimate(), blind.estimate(), (shown - blind).estimate())


def _f1(table: Table) -> Statistic:
    return table.ratio("both_twice", "either")


def _make_agreements(table: Table) -> Agreements:
    seeing, mixed, unaided = (table.at(blind) for blind in range(3))
    apart = _f1(seeing) - _f1(mixed)
    return Agreements(
        _make_agreement(seeing),
        _make_agreement(mixed),
        _make_agreement(unaided),
        apart.estimate(),
    )


def _make_agreement(table: Table) -> PairAgreement:
    return PairAgreement(table.documents("pairs"), table.total("pairs"), _f1(table).estimate())

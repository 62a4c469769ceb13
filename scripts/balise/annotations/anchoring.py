"""Readings that saw suggestions beside readings that did not: what showing them changes.

Whoever is shown a suggestion may keep it where they would not have marked it: they are anchored.
The share of the suggestions that stand in a reading as they were made, less the same share where
nobody saw them, is how far showing them moves readings towards the suggester. The pattern is that
of experiments on texts read both ways. Fort & Sagot (2010, « Influence of Pre-annotation on
POS-tagged Corpus Development ») compare tagging from scratch and from several pre-annotations,
with regard to biases; Rosset et al. (2013, « Automatic Named Entity Pre-Annotation for
Out-of-Domain Human Annotation ») find that pre-annotation makes readers quicker and more accurate;
Lingren et al. (2014, « Evaluating the impact of pre-annotation on annotation speed and potential
bias ») find no significant difference in agreement or accuracy where dictionaries suggest.

What the figures can show: who reads what blind is drawn by lot (`balise tasks make --blind`), so
that a difference whose interval excludes zero is owed to the suggestions and not to the texts, as
far as annotators confirmed their blind articles as often as the others.

What they cannot show:

- whether suggestions mislead or help. A reader who is shown a right suggestion that they would
  have overlooked adds to the difference as much as one who lets a wrong one stand;
- a small effect. A tenth of a batch is few articles: the intervals are wide, and percentile
  intervals from fewer than some forty articles are too narrow all the same;
- what someone would do who never sees a suggestion. Blind readers know the suggester from their
  other articles, and see that this one carries nothing;
- which labels differ, where there are many: one interval in twenty excludes zero by chance.
"""

from collections.abc import Sequence

import msgspec

from balise.annotations.audit_readings import BLIND, SHOWN
from balise.annotations.estimates import Table
from balise.bootstrap import Estimate, Statistic

ENOUGH = 10
"""A label is compared where as many of its suggestions were shown, and as many were not."""


class Condition(msgspec.Struct, frozen=True):
    """The readings of one condition; `standing` counts suggestions that they have as made.

    `per_article` is spans a reading, `per_1000` spans in 1,000 characters (code points) of what
    was read, `share` that of the suggestions which stand.
    """

    readings: int
    articles: int
    characters: int
    spans: int
    suggested: int
    standing: int
    per_article: Estimate
    per_1000: Estimate
    share: Estimate


class Difference(msgspec.Struct, frozen=True):
    """Shown less blind; `share` is the bias of showing the suggestions."""

    per_article: Estimate
    per_1000: Estimate
    share: Estimate


class LabelBias(msgspec.Struct, frozen=True):
    """The share of one label's suggestions that stand, shown and blind, and the difference."""

    label: str
    suggested_shown: int
    suggested_blind: int
    shown: Estimate
    blind: Estimate
    difference: Estimate


class Anchoring(msgspec.Struct, frozen=True):
    """Both conditions, their difference, and that of each label with `ENOUGH` suggestions."""

    shown: Condition
    blind: Condition
    difference: Difference
    labels: tuple[LabelBias, ...]


def compare_conditions(table: Table, labels: Sequence[str]) -> Anchoring:
    """Compare the two conditions of a table (articles, conditions, labels and overall, FIELDS)."""
    shown, blind = table.at(SHOWN, -1), table.at(BLIND, -1)
    return Anchoring(
        _make_condition(shown),
        _make_condition(blind),
        Difference(
            *(
                (one - other).estimate()
                for one, other in zip(_statistics(shown), _statistics(blind), strict=True)
            )
        ),
        tuple(
            _make_bias(label, table.at(SHOWN, column), table.at(BLIND, column))
            for column, label in enumerate(labels)
            if min(table.at(each, column).total("suggested") for each in (SHOWN, BLIND)) >= ENOUGH
        ),
    )


def standing_share(table: Table) -> Statistic:
    """Give the share of the suggestions that stand in the readings with both edges and label."""
    return table.ratio("accepted", "suggested")


def _statistics(table: Table) -> tuple[Statistic, Statistic, Statistic]:
    return (
        table.ratio("marked", "readings"),
        table.ratio("marked", "characters", per=1000),
        standing_share(table),
    )


def _make_condition(table: Table) -> Condition:
    return Condition(
        table.total("readings"),
        table.documents("readings"),
        table.total("characters"),
        table.total("marked"),
        table.total("suggested"),
        table.total("accepted"),
        *(one.estimate() for one in _statistics(table)),
    )


def _make_bias(label: str, shown: Table, blind: Table) -> LabelBias:
    with_them, without = standing_share(shown), standing_share(blind)
    return LabelBias(
        label,
        shown.total("suggested"),
        blind.total("suggested"),
        with_them.estimate(),
        without.estimate(),
        (with_them - without).estimate(),
    )

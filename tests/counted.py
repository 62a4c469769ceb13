"""Counts of outcomes, to and from true positives, false positives and false negatives."""

from balise.score import Counts, Outcomes


def lone(tp: int, fp: int, fn: int) -> Counts:
    """Make the counts of spans that are right or stand alone."""
    return Counts(Outcomes(correct=tp, alone=fn), Outcomes(correct=tp, alone=fp))


def cells(tp: int, fp: int, fn: int) -> list[list[int]]:
    """Make the same counts as an array (2, 5)."""
    return [[tp, 0, 0, 0, fn], [tp, 0, 0, 0, fp]]


def strict(counts: Counts) -> tuple[int, int, int]:
    """Give true positives, false positives and false negatives of strict scoring."""
    right = counts.gold.correct
    return right, counts.predicted.spans - right, counts.gold.spans - right

"""Counts of one pair of annotators, and of several pairs together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from balise.annotations.gamma import Disorder
from balise.annotations.matches import Matches

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Measured:
    """What was counted for one pair, or for several, a row an article.

    `compared` counts the articles, once for each pair, and `with_text` those that have tokens.
    """

    articles: Sequence[str]
    compared: int
    matches: Matches
    disorder: Disorder
    tokens: "NDArray[float64] | None"
    with_text: int


def measure(
    articles: Sequence[str],
    matches: Matches,
    disorder: Disorder,
    tokens: "NDArray[float64] | None",
) -> Measured:
    """Put together what was counted for one pair."""
    with_text = 0 if tokens is None else int((tokens.sum(axis=(1, 2)) > 0).sum())
    return Measured(articles, len(articles), matches, disorder, tokens, with_text)


def pool(pairs: Sequence[Measured]) -> Measured:
    """Add up what was counted for several pairs, article by article.

    Their expected disorders are taken to err all the same way, which is the worst that can be.
    """
    import numpy as np

    articles = sorted({id_ for pair in pairs for id_ in pair.articles})
    rows = {id_: row for row, id_ in enumerate(articles)}

    def total(parts: "Sequence[NDArray[float64]]") -> "NDArray[float64]":
        summed = np.zeros((len(articles), *parts[0].shape[1:]))
        for pair, part in zip(pairs, parts, strict=True):
            summed[[rows[id_] for id_ in pair.articles]] += part
        return summed

    matches = Matches(
        total([pair.matches.counts for pair in pairs]),
        [each for pair in pairs for each in pair.matches.differences],
        sum(pair.matches.equal for pair in pairs),
    )
    chance = [pair.disorder.sums[:, 2].sum() for pair in pairs]
    widths = [pair.disorder.width or 0.0 for pair in pairs]
    disorder = Disorder(
        total([pair.disorder.sums for pair in pairs]),
        min(pair.disorder.samples for pair in pairs),
        float(np.dot(widths, chance) / sum(chance)) if any(chance) else None,
    )
    counted = [pair.tokens for pair in pairs if pair.tokens is not None]
    return Measured(
        articles,
        sum(pair.compared for pair in pairs),
        matches,
        disorder,
        total(counted) if counted else None,
        sum(pair.with_text for pair in pairs),
    )

"""Who reads what: articles are dealt to annotators evenly, and some of them without suggestions."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from balise.errors import UsageError


class Assigned(NamedTuple):
    """One annotator's articles, sorted, and those of them that are read without suggestions."""

    articles: tuple[str, ...]
    blind: tuple[str, ...]


def assign(
    articles: Sequence[str],
    annotators: Sequence[str],
    overlap: int | None = None,
    blind: float = 0.0,
    seed: int = 0,
) -> dict[str, Assigned]:
    """Give each article to `overlap` annotators (all of them where it is None).

    Any two annotators differ by one article at most, and articles go to the pairs that have met
    least, so that agreement can be measured between all. Of each annotator's articles the share
    `blind`, at least one where it is not 0, is read without suggestions; where others read the
    article too, the blind reader is as far as possible the only one, so that one text shows
    what suggestions change.

    Raises:
        UsageError: fewer annotators than `overlap`, or a share that is none.
    """
    overlap = len(annotators) if overlap is None else overlap
    if not 1 <= overlap <= len(annotators):
        raise UsageError(
            "--overlap",
            f"{overlap} readers an article cannot be found among {len(annotators)} annotators",
            "choose a number from 1 to the number of annotators",
        )
    if not 0 <= blind <= 1:
        raise UsageError("--blind", f"{blind} is no share", "choose a number from 0 to 1")
    shuffled = sorted(articles)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a lot, not a secret
    names = sorted(annotators)
    shares = _deal(shuffled, names, overlap)
    hidden = _hide(shares, blind)
    return {
        name: Assigned(tuple(sorted(shares[name])), tuple(sorted(hidden[name]))) for name in names
    }


def _deal(articles: Sequence[str], names: Sequence[str], overlap: int) -> dict[str, list[str]]:
    shares: dict[str, list[str]] = {name: [] for name in names}
    met: Counter[tuple[str, str]] = Counter()
    for article in articles:
        readers: list[str] = []
        while len(readers) < overlap:
            readers.append(
                min(
                    (name for name in names if name not in readers),
                    key=lambda name: (
                        len(shares[name]),
                        sum(met[_pair(name, reader)] for reader in readers),
                    ),
                )
            )
        met.update(_pair(*pair) for pair in combinations(readers, 2))
        for reader in readers:
            shares[reader].append(article)
    return shares


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _hide(shares: dict[str, list[str]], blind: float) -> dict[str, list[str]]:
    blind_readers: Counter[str] = Counter()
    hidden: dict[str, list[str]] = {}
    for name, own in shares.items():
        count = max(1, round(blind * len(own))) if blind and own else 0
        hidden[name] = sorted(own, key=lambda article: blind_readers[article])[:count]
        blind_readers.update(hidden[name])
    return hidden

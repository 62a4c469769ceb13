"""Where in another text a stand-off span may stand: places whose words have its hashes.

A place's score is the share of the span's context that is found around it, in order, words
inserted or left out. Each token counts by how surprising it would be to meet it there by chance
(the negative logarithm of its rate in the text): a name found again says more than a comma.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from balise.dataset.anchors import CONTEXT, hash_words, sides
from balise.dataset.rows import AnchoredSpan
from balise.word_edges import word_edges

WINDOW = CONTEXT + 3
"""So many tokens on each side of a place are looked at: three may have been inserted."""

_COMMON = 0.9
"""No token counts as surer to be met than this, so that each has some weight."""


class Place(msgspec.Struct, frozen=True, order=True):
    """A place `[start, end)` in code points, and the shares of the context found there.

    `score` is of both sides together. A side of which the row has no token is found. `tokens`
    counts those found on both sides: a share says little where the row has few.
    """

    score: float
    start: int
    end: int
    before: float
    after: float
    tokens: int


class Common(NamedTuple):
    """What two sequences have in common: its weight, and how many tokens it is."""

    weight: float
    tokens: int


class Places:
    """The places of one text, looked up by a span's hashes."""

    def __init__(self, text: str, salt: str) -> None:
        self._text, self._salt = text, salt
        self._edges = word_edges(text)
        self._tokens = [hash_words(salt, text[start:end]) for start, end in self._edges]
        self._counts = Counter(self._tokens)
        self._starts = [at for at in range(len(text)) if not text[at].isspace() and self._cuts(at)]
        self._by_length: dict[int, dict[str, list[int]]] = {}

    def find(self, span: AnchoredSpan) -> list[Place]:
        """List the places whose surface has a span's hash and length, the best first.

        None of them begins or ends inside a run of letters and digits.
        """
        length = span.end - span.start
        starts = self._surfaces(length).get(span.surface or "", ())
        places = (self._score(span, start, start + length) for start in starts)
        return sorted(places, key=lambda place: (-place.score, place.start))

    def _cuts(self, at: int) -> bool:
        return not (0 < at < len(self._text) and self._text[at - 1 : at + 1].isalnum())

    def _surfaces(self, length: int) -> dict[str, list[int]]:
        if length not in self._by_length:
            found: dict[str, list[int]] = defaultdict(list)
            for start in self._starts:
                end = start + length
                if end <= len(self._text) and self._cuts(end):
                    found[hash_words(self._salt, self._text[start:end])].append(start)
            self._by_length[length] = found
        return self._by_length[length]

    def _score(self, span: AnchoredSpan, start: int, end: int) -> Place:
        before, after = (
            self._tokens[side.start : side.stop] for side in sides(self._edges, start, end, WINDOW)
        )
        found_before = common_tokens(span.before, before, self._weight)
        found_after = common_tokens(span.after, after, self._weight)
        all_before, all_after = (sum(map(self._weight, s)) for s in (span.before, span.after))
        return Place(
            score=_share(found_before.weight + found_after.weight, all_before + all_after, 0.0),
            start=start,
            end=end,
            before=_share(found_before.weight, all_before, 1.0),
            after=_share(found_after.weight, all_after, 1.0),
            tokens=found_before.tokens + found_after.tokens,
        )

    def _weight(self, token: str) -> float:
        rate = WINDOW * max(1, self._counts[token]) / max(1, len(self._tokens))
        return -math.log(min(_COMMON, rate))


def _share(part: float, whole: float, of_nothing: float) -> float:
    return part / whole if whole else of_nothing


def common_tokens(
    one: Sequence[str], other: Sequence[str], weight: Callable[[str], float]
) -> Common:
    """Find the heaviest common subsequence of two sequences of tokens."""
    best = [Common(0.0, 0)] * (len(other) + 1)
    for token in one:
        diagonal = Common(0.0, 0)
        for at, each in enumerate(other, start=1):
            above = best[at]
            if token == each:
                matched = Common(diagonal.weight + weight(token), diagonal.tokens + 1)
                best[at] = max(above, best[at - 1], matched)
            else:
                best[at] = max(above, best[at - 1])
            diagonal = above
    return best[-1]

"""Each stand-off span gets its one place in a text that changed, or the reason why it has none.

The five figures of `Sureness` were chosen on 599 texts, each edited in ten ways:
`pytest -s tests/benchmarks/bench_reanchor.py` prints what they cost and bring.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from balise.dataset.rehydration.places import Place, Places
from balise.dataset.rows import AnchoredSpan


class Sureness(msgspec.Struct, frozen=True):
    """How sure a place must be, in shares of a span's context.

    A place needs the share `score` of all of it and `side` of each side: a new title that ends in
    the same name is followed by what followed the old one. It needs `tokens` of it, however few
    the row has: two words or three are found around a name in many a text. Another place within
    `margin` of the best score is as good, and so is one with the share `rival` of a side: a
    sentence may have been said again.

    Of 219,340 spans that were still there after twelve kinds of edits, these figures put 212,746
    right, 17 wrong. Without `side` 57 are wrong, without `rival` 64, with a `score` of 0.3 21;
    `score` 0.7 leaves 15 and refuses a thousand more. `tokens` matters in texts of a few words: of
    2,000 spans with at most three of them on each side, looked for in other articles that have
    their words, up to 405 were put there without it, 35 with 3 and 19 with 4; 5 leaves 3, and
    refuses a hundred of the spans above.
    """

    score: float = 0.5
    side: float = 0.3
    margin: float = 0.2
    rival: float = 0.7
    tokens: int = 4

    def is_good(self, place: Place) -> bool:
        """Tell whether a place may be taken at all."""
        near = place.score >= self.score and min(place.before, place.after) >= self.side
        return near and place.tokens >= self.tokens

    def as_good(self, places: Sequence[Place]) -> list[Place]:
        """Take the best place and those that are as good, of places sorted by score."""
        best = places[0]
        return [
            each
            for each in places
            if best.score - each.score < self.margin or max(each.before, each.after) >= self.rival
        ]


SURE = Sureness()

Reason = Literal["no hashes", "not found", "weak context", "several places", "place taken"]


class Placed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span on the new text, `[start, end)` in code points; `old_*` are the row's offsets."""

    start: int
    end: int
    label: str
    old_start: int
    old_end: int
    score: float


class RefusedSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span, at the row's offsets, for which no sure place was found.

    `score` is the best place's, null where there is none.
    """

    start: int
    end: int
    label: str
    reason: Reason
    score: float | None


def place_spans(spans: Sequence[AnchoredSpan], text: str, salt: str) -> list[Placed | RefusedSpan]:
    """Give each span its place in a text, or the reason why it has none, in the spans' order."""
    places = Places(text, salt)
    return choose_places(spans, [places.find(span) for span in spans])


def choose_places(
    spans: Sequence[AnchoredSpan], found: Sequence[Sequence[Place]], sure: Sureness = SURE
) -> list[Placed | RefusedSpan]:
    """Choose among the places found for each span, the best first.

    Spans with one good place come first. Where several places are as good, the one that lies
    between the nearest of those, in the row's order, is taken, if it is alone there. A place that
    two spans claim goes to the better score, and to neither where the margin is too small. So it
    is with places that overlap, unless the spans did in the row.
    """
    firm = [_only_good(each, sure) for each in found]
    claimed = [
        place or _between(found[at], *_neighbours(spans, firm, at), sure)
        for at, place in enumerate(firm)
    ]
    taken = _without_clashes(spans, claimed, sure)
    return [
        Placed(place.start, place.end, span.label, span.start, span.end, round(place.score, 3))
        if place is not None
        else _refusal(span, found[at], sure, claimed=claimed[at] is not None)
        for at, (span, place) in enumerate(zip(spans, taken, strict=True))
    ]


def _only_good(places: Sequence[Place], sure: Sureness) -> Place | None:
    alone = bool(places) and sure.is_good(places[0]) and len(sure.as_good(places)) == 1
    return places[0] if alone else None


def _neighbours(
    spans: Sequence[AnchoredSpan], firm: Sequence[Place | None], at: int
) -> tuple[int, float]:
    """Bound a span by the nearest placed spans before and after it that do not overlap it."""
    before = (
        place.end
        for span, place in zip(spans[:at][::-1], firm[:at][::-1], strict=True)
        if place is not None and span.end <= spans[at].start
    )
    after = (
        place.start
        for span, place in zip(spans[at + 1 :], firm[at + 1 :], strict=True)
        if place is not None and span.start >= spans[at].end
    )
    return next(before, 0), next(after, float("inf"))


def _between(places: Sequence[Place], low: int, high: float, sure: Sureness) -> Place | None:
    """Take the one place between two bounds that is as good as the best."""
    rivals = sure.as_good(places) if places and sure.is_good(places[0]) else []
    inside = [each for each in rivals if low <= each.start and each.end <= high]
    if len(inside) != 1 or not sure.is_good(inside[0]):
        return None
    return inside[0] if places[0].score - inside[0].score < sure.margin else None


def _without_clashes(
    spans: Sequence[AnchoredSpan], places: Sequence[Place | None], sure: Sureness
) -> list[Place | None]:
    """Drop each place that clashes with another, unless it is better by the margin."""
    claims = {at: place for at, place in enumerate(places) if place is not None}
    beaten: set[int] = set()
    for one, other in _overlapping(claims):
        if not _go_together(spans[one], spans[other], claims[one], claims[other]):
            lead = claims[one].score - claims[other].score
            if lead < sure.margin:
                beaten.add(one)
            if -lead < sure.margin:
                beaten.add(other)
    return [None if at in beaten else place for at, place in enumerate(places)]


def _overlapping(claims: Mapping[int, Place]) -> Iterator[tuple[int, int]]:
    """Give the keys of every two places that overlap."""
    order = sorted(claims, key=lambda at: claims[at].start)
    for number, at in enumerate(order, start=1):
        for later in order[number:]:
            if claims[later].start >= claims[at].end:
                break
            yield at, later


def _go_together(one: AnchoredSpan, other: AnchoredSpan, place: Place, other_place: Place) -> bool:
    """Tell whether places that overlap suit two spans: they overlapped in the row as well.

    One place suits two spans of one range only, under two labels.
    """
    if (place.start, place.end) == (other_place.start, other_place.end):
        return (one.start, one.end) == (other.start, other.end)
    return one.start < other.end and other.start < one.end


def _refusal(
    span: AnchoredSpan, places: Sequence[Place], sure: Sureness, claimed: bool
) -> RefusedSpan:
    reason: Reason
    if span.surface is None:
        reason = "no hashes"
    elif not places:
        reason = "not found"
    elif claimed:
        reason = "place taken"
    elif not sure.is_good(places[0]):
        reason = "weak context"
    else:
        reason = "several places"
    score = round(places[0].score, 3) if places else None
    return RefusedSpan(span.start, span.end, span.label, reason, score)

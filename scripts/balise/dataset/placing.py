"""Each stand-off span gets its one place in a text that changed, or the reason why it has none.

The four figures below were chosen on 599 texts, each edited in ten ways:
`pytest -s tests/benchmarks/bench_reanchor.py` prints what they cost and bring.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import msgspec

from balise.dataset.places import Place, Places
from balise.dataset.rows import AnchoredSpan

SCORE = 0.5
"""A place needs this share of the context."""

SIDE = 0.3
"""And this of each side: a new title that ends in the same name has the old right side alone."""

MARGIN = 0.2
"""Another place within this of the best one's score is as good."""

RIVAL = 0.7
"""And so is one that has this share of a side: the same sentence may have been said again."""

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
    """Give each span its place in a text, or the reason why it has none, in the spans' order.

    Spans with one good place come first. Where several places are as good, the one that lies
    between the nearest of those, in the row's order, is taken, if it is alone there. A place that
    two spans claim goes to the better score; where they are equal, neither gets it.
    """
    places = Places(text, salt)
    found = [places.find(span) for span in spans]
    firm = [_only_good(each) for each in found]
    between = [
        place or _between(found[at], *_neighbours(spans, firm, at)) for at, place in enumerate(firm)
    ]
    taken = _without_clashes(spans, between)
    return [
        Placed(place.start, place.end, span.label, span.start, span.end, round(place.score, 3))
        if place is not None
        else _refusal(span, found[at], claimed=between[at] is not None)
        for at, (span, place) in enumerate(zip(spans, taken, strict=True))
    ]


def _is_good(place: Place) -> bool:
    return place.score >= SCORE and min(place.before, place.after) >= SIDE


def _as_good(places: Sequence[Place]) -> list[Place]:
    """Take the best place and those that are as good, of places sorted by score."""
    best = places[0]
    return [
        each
        for each in places
        if best.score - each.score < MARGIN or max(each.before, each.after) >= RIVAL
    ]


def _only_good(places: Sequence[Place]) -> Place | None:
    return places[0] if places and _is_good(places[0]) and len(_as_good(places)) == 1 else None


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


def _between(places: Sequence[Place], low: int, high: float) -> Place | None:
    if not places or not _is_good(places[0]):
        return None
    inside = [each for each in _as_good(places) if low <= each.start and each.end <= high]
    if len(inside) != 1 or not _is_good(inside[0]):
        return None
    return inside[0] if places[0].score - inside[0].score < MARGIN else None


def _without_clashes(
    spans: Sequence[AnchoredSpan], places: Sequence[Place | None]
) -> list[Place | None]:
    claims: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, place in enumerate(places):
        if place is not None:
            claims[place.start, place.end].append(at)
    kept = list(places)
    for claimants in claims.values():
        best = max(kept[at].score for at in claimants)  # type: ignore[union-attr]
        winners = [at for at in claimants if kept[at].score == best]  # type: ignore[union-attr]
        # Spans of one range in the row, under two labels, may share their place.
        shared = len({(spans[at].start, spans[at].end) for at in winners}) == 1
        for at in claimants:
            if at not in winners or not shared:
                kept[at] = None
    return kept


def _refusal(span: AnchoredSpan, places: Sequence[Place], claimed: bool) -> RefusedSpan:
    reason: Reason
    if span.surface is None:
        reason = "no hashes"
    elif not places:
        reason = "not found"
    elif claimed:
        reason = "place taken"
    elif not _is_good(places[0]):
        reason = "weak context"
    else:
        reason = "several places"
    score = round(places[0].score, 3) if places else None
    return RefusedSpan(span.start, span.end, span.label, reason, score)

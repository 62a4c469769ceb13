"""Spans that may overlap become a tree, as a page needs it: marks in marks."""

from collections.abc import Iterable
from typing import NamedTuple

from balise.records import Span


class Stretch(NamedTuple):
    """A stretch of a text: plain, or the part of a span that lies within what holds it.

    `inner` covers the whole of a span's stretch where other spans are inside, and is empty where
    none are. A span that crosses another's end goes on behind it in a stretch of its own, which
    `continues` it.
    """

    start: int
    end: int
    span: Span | None = None
    inner: tuple["Stretch", ...] = ()
    continues: bool = False


def nest_spans(start: int, end: int, spans: Iterable[Span]) -> tuple[Stretch, ...]:
    """Cut the range `[start, end)` into stretches, the longer spans around the shorter ones.

    The spans lie inside the range; none of the stretches is empty, and together they are it.
    """
    return _nest(start, end, [Stretch(span.start, span.end, span) for span in sorted(spans)])


def _nest(start: int, end: int, parts: list[Stretch]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    while parts:
        outer, *others = sorted(parts, key=lambda part: (part.start, -part.end))
        inner = [part for part in others if part.start < outer.end]
        parts = [part for part in others if part.start >= outer.end]
        parts += [
            part._replace(start=outer.end, continues=True) for part in inner if part.end > outer.end
        ]
        if start < outer.start:
            found.append(Stretch(start, outer.start))
        held = [part._replace(end=min(part.end, outer.end)) for part in inner]
        within = _nest(outer.start, outer.end, held) if held else ()
        found.append(outer._replace(inner=within))
        start = outer.end
    if start < end:
        found.append(Stretch(start, end))
    return tuple(found)

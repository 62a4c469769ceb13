"""Spans written as marked-up sentences: « Tirs à [Kharkiv](LOCATION) »; a mark may hold marks."""

import re
from collections.abc import Iterable

from balise.align import Edges
from balise.records import Annotation, Article, Gold, Span
from balise.text import NORMALISATION, sha256

_EDGE = re.compile(r"\[|\](?:\(([A-Z_]+)\))?")


def markup(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Turn a marked-up sentence into its text and its spans."""
    opened: list[int] = []
    pairs: dict[int, tuple[int, int, str]] = {}
    for edge in _EDGE.finditer(marked):
        if edge[0] == "[":
            opened.append(edge.start())
        elif opened:
            start = opened.pop()
            if edge[1]:
                pairs[start] = (edge.start(), edge.end(), edge[1])
    return _cut(marked, 0, len(marked), pairs)


def _cut(
    marked: str, start: int, end: int, pairs: dict[int, tuple[int, int, str]]
) -> tuple[str, tuple[Span, ...]]:
    text, spans, at = "", [], start
    while at < end:
        if at in pairs:
            stop, after, label = pairs[at]
            surface, inner = _cut(marked, at + 1, stop, pairs)
            first = len(text)
            spans.append(Span(first, first + len(surface), label))
            spans += [Span(first + one.start, first + one.end, one.label) for one in inner]
            text, at = text + surface, after
        else:
            text, at = text + marked[at], at + 1
    return text, tuple(sorted(spans))


def edges_of(tokens: Iterable[tuple[int, int]]) -> Edges:
    """Turn tokens' `[start, end)`, one after another, into their edges."""
    pairs = list(tokens)
    return Edges([start for start, _ in pairs], [end for _, end in pairs])


def article(id_: str, text: str, **fields: object) -> Article:
    """Make an article of a text, with a hash that fits."""
    return Article(id_, text, sha256(text), len(text), NORMALISATION, **fields)  # type: ignore[arg-type]


def annotated(
    id_: str, marked: str, annotator: str = "a1", *, confirmed: bool = True, **fields: object
) -> tuple[Article, Annotation]:
    """Make an article and one annotator's reading of it from a marked-up sentence."""
    text, spans = markup(marked)
    return (
        article(id_, text, **fields),
        Annotation(id_, sha256(text), annotator, confirmed, spans),
    )


def gold(id_: str, marked: str, **fields: object) -> tuple[Article, Gold]:
    """Make an article and its gold record from a marked-up sentence."""
    text, spans = markup(marked)
    return article(id_, text, **fields), Gold(id_, sha256(text), ("a1",), "single", None, spans)

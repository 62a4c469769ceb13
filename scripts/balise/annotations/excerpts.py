"""Differences are shown where they stand: the sentence as one annotator reads it, then the other.

A difference over several sentences is shown in all of them; no sentence is cut inside a span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice

import msgspec

from balise.nesting import Stretch, nest_spans
from balise.readers import Pair
from balise.records import Annotation, Article, Span
from balise.sentences import uncut_sentences
from balise.span_errors import SpanError


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a sentence: plain, or a span; `differs` marks the span the excerpt is about.

    `inner` are the pieces of a span in which other spans are, and `continues` is that of
    `Stretch`.
    """

    text: str
    label: str | None = None
    differs: bool = False
    inner: tuple["Piece", ...] = ()
    continues: bool = False


class Reading(msgspec.Struct, frozen=True):
    """One annotator's side of a difference: the span, the sentence, comments on the article."""

    annotator: str
    span: Span | None
    pieces: tuple[Piece, ...]
    comments: tuple[str, ...]


class Excerpt(msgspec.Struct, frozen=True):
    """A difference in its sentence; where the article has no text here, without the sentence.

    `missed` is the kind of a span that one annotator lacks, whichever it is. `pair` is the number
    of the pair, from 0.
    """

    pair: int
    article: str
    kind: str
    readings: tuple[Reading, Reading]
    has_text: bool

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the difference, each once."""
        spans = (reading.span for reading in self.readings)
        return tuple(dict.fromkeys(span.label for span in spans if span is not None))


def make_excerpts(
    pairs: Iterable[tuple[Pair, list[SpanError]]], articles: Mapping[str, Article], most: int
) -> list[Excerpt]:
    """Turn the first so many differences into excerpts, pair after pair."""
    every = (
        excerpt
        for number, (pair, differences) in enumerate(pairs)
        for excerpt in _excerpts(number, pair, differences, articles)
    )
    return list(islice(every, most))


def _excerpts(
    number: int, pair: Pair, differences: Iterable[SpanError], articles: Mapping[str, Article]
) -> Iterator[Excerpt]:
    rows = {id_: row for row, id_ in enumerate(pair.articles)}
    for id_, here in groupby(differences, key=lambda difference: difference.article):
        both = pair.left[rows[id_]], pair.right[rows[id_]]
        text = articles[id_].text if id_ in articles else None
        cuts = [] if text is None else uncut_sentences(text, (*both[0].spans, *both[1].spans))
        for difference in here:
            start, end = _around(text or "", cuts, difference)
            left, right = (
                Reading(
                    reading.annotator,
                    span,
                    _pieces(text or "", start, end, reading, span),
                    reading.comments,
                )
                for reading, span in zip(both, (difference.gold, difference.predicted), strict=True)
            )
            kind = "missed" if difference.kind == "spurious" else difference.kind
            yield Excerpt(number, id_, kind, (left, right), text is not None)


def _around(text: str, cuts: list[int], difference: SpanError) -> tuple[int, int]:
    """Find the sentences that hold a difference, without the white space around them."""
    spans = [span for span in (difference.gold, difference.predicted) if span is not None]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    if not cuts:
        return first, first
    start = cuts[bisect_right(cuts, first) - 1]
    end = cuts[bisect_left(cuts, last)]
    whole = text[start:end]
    return start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip())


def _pieces(
    text: str, start: int, end: int, reading: Annotation, differing: Span | None
) -> tuple[Piece, ...]:
    here = [span for span in reading.spans if start <= span.start and span.end <= end]

    def make(stretch: Stretch) -> Piece:
        surface, span = text[stretch.start : stretch.end], stretch.span
        if span is None:
            return Piece(surface)
        inner = tuple(map(make, stretch.inner))
        return Piece(surface, span.label, span == differing, inner, stretch.continues)

    return tuple(map(make, nest_spans(start, end, here)))

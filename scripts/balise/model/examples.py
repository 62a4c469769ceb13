"""Errors are shown where they stand: a sentence's gold spans above its predicted ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from itertools import pairwise

import msgspec

from balise.model.reference import Reference
from balise.nesting import Stretch, nest_spans
from balise.pairing import Entity
from balise.records import Span
from balise.sentences import uncut_sentences
from balise.span_errors import SpanError


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a sentence: plain, or a span; `kind` says how the span is wrong.

    `inner` are the pieces of a span in which other spans are, and `continues` is that of
    `Stretch`.
    """

    text: str
    label: str | None = None
    kind: str | None = None
    inner: tuple["Piece", ...] = ()
    continues: bool = False


class Example(msgspec.Struct, frozen=True):
    """A sentence with at least one error, read twice."""

    article: str
    kinds: dict[str, int]
    gold: tuple[Piece, ...]
    predicted: tuple[Piece, ...]


def make_examples(
    reference: Reference, predicted: Set[Entity], errors: Iterable[SpanError]
) -> list[Example]:
    """Turn errors into the sentences that hold them, in the order of the articles.

    No sentence ends inside a span, so that an error is always in one piece.
    """
    gold_spans, found_spans = _by_article(reference.entities), _by_article(predicted)
    by_article: dict[str, list[SpanError]] = defaultdict(list)
    for error in errors:
        by_article[error.article].append(error)
    examples = []
    for article, text in zip(reference.articles, reference.texts, strict=True):
        gold, found = gold_spans[article.id], found_spans[article.id]
        for start, end in pairwise(uncut_sentences(text, gold + found)):
            here = [error for error in by_article[article.id] if start <= _start(error) < end]
            if here:
                examples.append(
                    Example(
                        article.id,
                        dict(Counter(error.kind for error in here)),
                        _pieces(text, start, end, gold, {e.gold: e.kind for e in here}),
                        _pieces(text, start, end, found, {e.predicted: e.kind for e in here}),
                    )
                )
    return examples


def _by_article(entities: Iterable[Entity]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for entity in sorted(entities):
        spans[entity.article].append(Span(entity.start, entity.end, entity.label))
    return spans


def _start(error: SpanError) -> int:
    return min(span.start for span in (error.gold, error.predicted) if span is not None)


def _pieces(
    text: str, start: int, end: int, spans: list[Span], wrong: dict[Span | None, str]
) -> tuple[Piece, ...]:
    here = [span for span in spans if start <= span.start < end]
    # What a pipeline found may end in white space, which is not taken from it.
    last = max([start + len(text[start:end].rstrip()), *(span.end for span in here)])

    def make(stretch: Stretch) -> Piece:
        surface, span = text[stretch.start : stretch.end], stretch.span
        if span is None:
            return Piece(surface)
        inner = tuple(map(make, stretch.inner))
        return Piece(surface, span.label, wrong.get(span), inner, stretch.continues)

    return tuple(map(make, nest_spans(start, last, here)))

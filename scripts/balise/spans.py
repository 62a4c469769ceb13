"""Spans that come from outside are accepted against the text they were made on, or refused."""

from collections.abc import Iterable
from itertools import pairwise

from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.ledger import Ledger
from balise.records import Article, Span
from balise.text import sha256, trim


def require_text(article: Article, place: object) -> str:
    """Return an article's text.

    Raises:
        BaliseError: the article is stand-off and has no text here.
    """
    if article.text is None:
        raise BaliseError(
            place,
            f"article {article.id} is stand-off and its text is not here",
            "bring it with `balise dataset rehydrate --texts DIR`",
        )
    return article.text


def require_hash(text: str, expected: str, place: object) -> None:
    """Accept a text only where it has the hash that its spans were made on.

    Raises:
        BaliseError: the text is another one.
    """
    if (found := sha256(text)) != expected:
        raise BaliseError(
            place,
            f"the text changed under its spans (sha256 {found[:12]}…, expected {expected[:12]}…)",
            "restore the text that was annotated, or annotate the new text as a new article",
        )


def check_spans(text: str, spans: Iterable[Span], labels: LabelScheme, place: object) -> None:
    """Accept spans that lie inside the text, are trimmed, carry known labels and do not overlap.

    Raises:
        BaliseError: the first span that breaks a rule, with its surface.
    """
    ordered = sorted(spans)
    for span in ordered:
        labels.require(span.label, place)
        require_inside(text, span, place)
        if trim(text, span.start, span.end) != (span.start, span.end):
            raise BaliseError(
                place,
                f"span {describe(text, span)} begins or ends with space or punctuation",
                "trim its edges, or import it again: an import trims and says so",
            )
    refuse_overlaps(text, ordered, place)


def accept_spans(
    article: str,
    text: str,
    spans: Iterable[Span],
    labels: LabelScheme,
    ledger: Ledger,
    place: object,
) -> tuple[Span, ...]:
    """Turn an outside tool's spans into ours: trimmed, without exact duplicates, sorted.

    Each span is entered in the ledger once: kept, trimmed, or dropped as empty or duplicate.

    Raises:
        BaliseError: an unknown label, a span outside the text, or two spans that overlap.
    """
    accepted: dict[Span, None] = {}
    for span in sorted(spans):
        labels.require(span.label, place)
        require_inside(text, span, place)
        start, end = trim(text, span.start, span.end)
        if start == end:
            ledger.drop(article, span, "only space or punctuation")
            continue
        trimmed = Span(start, end, span.label)
        if trimmed in accepted:
            ledger.drop(article, span, "duplicate")
            continue
        accepted[trimmed] = None
        if trimmed == span:
            ledger.keep()
        else:
            ledger.move(article, span, trimmed, "trimmed", "space or punctuation at an edge")
    ordered = sorted(accepted)
    refuse_overlaps(text, ordered, place)
    return tuple(ordered)


def require_inside(text: str, span: Span, place: object) -> None:
    """Accept a span that ends inside the text.

    Raises:
        BaliseError: the span reaches beyond the text.
    """
    if span.end > len(text):
        raise BaliseError(
            place,
            f"{span.label} {span.start}-{span.end} ends outside its text of {len(text)} characters",
            "check that text and offsets belong together and count code points",
        )


def refuse_overlaps(text: str, ordered: Iterable[Span], place: object) -> None:
    """Accept sorted spans that do not overlap.

    Raises:
        BaliseError: the first two spans that share a character.
    """
    for left, right in pairwise(ordered):
        if right.start < left.end:
            raise BaliseError(
                place,
                f"{describe(text, left)} overlaps {describe(text, right)}",
                "labels are flat: keep one of the two",
            )


def describe(text: str, span: Span) -> str:
    """Name a span for a person: surface, label and place."""
    return f"{text[span.start : span.end]!r} ({span.label} {span.start}-{span.end})"

"""Spans that come from outside are accepted against the text they were made on, or refused."""

from collections.abc import Iterable, Sequence
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
    """Accept spans that lie inside the text, are trimmed, and carry known labels.

    None may stand there twice, and where labels are flat no two may overlap.

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
    refuse_clashes(text, ordered, labels, place)


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
        BaliseError: an unknown label, a span outside the text, or two spans that overlap where
            labels are flat.
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
    refuse_clashes(text, ordered, labels, place)
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


def find_overlap(ordered: Iterable[Span]) -> tuple[Span, Span] | None:
    """Find the first two neighbours among sorted spans that share a character.

    Where no neighbours do, no two spans do.
    """
    return next((pair for pair in pairwise(ordered) if pair[1].start < pair[0].end), None)


def find_clash(ordered: Sequence[Span], labels: LabelScheme) -> tuple[Span, Span] | None:
    """Find the first two neighbours among sorted spans that a scheme does not let stand together.

    These are equal ones, and where labels are flat those that share a character.
    """
    if not labels.overlapping:
        return find_overlap(ordered)
    return next((pair for pair in pairwise(ordered) if pair[0] == pair[1]), None)


def refuse_clashes(text: str, ordered: Sequence[Span], labels: LabelScheme, place: object) -> None:
    """Accept sorted spans that the scheme lets stand together.

    Raises:
        BaliseError: the first two spans that are equal or, where labels are flat, overlap.
    """
    if clash := find_clash(ordered, labels):
        left, right = (describe(text, span) for span in clash)
        raise BaliseError(place, *explain_clash(left, right, labels))


def explain_clash(left: str, right: str, labels: LabelScheme) -> tuple[str, str]:
    """Say of two spans, as they are described, why they clash and what to do."""
    if labels.overlapping:
        return f"{left} stands there twice", "keep it once"
    return (
        f"{left} overlaps {right}",
        "labels are flat: keep one of the two (a scheme made for nested spans says "
        "`overlapping = true` in its labels.toml)",
    )


def describe(text: str, span: Span) -> str:
    """Name a span for a person: surface, label and place."""
    return f"{text[span.start : span.end]!r} ({span.label} {span.start}-{span.end})"

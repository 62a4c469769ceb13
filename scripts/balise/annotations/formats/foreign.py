"""What every reader of a foreign format hands on: past the reader there is nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.records import Span

_SPACE = re.compile(r"[\s\u200b]")


class Refused(msgspec.Struct, frozen=True):
    """A span that a format can hold and a reading cannot, with the reason for the ledger."""

    span: Span
    reason: str


class ForeignDocument(msgspec.Struct, frozen=True):
    """One document of a foreign file, its spans in code points of `text`.

    `place` names it in messages, as `file:line`. A format that keeps tokens but no space between
    them gives a `squeezed` text: all white space is gone, and its spans count what is left.
    `set_aside` counts what the format holds besides spans (relations, events, attributes).
    """

    place: str
    id: str | None
    text: str
    spans: tuple[Span, ...]
    comments: tuple[str, ...] = ()
    confirmed: bool = True
    squeezed: bool = False
    refused: tuple[Refused, ...] = ()
    set_aside: int = 0


Reader = Callable[[Path], list[ForeignDocument]]


def make_span(start: int, end: int, label: str, place: object) -> Span:
    """Turn three foreign values into a span.

    Raises:
        BaliseError: the range is empty, reversed or negative.
    """
    try:
        return Span(start, end, label)
    except ValueError as error:
        raise BaliseError(place, f"{label}: {error}", "correct its offsets: start < end") from error


def squeeze(text: str) -> str:
    """Take all white space (U+200B included) out of a text."""
    return _SPACE.sub("", text)


def unsqueeze(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Move spans that count the text without white space to the text itself."""
    points = [point for point, character in enumerate(text) if not _SPACE.match(character)]
    return tuple(Span(points[span.start], points[span.end - 1] + 1, span.label) for span in spans)

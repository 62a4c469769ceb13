"""What Doccano sends and takes, as types; offsets in UTF-16 units."""

from collections.abc import Iterable
from typing import Any

import msgspec

from balise.errors import BaliseError
from balise.offsets import OffsetMap
from balise.records import Span


class ServerRow(msgspec.Struct, frozen=True):
    """One document as Doccano exports it; offsets in UTF-16 units."""

    id: int
    text: str
    label: tuple[tuple[int, int, str], ...]
    meta: dict[str, Any] = {}
    comments: tuple[str, ...] = msgspec.field(default=(), name="Comments")


class ServerExample(msgspec.Struct, frozen=True):
    """One document as Doccano lists it."""

    id: int
    text: str
    is_confirmed: bool
    meta: dict[str, Any] = {}

    @property
    def row_meta(self) -> dict[str, Any]:
        """The `meta` object of the uploaded row, which Doccano nests once more."""
        nested = self.meta.get("meta")
        return nested if isinstance(nested, dict) else {}


def read_spans(text: str, label: Iterable[tuple[int, int, str]], place: str) -> list[Span]:
    """Turn a document's `[start, end, label]` in UTF-16 units into spans in code points.

    Raises:
        BaliseError: a span is empty or reversed, or an edge is none of the text's.
    """
    offsets = OffsetMap(text, "utf16")
    spans = []
    for start, end, name in label:
        try:
            spans.append(Span(offsets.to_codepoint(start), offsets.to_codepoint(end), name))
        except (BaliseError, ValueError) as error:
            why = f"{error.place} is {error.problem}" if isinstance(error, BaliseError) else error
            raise BaliseError(
                place,
                f"span {name} {start}-{end} does not fit its text ({why})",
                "delete this span in Doccano, or make the batch again if it was not pushed yet",
            ) from None
    return spans


class ServerSpan(msgspec.Struct, frozen=True):
    """One span as Doccano stores it: UTF-16 units, the label by its id."""

    id: int
    label: int
    start_offset: int
    end_offset: int
    user: int | None = None
    updated_at: str | None = None


class ServerMember(msgspec.Struct, frozen=True):
    """Who may do what in a project; `user` is the user's id."""

    user: int
    username: str
    rolename: str


class ServerComment(msgspec.Struct, frozen=True):
    """A comment on a document."""

    id: int
    example: int
    text: str
    created_at: str
    user: int | None = None


class Confirmation(msgspec.Struct, frozen=True):
    """Who confirmed a document (a user's id), and when."""

    confirmed_by: int
    confirmed_at: str


class ServerProject(msgspec.Struct, frozen=True):
    """What matters of a project."""

    id: int
    name: str
    description: str
    collaborative_annotation: bool = False
    grapheme_mode: bool = False
    allow_overlapping: bool = False

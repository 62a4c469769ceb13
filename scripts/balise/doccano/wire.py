"""What Doccano sends and takes, as types; offsets in UTF-16 units."""

from typing import Any

import msgspec


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


class ServerSpan(msgspec.Struct, frozen=True):
    """One span as Doccano stores it: UTF-16 units, the label by its id."""

    id: int
    label: int
    start_offset: int
    end_offset: int


class ServerProject(msgspec.Struct, frozen=True):
    """What matters of a project."""

    id: int
    name: str
    description: str
    collaborative_annotation: bool = False
    grapheme_mode: bool = False
    allow_overlapping: bool = False

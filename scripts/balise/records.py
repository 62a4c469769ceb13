"""The records that pass between stages, one JSON object a line.

Offsets are Unicode code points, half-open, into the article's stored text exactly: a span's
surface is `text[start:end]` and nothing else.
"""

from typing import Literal

import msgspec

Publishable = Literal["full", "standoff", "none"]
Decision = Literal["single", "agreed", "majority", "adjudicated"]


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A labelled range `[start, end)` of code points; not empty, not negative.

    Raises:
        ValueError: the range is empty, reversed or negative.
    """

    start: int
    end: int
    label: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}-{self.end} is empty, reversed or negative")


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text as it is annotated, with where it comes from and what may be done with it.

    `sha256` is over the text's UTF-8 and `length` counts its code points; both stay when `text`
    is null (a stand-off article that has not been rehydrated).
    """

    id: str
    text: str | None
    sha256: str
    length: int
    normalisation: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    path: str | None = None
    published: str | None = None
    retrieved_at: str | None = None
    language: str | None = None
    country: str | None = None
    event: str | None = None
    register: str | None = None
    synthetic: bool | None = None
    license: str | None = None
    license_url: str | None = None
    rights_holder: str | None = None
    attribution: str | None = None
    tdm_optout: bool | None = None
    publishable: Publishable = "standoff"


class Annotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One annotator's reading of one article; unconfirmed, it is neither gold nor a negative."""

    article: str
    sha256: str
    annotator: str
    confirmed: bool
    spans: tuple[Span, ...]
    comments: tuple[str, ...] = ()
    origin: str | None = None


class Gold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The spans that training and release rest on, with how they were decided."""

    article: str
    sha256: str
    annotators: tuple[str, ...]
    decision: Decision
    reason: str | None
    spans: tuple[Span, ...]

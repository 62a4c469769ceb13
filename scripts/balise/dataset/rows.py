"""The rows of the configs, as they stand in Parquet.

`spans` and `bio` have a row for every article whose text goes out, `standoff` one for every
article, and `annotators` one for every reading of one. Offsets are code points, half-open, into
the article's text.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from balise.dataset.anchors import Anchor, make_anchors, make_salt
from balise.dataset.release import Item, Reading
from balise.records import Span

SPANS = "spans"
BIO = "bio"
STANDOFF = "standoff"
ANNOTATORS = "annotators"


def default_config(names: Collection[str]) -> str:
    """Name the config that loads unless another is asked for: `spans`, where any text goes out."""
    return SPANS if SPANS in names else STANDOFF


class SpanValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One span; `text` is its surface, null where the article's text does not go out."""

    start: int
    end: int
    label: str
    text: str | None


class SpanRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article with its text and its gold spans."""

    id: str
    text: str
    sha256: str
    length: int
    title: str | None
    source: str | None
    url: str | None
    published: str | None
    country: str | None
    event: str | None
    register: str | None
    synthetic: bool | None
    license: str | None
    attribution: str | None
    decision: str
    annotators: tuple[str, ...]
    spans: tuple[SpanValue, ...]


class BioRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article in tokens, each with its BIO tag and its `[start, end)` in code points.

    `ner_tags` are numbers into the tags' names, as in Parquet. White space is no token, so that
    every token can stand on a line of its own.
    """

    id: str
    tokens: tuple[str, ...]
    ner_tags: tuple[int, ...]
    token_starts: tuple[int, ...]
    token_ends: tuple[int, ...]
    tokenizer: str
    synthetic: bool | None
    license: str | None
    attribution: str | None


class AnchoredSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One gold span without its words: `surface`, `before` and `after` are salted hashes.

    See `anchors`. Where the text was not there when the dataset was built, `surface` is null and
    nothing stands beside it.
    """

    start: int
    end: int
    label: str
    surface: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


class StandoffRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article without text or title: where it stands, which text it is, and its gold spans.

    `publishable` says whether its text is in `spans` too (`full`).
    """

    id: str
    url: str | None
    path: str | None
    sha256: str
    length: int
    normalisation: str
    language: str | None
    source: str | None
    published: str | None
    country: str | None
    event: str | None
    register: str | None
    synthetic: bool | None
    license: str | None
    license_url: str | None
    rights_holder: str | None
    attribution: str | None
    publishable: str
    decision: str
    annotators: tuple[str, ...]
    salt: str
    spans: tuple[AnchoredSpan, ...]


class AnnotatorRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One confirmed reading; `annotator` is a pseudonym, and `id` names article, batch and it."""

    id: str
    article: str
    batch: str
    annotator: str
    sha256: str
    synthetic: bool | None
    license: str | None
    publishable: str
    spans: tuple[SpanValue, ...]


ROWS: Mapping[str, type[msgspec.Struct]] = {
    SPANS: SpanRow,
    BIO: BioRow,
    ANNOTATORS: AnnotatorRow,
    STANDOFF: StandoffRow,
}
"""What a row of each config is."""


def shown_text(item: Item) -> str:
    """Give the text of an item that goes out with it.

    Raises:
        ValueError: its text does not go out.
    """
    if item.text is None:
        raise ValueError(f"{item.article.id} is stand-off")
    return item.text


def span_row(item: Item) -> SpanRow:
    """Turn an item whose text goes out into its row of `spans`.

    Raises:
        ValueError: its text does not go out.
    """
    text = shown_text(item)
    return SpanRow(
        **_shared(item, SpanRow, but=("text", "decision", "annotators", "spans")),
        text=text,
        decision=item.gold.decision,
        annotators=item.annotators,
        spans=_values(item.gold.spans, text),
    )


def standoff_row(item: Item) -> StandoffRow:
    """Turn an item into its row of `standoff`; its text, where it is here, gives the anchors."""
    salt, spans = make_salt(item.article), sorted(item.gold.spans)
    nothing = Anchor(None, (), ())
    here = item.article.text
    anchors = [nothing] * len(spans) if here is None else make_anchors(here, spans, salt)
    return StandoffRow(
        **_shared(item, StandoffRow, but=("decision", "annotators", "salt", "spans")),
        decision=item.gold.decision,
        annotators=item.annotators,
        salt=salt,
        spans=tuple(
            AnchoredSpan(span.start, span.end, span.label, at.surface, at.before, at.after)
            for span, at in zip(spans, anchors, strict=True)
        ),
    )


def annotator_row(reading: Reading) -> AnnotatorRow:
    """Turn a reading into its row of `annotators`."""
    item = reading.item
    return AnnotatorRow(
        id=f"{item.article.id}/{reading.batch}/{reading.annotator}",
        article=item.article.id,
        batch=reading.batch,
        annotator=reading.annotator,
        sha256=item.article.sha256,
        synthetic=item.article.synthetic,
        license=item.article.license,
        publishable=item.article.publishable,
        spans=_values(reading.spans, item.text),
    )


def _shared(item: Item, row: type[msgspec.Struct], but: tuple[str, ...]) -> dict[str, Any]:
    """Take over the columns that bear an article's names."""
    return {name: getattr(item.article, name) for name in row.__struct_fields__ if name not in but}


def _values(spans: tuple[Span, ...], text: str | None) -> tuple[SpanValue, ...]:
    return tuple(
        SpanValue(s.start, s.end, s.label, None if text is None else text[s.start : s.end])
        for s in sorted(spans)
    )

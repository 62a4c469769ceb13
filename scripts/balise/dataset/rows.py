"""The rows of the configs, as they stand in Parquet.

`spans` and `bio` have a row for every article whose text goes out, `standoff` one for every
article, and `annotators` one for every reading of one. Offsets are code points, half-open, into
the article's text.
"""

from collections.abc import Collection, Mapping

import msgspec

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

"""The rows of the two configs, as they stand in Parquet.

`spans` has a row for every article that goes out; `bio` for those whose text goes out. Offsets
are code points, half-open, into the article's text.
"""

import msgspec

from balise.dataset.release import Item

SPANS = "spans"
BIO = "bio"


class SpanValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One gold span; `text` is its surface, null where the article's text does not go out."""

    start: int
    end: int
    label: str
    text: str | None


class SpanRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article and its gold spans."""

    id: str
    text: str | None
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
    publishable: str
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


def span_row(item: Item) -> SpanRow:
    """Turn an item into its row; of a stand-off article neither text nor title nor surface."""
    article, record, text = item.article, item.gold, item.text
    return SpanRow(
        id=article.id,
        text=text,
        sha256=article.sha256,
        length=article.length,
        title=None if text is None else article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        country=article.country,
        event=article.event,
        register=article.register,
        synthetic=article.synthetic,
        license=article.license,
        attribution=article.attribution,
        publishable=article.publishable,
        decision=record.decision,
        annotators=record.annotators,
        spans=tuple(
            SpanValue(s.start, s.end, s.label, None if text is None else text[s.start : s.end])
            for s in sorted(record.spans)
        ),
    )

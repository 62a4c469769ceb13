"""Items and readings become rows."""

from typing import Any

import msgspec

from balise.dataset.anchors import Anchor, make_anchors, make_salt
from balise.dataset.release import Item, Reading
from balise.dataset.rows import AnchoredSpan, AnnotatorRow, SpanRow, SpanValue, StandoffRow
from balise.records import Span


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


def annotator_row(item: Item, reading: Reading) -> AnnotatorRow:
    """Turn a reading of an item into its row of `annotators`."""
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

"""The spans of a spaCy document: its entities, or a group of spans, which may overlap."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from balise.errors import BaliseError
from balise.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import Pipe
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

SPANS_KEY = "sc"
"""The group that spaCy's span categorizer fills, where it is not told otherwise."""


def find_finders(nlp: "Language") -> list[str]:
    """Name a pipeline's components that find spans.

    These are the ones that set `doc.ents`; where there is none, those that fill a group of
    `doc.spans` with labelled spans (a span categorizer, a span ruler).
    """
    return [name for name in nlp.pipe_names if _sets_entities(nlp, name)] or [
        name for name, pipe in nlp.pipeline if _fills(pipe)
    ]


def find_group(nlp: "Language", place: object) -> str | None:
    """Name the group of `doc.spans` that holds what a pipeline finds; None where its entities do.

    Raises:
        BaliseError: it finds no entities and fills several groups.
    """
    if any(_sets_entities(nlp, name) for name in nlp.pipe_names):
        return None
    keys = sorted({key for _, pipe in nlp.pipeline if (key := _fills(pipe)) is not None})
    if len(keys) > 1:
        raise BaliseError(
            place,
            f"fills {len(keys)} groups of spans ({', '.join(keys)})",
            "give its components one `spans_key`",
        )
    return keys[0] if keys else None


def _sets_entities(nlp: "Language", name: str) -> bool:
    return "doc.ents" in nlp.get_pipe_meta(name).assigns


def _fills(pipe: "Pipe") -> str | None:
    """Name the group of labelled spans that a component fills, if any."""
    from spacy.pipeline import SpanCategorizer, SpanRuler

    return pipe.key if isinstance(pipe, SpanCategorizer | SpanRuler) else None


def read_doc(doc: "Doc", group: str | None) -> list[Span]:
    """Turn a document's entities, or one group of its spans, into spans in code points.

    spaCy's character offsets are code points already; no edge is trimmed or moved. They are
    sorted, each once.
    """
    found = read_group(doc, group)
    return sorted({Span(span.start_char, span.end_char, span.label_) for span in found})


def read_group(doc: "Doc", group: str | None) -> "Sequence[DocSpan]":
    """Give a document's entities, or one group of its spans, as spaCy has them."""
    spans: Sequence[DocSpan] = doc.ents if group is None else doc.spans.get(group, ())
    return spans


def read_scores(doc: "Doc", group: str) -> dict[Span, float]:
    """Turn a group of spans into spans with the probabilities that a span categorizer gave them.

    It is empty where none did, as for rules.
    """
    spans = doc.spans.get(group, ())
    scores = spans.attrs.get("scores") if len(spans) else None
    if scores is None:
        return {}
    return {
        Span(span.start_char, span.end_char, span.label_): float(score)
        for span, score in zip(spans, scores.reshape(-1), strict=True)
    }

"""Spans written as marked-up sentences: « Tirs à [Kharkiv](LOCATION) »."""

import re

from balise.records import Annotation, Article, Gold, Span
from balise.text import NORMALISATION, sha256

_MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z_]+)\)")


def markup(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Turn a marked-up sentence into its text and its spans."""
    text, spans, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    return text + marked[last:], tuple(spans)


def article(id_: str, text: str, **fields: object) -> Article:
    """Make an article of a text, with a hash that fits."""
    return Article(id_, text, sha256(text), len(text), NORMALISATION, **fields)  # type: ignore[arg-type]


def annotated(
    id_: str, marked: str, annotator: str = "a1", *, confirmed: bool = True, **fields: object
) -> tuple[Article, Annotation]:
    """Make an article and one annotator's reading of it from a marked-up sentence."""
    text, spans = markup(marked)
    return (
        article(id_, text, **fields),
        Annotation(id_, sha256(text), annotator, confirmed, spans),
    )


def gold(id_: str, marked: str, **fields: object) -> tuple[Article, Gold]:
    """Make an article and its gold record from a marked-up sentence."""
    text, spans = markup(marked)
    return article(id_, text, **fields), Gold(id_, sha256(text), ("a1",), "single", None, spans)

"""Texts and spans become spaCy documents, with every snap to a token edge in the ledger."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from balise.align import Edges, align_spans
from balise.errors import BaliseError
from balise.ledger import Ledger
from balise.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


TOKENIZER = "balise.FrenchTokenizer.v2"

LONGEST = 1_000_000
"""So many code points a text may have: spaCy reads no longer one."""


def require_readable(length: int, place: object) -> None:
    """Accept a text of so many code points.

    Raises:
        BaliseError: spaCy does not read a text as long.
    """
    if length > LONGEST:
        raise BaliseError(
            place,
            f"its text has {length:,} characters",
            f"cut it into articles of at most {LONGEST:,} characters",
        )


@functools.cache
def blank_french() -> "Language":
    """Make the pipeline that only tokenizes, once: spaCy's French rules take seconds to compile.

    Callers must not add components to it.
    """
    return new_french()


def new_french() -> "Language":
    """Make a blank French pipeline with the project's tokenizer, to add components to."""
    import spacy

    import balise.tokenizer  # noqa: F401 - registers the tokenizer where nothing is installed

    return spacy.blank("fr", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})


def token_edges(doc: "Doc") -> Edges:
    """Give each token's `[start, end)` in code points."""
    starts = [token.idx for token in doc]
    return Edges(starts, [start + len(token) for start, token in zip(starts, doc, strict=True)])


def make_doc(
    nlp: "Language",
    article: str,
    text: str,
    spans: Iterable[Span],
    ledger: Ledger,
    group: str | None = None,
) -> "Doc":
    """Turn a text and its spans into a tokenised document whose `ents` are the snapped spans.

    With `group` they stand in `doc.spans[group]` instead, where they may overlap. The article's
    id stands in `doc.user_data["article"]`.
    """
    from spacy.tokens import Span as DocSpan

    doc = nlp.make_doc(text)
    edges = token_edges(doc)
    aligned = align_spans(article, spans, edges, ledger, overlapping=group is not None)
    snapped = [DocSpan(doc, span.start, span.end, span.label) for span in aligned]
    if group is None:
        doc.set_ents(snapped)
    else:
        doc.spans[group] = snapped
    doc.user_data["article"] = article
    return doc

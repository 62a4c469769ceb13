"""Where a text's sentences end: a rule of thumb, to show or compare them, not for linguistics."""

import itertools
import re
from collections.abc import Iterable

from balise.records import Span

# « M. » and « O.N.U. » do not end one.
_END = re.compile(
    r"\n+|(?<!\b[^\W\d])(?<![.!?…])[.!?…]+(?:\s?[»”\")\]])?\s+(?=[«“\"(]?\s?[\dA-ZÀ-ÖØ-ÞŒ])"
)


def sentence_ends(text: str) -> list[int]:
    """List the code points at which sentences end, the white space behind them included.

    The last one is the text's length, so that the sentences together are the text.
    """
    ends = [match.end() for match in _END.finditer(text)]
    return ends if ends and ends[-1] == len(text) else [*ends, len(text)]


def uncut_sentences(text: str, spans: Iterable[Span]) -> list[int]:
    """List where a text may be cut, 0 and its length included: at no sentence's end in a span."""
    inside = {place for span in spans for place in range(span.start + 1, span.end)}
    return [0, *(end for end in sentence_ends(text) if end == len(text) or end not in inside)]


def split_sentences(text: str) -> list[str]:
    """Cut a text into its sentences, without the white space around them; none is empty."""
    starts = [0, *sentence_ends(text)]
    pieces = (text[start:end].strip() for start, end in itertools.pairwise(starts))
    return [piece for piece in pieces if piece]

"""Where a text's sentences end: a rule of thumb, to show or compare them, not for linguistics."""

import itertools
import re

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


def split_sentences(text: str) -> list[str]:
    """Cut a text into its sentences, without the white space around them; none is empty."""
    starts = [0, *sentence_ends(text)]
    pieces = (text[start:end].strip() for start, end in itertools.pairwise(starts))
    return [piece for piece in pieces if piece]

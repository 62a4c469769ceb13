"""Texts become the edges of their tokens, without a spaCy document of each.

spaCy cuts a text at white space and each piece by itself, and a corpus repeats most of its pieces:
what a piece was cut into is kept. Only spaCy's exceptions (« J.-C. », « :-( ») are also looked for
across a space, as tokens that follow each other, so pieces in which one could begin and end are
cut together.
"""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise

from balise.align import Edges
from balise.docbin import blank_french

_RUN = re.compile(r"\S+")
_KEPT_PIECES = 1 << 16


# Two rows of an article ask for the same text one after the other.
@functools.lru_cache(maxsize=1)
def word_edges(text: str) -> Edges:
    """Give the `[start, end)` of a text's tokens in code points; white space is none.

    They are those of the project's tokenizer (`docbin.TOKENIZER`).
    """
    starts: list[int] = []
    ends: list[int] = []
    for begin, end in _pieces(text):
        for start, stop in _piece_edges(text[begin:end]):
            starts.append(begin + start)
            ends.append(begin + stop)
    return Edges(starts, ends)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Give the `[start, end)` of what can be cut by itself."""
    inside = _inside_exceptions()
    begin = last = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        if last and text[last - 1] + text[start] not in inside:
            yield begin, last
            begin = start
        last = end
    if last:
        yield begin, last


@functools.lru_cache(maxsize=_KEPT_PIECES)
def _piece_edges(piece: str) -> tuple[tuple[int, int], ...]:
    from spacy.attrs import IDX, IS_SPACE, LENGTH

    tokens = blank_french().make_doc(piece).to_array([IDX, LENGTH, IS_SPACE])
    return tuple((at, at + length) for at, length, is_space in tokens.tolist() if not is_space)


@functools.cache
def _inside_exceptions() -> frozenset[str]:
    """Find the last and the first letter of every two tokens that follow each other in one."""
    from spacy.tokenizer import Tokenizer

    nlp = blank_french()
    cuts = nlp.tokenizer
    without = Tokenizer(
        nlp.vocab,
        prefix_search=cuts.prefix_search,
        suffix_search=cuts.suffix_search,
        infix_finditer=cuts.infix_finditer,
        token_match=cuts.token_match,
        url_match=cuts.url_match,
    )
    return frozenset(
        one.text[-1] + other.text[0]
        for rule in cuts.rules
        for one, other in pairwise(without(rule))
    )

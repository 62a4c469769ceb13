"""What a stand-off row tells of a span's words: salted hashes, by which it can be found again.

A hash has sixteen bits on purpose. Alone it fits one word in 65,536, so that a list of names does
not tell which of them it was; beside the hashes of the words around it, it fits one place in a
text.
"""

import functools
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from balise.align import Edges
from balise.records import Article, Span
from balise.word_edges import word_edges

CONTEXT = 5
"""So many tokens on each side of a span are hashed."""

_DIGITS = 4
_PLAIN = str.maketrans("\u00a0\u202f\n\t’ʼ", "    ''")


class Anchor(msgspec.Struct, frozen=True):
    """The hashes of a span's surface and of up to five tokens on each side, in reading order."""

    surface: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


def make_salt(article: Article) -> str:
    """Make an article's salt of its id and hash: what is hashed in one says nothing of another."""
    return hashlib.sha256(f"{article.id}\n{article.sha256}".encode()).hexdigest()[:16]


def hash_words(salt: str, words: str) -> str:
    """Hash a surface or a token, as four hexadecimal digits.

    Kinds of white space and of apostrophes do not count, nor do capitals: a page may be set anew
    in others.
    """
    plain = words.translate(_PLAIN).casefold()
    return hashlib.sha256(f"{salt}\n{plain}".encode()).hexdigest()[:_DIGITS]


def make_anchors(text: str, spans: Iterable[Span], salt: str) -> Iterator[Anchor]:
    """Make each span's anchor; a token that a span cuts is on neither side of it."""
    edges = word_edges(text)

    @functools.cache
    def hash_at(place: int) -> str:
        return hash_words(salt, text[edges.starts[place] : edges.ends[place]])

    for span in spans:
        before, after = sides(edges, span.start, span.end)
        yield Anchor(
            hash_words(salt, text[span.start : span.end]),
            tuple(map(hash_at, before)),
            tuple(map(hash_at, after)),
        )


def sides(edges: Edges, start: int, end: int, reach: int = CONTEXT) -> tuple[range, range]:
    """Number the tokens that end by `start` and those that begin at `end` or later.

    Of each side the nearest are given, up to `reach`. `edges` are those of all tokens.
    """
    first, last = bisect_right(edges.ends, start), bisect_left(edges.starts, end)
    return range(max(0, first - reach), first), range(last, min(len(edges), last + reach))

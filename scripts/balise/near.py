"""Near-duplicates: texts that share so much that one would give the other away."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from balise.sentences import split_sentences

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

RESEMBLANCE = 0.25
SENTENCE_RESEMBLANCE = 0.6
"""From here on two sentences are one template with other words in it."""

_TRIGRAMS: Mapping[str, Any] = {"ngram_range": (3, 3), "token_pattern": r"\w+"}
_HASHES = 2**22
_BLOCK = 1000


class NearDuplicate(msgspec.Struct, frozen=True, order=True):
    """Two articles and the resemblance of their texts."""

    left: str
    right: str
    resemblance: float


def near_duplicates(
    texts: Mapping[str, str], threshold: float = RESEMBLANCE
) -> list[NearDuplicate]:
    """List the pairs of texts whose resemblance reaches the threshold, sorted by id.

    Resemblance is the Jaccard index of the two texts' sets of word trigrams, lower-cased
    (Broder, "On the resemblance and containment of documents", 1997). Texts of fewer than three
    words resemble none. A text is looked up again where it may resemble another.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    analyze = CountVectorizer(**_TRIGRAMS).build_analyzer()

    @functools.lru_cache(maxsize=_BLOCK)
    def trigrams(id_: str) -> frozenset[str]:
        return frozenset(analyze(texts[id_]))

    ids = sorted(texts)
    found = []
    for left, right in _candidates((texts[id_] for id_ in ids), threshold):
        one, other = trigrams(ids[left]), trigrams(ids[right])
        both = len(one & other)
        resemblance = both / max(1, len(one | other))
        if both and resemblance >= threshold:
            found.append(NearDuplicate(ids[left], ids[right], round(resemblance, 3)))
    return sorted(found)


def _candidates(texts: Iterable[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the numbers of texts that may reach the threshold, the lower first.

    Trigrams are hashed, so that memory grows by a few bytes for each; the most frequent of each
    text are left out, without which the pairs are still found (prefix filtering: Chaudhuri, Ganti
    & Kaushik 2006, « A primitive operator for similarity joins in data cleaning »). The bounds
    leave room for trigrams that share a hash, in texts of up to some hundred thousand words.
    """
    import numpy as np

    rest = iter(texts)
    blocks = [_hash(part) for part in iter(lambda: list(islice(rest, _BLOCK)), [])]
    if not blocks:
        return
    sizes = np.concatenate([np.diff(block.indptr) for block in blocks])
    # One less than may be left out, and a twentieth below, for trigrams that share a hash.
    dropped = np.maximum(np.ceil(threshold * sizes) - 2, 0).astype(int)
    needed = 0.95 * threshold / (1 + threshold)
    frequency = np.zeros(_HASHES, dtype=np.int64)
    for block in blocks:
        frequency += np.bincount(block.indices, minlength=_HASHES)
    for number, block in enumerate(blocks):
        start = number * _BLOCK
        blocks[number] = _rarest(block, dropped[start : start + block.shape[0]], frequency)
    for second, block in enumerate(blocks):
        # A long text has more trigrams than 16 bits count.
        columns = block.T.tocsr().astype("uint32")
        for first in range(second + 1):
            shared = (blocks[first] @ columns).tocoo()
            left, right = shared.row + first * _BLOCK, shared.col + second * _BLOCK
            most = shared.data + np.maximum(dropped[left], dropped[right])
            most = np.minimum(most, np.minimum(sizes[left], sizes[right])) + 1
            may = (left < right) & (most >= needed * (sizes[left] + sizes[right]))
            yield from zip(left[may].tolist(), right[may].tolist(), strict=True)


def _hash(texts: Sequence[str]) -> "csr_matrix":
    """Turn texts into rows that hold 1 for the hash of each of their trigrams."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        n_features=_HASHES, binary=True, norm=None, alternate_sign=False, **_TRIGRAMS
    )
    return hashing.transform(texts).astype("uint16")


def _rarest(
    block: "csr_matrix", drop: "NDArray[int64]", frequency: "NDArray[int64]"
) -> "csr_matrix":
    """Leave out so many of each row's most frequent trigrams."""
    import numpy as np
    from scipy.sparse import csr_matrix

    sizes = np.diff(block.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((block.indices, frequency[block.indices], rows))
    place = np.arange(len(rows)) - block.indptr[rows]
    kept = place < (sizes - drop)[rows]
    columns = block.indices[order][kept]
    ones = np.ones(len(columns), dtype=block.dtype)
    return csr_matrix((ones, (rows[kept], columns)), shape=block.shape)


class SharedSentence(msgspec.Struct, frozen=True):
    """Two articles, and the sentence of each that resembles the other's."""

    left: str
    right: str
    left_sentence: str
    right_sentence: str


class SharedSentences(msgspec.Struct, frozen=True):
    """How many sentences there are, how many resemble one of another article, and the pairs."""

    sentences: int
    resembling: int
    pairs: tuple[SharedSentence, ...]


def shared_sentences(
    texts: Mapping[str, str], threshold: float = SENTENCE_RESEMBLANCE
) -> SharedSentences:
    """Find the sentences that come again in another article, with the same words or nearly.

    Sentences are compared as `near_duplicates` compares texts; those of fewer than three words
    resemble none.
    """
    owners = [
        (id_, sentence) for id_, text in sorted(texts.items()) for sentence in split_sentences(text)
    ]
    found = near_duplicates({f"{n:07}": each for n, (_, each) in enumerate(owners)}, threshold)
    numbers = [(int(pair.left), int(pair.right)) for pair in found]
    across = [(left, right) for left, right in numbers if owners[left][0] != owners[right][0]]
    return SharedSentences(
        len(owners),
        len({number for pair in across for number in pair}),
        tuple(
            SharedSentence(owners[left][0], owners[right][0], owners[left][1], owners[right][1])
            for left, right in across
        ),
    )

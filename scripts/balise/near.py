"""Near-duplicates: texts that share so much that one would give the other away."""

from collections.abc import Mapping

import msgspec

from balise.sentences import split_sentences

RESEMBLANCE = 0.25
SENTENCE_RESEMBLANCE = 0.6
"""From here on two sentences are one template with other words in it."""


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
    words resemble none.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    ids = sorted(texts)
    vectorizer = CountVectorizer(binary=True, ngram_range=(3, 3), token_pattern=r"\w+")  # noqa: S106 - no password
    try:
        trigrams = vectorizer.fit_transform(texts[id_] for id_ in ids)
    except ValueError:  # scikit-learn's word for "no text has a trigram"
        return []
    sizes = trigrams.sum(axis=1).A1
    shared = (trigrams @ trigrams.T).tocoo()
    found = []
    for left, right, both in zip(shared.row, shared.col, shared.data, strict=True):
        if left < right:
            resemblance = both / (sizes[left] + sizes[right] - both)
            if resemblance >= threshold:
                found.append(NearDuplicate(ids[left], ids[right], round(float(resemblance), 3)))
    return sorted(found)


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

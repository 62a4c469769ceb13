"""Near-duplicates: texts that share so much that one would give the other away."""

from collections.abc import Mapping

import msgspec

RESEMBLANCE = 0.25


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

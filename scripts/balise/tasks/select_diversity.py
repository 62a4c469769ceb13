"""Articles that stand for the topics of all, away from what is annotated already."""

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from balise.errors import BaliseError
from balise.records import Article
from balise.spans import require_text
from balise.tasks.candidates import Pick

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_WORD = r"[^\W\d_][\w-]*\w"
# The most frequent words are enough to tell topics apart, and bound the memory.
_WORDS = 20_000
_RUNS = 4
_KEYWORDS = 3


class _Vectors(NamedTuple):
    """TF-IDF rows of length 1, and the word of each column as it is mostly written."""

    candidates: "csr_matrix"
    annotated: "csr_matrix"
    words: list[str]


class _Clusters(NamedTuple):
    """The group of each row, its cosine similarity to the group's centre, and groups' keywords."""

    groups: list[int]
    near: "NDArray[float64]"
    keywords: list[str]


def rank_by_diversity(
    articles: Sequence[Article], annotated: Sequence[Article], clusters: int, seed: int = 0
) -> list[Pick]:
    """Rank articles so that the first `clusters` of them stand for one cluster each.

    Texts become TF-IDF vectors of their words, and k-means gathers them in `clusters` groups.
    Within a group an article's score is its cosine similarity to the centre minus the largest
    one to an annotated article: the maximal marginal relevance of Carbonell & Goldstein ("The use
    of MMR, diversity-based reranking for reordering documents", SIGIR 1998), with both sides
    weighing the same. The best of each group come first, groups in the order of their best; then
    the second best of each, and so on.

    Raises:
        BaliseError: no text has a word that could tell it from others.
    """
    import numpy as np

    vectors = _vectorise(articles, annotated)
    found = _cluster(vectors, min(clusters, len(articles)), seed)
    seen = np.zeros(len(articles))
    if annotated:
        seen = (vectors.candidates @ vectors.annotated.T).max(axis=1).toarray().ravel()
    scores = np.round(found.near - seen, 6)
    queues: dict[int, list[int]] = {}
    for row in sorted(range(len(articles)), key=lambda row: (-scores[row], articles[row].id)):
        queues.setdefault(found.groups[row], []).append(row)
    picks = []
    for place, rows in enumerate(zip_longest(*queues.values()), start=1):
        for number, (group, row) in enumerate(zip(queues, rows, strict=True), start=1):
            if row is not None:
                reason = (
                    f"{'best' if place == 1 else f'number {place}'} of the {len(queues[group])} "
                    f"articles in cluster {number} of {len(queues)}: {found.keywords[group]}; "
                    f"likeness to its centre {found.near[row]:.2f}"
                )
                if annotated:
                    reason += f", to the nearest annotated article {seen[row]:.2f}"
                picks.append(Pick(articles[row].id, float(scores[row]), reason))
    return picks


def _vectorise(articles: Sequence[Article], annotated: Sequence[Article]) -> _Vectors:
    """Weigh the words of all texts; stop words are spaCy's French ones, figures are no words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from spacy.lang.fr.stop_words import STOP_WORDS

    texts = [require_text(article, article.id) for article in (*articles, *annotated)]
    vectorizer = TfidfVectorizer(
        token_pattern=_WORD,
        stop_words=sorted({part for word in STOP_WORDS for part in re.findall(_WORD, word)}),
        max_features=_WORDS,
        sublinear_tf=True,
    )
    try:
        rows = vectorizer.fit_transform(texts)
    except ValueError as error:  # scikit-learn's word for "no text has a word"
        raise BaliseError(
            "--by diversity",
            "the candidates' texts have no word that could tell them apart",
            "choose another strategy, such as --by random",
        ) from error
    written = Counter(word for text in texts for word in re.findall(_WORD, text))
    usual: dict[str, str] = {}
    for word, _ in written.most_common():
        usual.setdefault(word.lower(), word)
    words = [usual[word] for word in vectorizer.get_feature_names_out()]
    return _Vectors(rows[: len(articles)], rows[len(articles) :], words)


def _cluster(vectors: _Vectors, clusters: int, seed: int) -> _Clusters:
    """Gather the candidates by k-means; a group's keywords are those it has more of than all."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.preprocessing import normalize
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

    rows = vectors.candidates
    # scikit-learn takes seeds of 32 bits.
    kmeans = KMeans(clusters, n_init=_RUNS, random_state=seed % 2**32)
    # Threads add in any order, and sums that differ in the last digit may choose another article.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Said where there are fewer different texts than clusters, which is no mistake.
        warnings.simplefilter("ignore", ConvergenceWarning)
        kmeans.fit(rows)
    groups = [int(group) for group in kmeans.labels_]
    centres = normalize(kmeans.cluster_centers_)
    near = np.asarray(rows @ centres.T)[np.arange(len(groups)), groups]
    excess = kmeans.cluster_centers_ - np.asarray(rows.mean(axis=0))
    keywords = [
        ", ".join(vectors.words[column] for column in np.argsort(-row, kind="stable")[:_KEYWORDS])
        for row in excess
    ]
    return _Clusters(groups, near, keywords)

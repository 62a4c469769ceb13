"""Cohen's κ over tokens: how often two annotators give a token the same label, beyond chance.

A token, as balise's own tokenizer cuts it, white space apart, has the label of the span that covers
or touches it, or none; where two touch it, the first counts (see `align_spans`). Whether a span
begins at a token plays no part. A token has one label: of readings whose spans may overlap there is
no κ. κ is (observed - expected agreement) / (1 - expected) (Cohen 1960). Most tokens have no label
for either annotator, and that counts as agreement: κ stands beside F1 and not in its place
(Hripcsak & Rothschild 2005).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from balise.align import align_spans
from balise.ledger import Ledger
from balise.readers import Pair, Readers
from balise.records import Article
from balise.word_edges import word_edges

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Tokens = dict[str, dict[str, NDArray[int64]]]

Track = Callable[[list[str]], Iterable[str]]


def label_tokens(
    readers: Readers, articles: Mapping[str, Article], labels: Sequence[str], track: Track = iter
) -> "Tokens":
    """Give every reading's tokens their labels, by annotator and article.

    A label is its number in `labels`, no label the number after. An article without text, or with
    one reader, has no tokens.
    """
    import numpy as np

    columns = {label: column for column, label in enumerate(labels)}
    found: Tokens = defaultdict(dict)
    by_article = defaultdict(list)
    for readings in readers.values():
        for id_, reading in readings.items():
            if id_ in articles:
                by_article[id_].append(reading)
    for id_ in track(sorted(id_ for id_, readings in by_article.items() if len(readings) > 1)):
        edges = word_edges(articles[id_].text or "")
        for reading in by_article[id_]:
            tokens = np.full(len(edges), len(labels))
            for span in align_spans(id_, reading.spans, edges, Ledger()):
                tokens[span.start : span.end] = columns[span.label]
            found[reading.annotator][id_] = tokens
    return found


def count_tokens(tokens: "Tokens", pair: Pair, labels: Sequence[str]) -> "NDArray[float64]":
    """Count each article's tokens by the labels of both: (articles, labels + 1, labels + 1).

    An article without text has noughts.
    """
    import numpy as np

    size = len(labels) + 1
    counts = np.zeros((len(pair.articles), size * size))
    first, second = tokens.get(pair.first, {}), tokens.get(pair.second, {})
    for row, id_ in enumerate(pair.articles):
        if id_ in first:
            counts[row] = np.bincount(first[id_] * size + second[id_], minlength=size * size)
    return counts.reshape(-1, size, size)


def kappa(counts: "NDArray[float64]") -> float | None:
    """Compute κ from one table of counts (first, second) with scikit-learn.

    It is None where it is undefined: there is no token, or all have one label for both.
    """
    import numpy as np
    from sklearn.metrics import cohen_kappa_score

    rows, columns = np.nonzero(counts)
    if len({*rows.tolist(), *columns.tolist()}) < 2:
        return None
    return float(cohen_kappa_score(rows, columns, sample_weight=counts[rows, columns]))


def marginals(counts: "NDArray[float64]") -> "NDArray[float64]":
    """Keep of tables (…, n, n) what κ needs (…, 1 + 2n): the diagonal's sum and both margins."""
    import numpy as np

    alike = np.trace(counts, axis1=-2, axis2=-1)[..., None]
    return np.concatenate([alike, counts.sum(axis=-1), counts.sum(axis=-2)], axis=-1)


def kappa_of_marginals(sums: "NDArray[float64]") -> "NDArray[float64]":
    """Turn sums of `marginals` (…, 1 + 2n) into κ (…); NaN where it is undefined."""
    import numpy as np

    alike, margins = sums[..., 0], sums[..., 1:]
    first, second = np.split(margins, 2, axis=-1)
    # Both sides of the fraction are multiplied by the square of the number of tokens.
    total = first.sum(axis=-1)
    by_chance = (first * second).sum(axis=-1)
    beyond, most = alike * total - by_chance, total**2 - by_chance
    value = np.full(np.shape(alike), np.nan)
    np.divide(beyond, most, out=value, where=most > 0)
    return value

"""The readings that go out are compared: strict F1 between annotators, as the card states it.

It is the strict F1 of `balise annotations agree`, on the rows of `annotators` and nothing else, so
that whoever has the dataset can compute it again. The adjudicator is no annotator here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import RESAMPLES, Estimate, Statistic, draw, total_and_resample
from balise.dataset.release import Release
from balise.pairing import Entity, pair_spans
from balise.readers import Pair, gather_readers, make_pairs
from balise.records import Annotation
from balise.score import count_documents, f1

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

OVERALL = "overall"
KINDS = {"synthetic articles": True, "real articles": False}
SEED = 0


class AgreementRow(msgspec.Struct, frozen=True):
    """Strict F1 over some articles or one label; `articles` counts those that were compared."""

    name: str
    articles: int
    f1: Estimate


class Agreement(msgspec.Struct, frozen=True):
    """How far annotators agree on the articles that two of them read.

    `pairs` names who was compared, by pseudonym; `articles` counts the articles, once for each
    pair, and `equal` those in which both have the same spans. `rows` begin with all of them, then
    synthetic and real ones apart, where there are both; `labels` are in the scheme's order.
    """

    pairs: tuple[tuple[str, str], ...]
    articles: int
    equal: int
    rows: tuple[AgreementRow, ...]
    labels: tuple[AgreementRow, ...]


def measure_agreement(release: Release) -> Agreement | None:
    """Compare every two annotators on the articles that both read; None where none has two.

    Raises:
        BaliseError: an annotator confirmed two readings of one article.
    """
    import numpy as np

    pairs = make_pairs(gather_readers(_by_annotator(release), release.labels))
    if not pairs:
        return None
    articles = sorted({id_ for pair in pairs for id_ in pair.articles})
    names = release.labels.names
    counts = np.sum([_count(pair, articles, names) for pair in pairs], axis=0)
    synthetic = {item.article.id: item.article.synthetic for item in release.each_item()}
    kinds = {
        kind: [row for row, id_ in enumerate(articles) if synthetic[id_] is value]
        for kind, value in KINDS.items()
    }
    parts = kinds if all(kinds.values()) else {}
    columns = zip(names, _estimates(counts), strict=True)
    read = sum(len(pair.articles) for pair in pairs)
    return Agreement(
        pairs=tuple((pair.first, pair.second) for pair in pairs),
        articles=read,
        equal=sum(
            one.spans == other.spans
            for pair in pairs
            for one, other in zip(pair.left, pair.right, strict=True)
        ),
        rows=(
            AgreementRow(OVERALL, len(articles), *_estimates(_together(counts))),
            *(
                AgreementRow(kind, len(rows), *_estimates(_together(counts[rows])))
                for kind, rows in parts.items()
            ),
        ),
        labels=tuple(AgreementRow(name, len(articles), estimate) for name, estimate in columns),
    )


def _by_annotator(release: Release) -> dict[Path, list[Annotation]]:
    """Bring the readings under the files that they would stand in, with pseudonyms for names."""
    found: dict[Path, list[Annotation]] = defaultdict(list)
    for id_, readings in release.readings.items():
        # One reading alone is compared with none, and need not be kept.
        for reading in readings if len(readings) > 1 else ():
            place = Path(reading.batch, reading.annotator)
            found[place].append(
                Annotation(id_, reading.sha256, reading.annotator, True, reading.spans)
            )
    return found


def _count(pair: Pair, articles: Sequence[str], labels: Sequence[str]) -> "NDArray[float64]":
    """Count a pair's spans by article and label, as `score` counts gold against a model's."""
    pairing = pair_spans(_entities(pair.left), _entities(pair.right))
    return count_documents(pairing, articles, labels)


def _entities(readings: Iterable[Annotation]) -> set[Entity]:
    return {
        Entity(reading.article, span.start, span.end, span.label)
        for reading in readings
        for span in reading.spans
    }


def _together(counts: "NDArray[float64]") -> "NDArray[float64]":
    """Add all labels up, and keep their axis."""
    summed: NDArray[float64] = counts.sum(axis=1, keepdims=True)
    return summed


def _estimates(counts: "NDArray[float64]") -> list[Estimate]:
    """Turn counts (articles, labels, 2, 5) into the strict F1 of each label."""
    indices = draw(len(counts), RESAMPLES, SEED)
    scores = f1(total_and_resample(counts, indices), "strict")
    return [Statistic(column, len(counts)).estimate() for column in scores.T]

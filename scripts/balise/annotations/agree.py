"""How far annotators agree on the articles that both confirmed: strict F1 and kinds of difference.

Between two annotators F1 is symmetric: it is twice the spans that both have over the spans of
both (Hripcsak & Rothschild 2005, who show that κ tends to it where negatives cannot be counted,
as in span labelling). Its interval is the document bootstrap's, as for a model's score.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import msgspec

from balise.bootstrap import RESAMPLES, Interval, count_documents, draw, f1, interval, resample
from balise.errors import BaliseError
from balise.jsonl import write_json
from balise.labels import LabelScheme, Rollup
from balise.origin import Origin, origin
from balise.records import Annotation
from balise.score import ERROR_KINDS, Counts, Entity, ErrorKind, find_errors, micro, score
from balise.stores import ADJUDICATION, load_readings, reading_files, refuse_inputs

OVERALL = "overall"
KIND_NAMES: dict[ErrorKind, str] = {
    "boundary": "boundary",
    "type": "type",
    "both": "boundary_and_type",
    "missed": "only_first",
    "spurious": "only_second",
}
"""The kinds of `find_errors`, in which the first annotator stands where gold does for a model."""


class LabelAgreement(msgspec.Struct, frozen=True):
    """One label, or all: the spans of each annotator, those of both, F1, and the differences.

    A difference belongs to the label of the first annotator's span, one that only the second
    marked to the second's. `f1` is null where neither marked a span.
    """

    label: str
    first: int
    second: int
    both: int
    f1: float | None
    interval: Interval | None
    differences: dict[str, int]


class PairAgreement(msgspec.Struct, frozen=True):
    """Two annotators on the articles that both confirmed."""

    first: str
    second: str
    articles: int
    equal: int
    overall: LabelAgreement
    labels: tuple[LabelAgreement, ...]


class Agreement(msgspec.Struct, frozen=True):
    """Every pair of annotators with an article in common, and where the figures come from."""

    batch: str | None
    rollup: str | None
    resamples: int
    origin: Origin
    pairs: tuple[PairAgreement, ...]


def agree(
    annotations: Path,
    labels: LabelScheme,
    out: Path,
    batch: str | None = None,
    *,
    rollup: Rollup | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Agreement:
    """Compare every two annotators of one batch, or of all, and write the figures to `out`.

    Readings count whatever their batch, an adjudicator's do not; only confirmed ones do. With
    `rollup` labels are compared under their names in another scheme, and those without a name
    there are left out: so readings by another scheme's annotators can be held against ours.

    Raises:
        UsageError: `out` holds readings or gold, or the batch's name cannot be one.
        BaliseError: there are no readings, an annotator confirmed two readings of one article, two
            readings were made on different texts, or no article has two readers.
    """
    files = load_readings(annotations, batch)
    frozen = (*reading_files(annotations), annotations / "gold.jsonl")
    refuse_inputs("--out", out, frozen, "is read here and would be lost")
    by_annotator = _by_annotator(files, labels)
    names = labels.rollup(rollup) if rollup else {name: name for name in labels.names}
    pairs = []
    for first, second in combinations(sorted(by_annotator), 2):
        shared = sorted(by_annotator[first].keys() & by_annotator[second].keys())
        if shared:
            left = [by_annotator[first][id_] for id_ in shared]
            right = [by_annotator[second][id_] for id_ in shared]
            pairs.append(_compare(left, right, names, seed, resamples))
    if not pairs:
        raise BaliseError(
            annotations / (batch or ""),
            "no article was confirmed by two annotators",
            "give the same articles to two annotators with `balise tasks make`",
        )
    read = [each for readings in by_annotator.values() for each in readings.values()]
    agreement = Agreement(
        batch, rollup, resamples, origin(read, labels.version, seed), tuple(pairs)
    )
    write_json(out, agreement)
    return agreement


def _by_annotator(
    files: Mapping[Path, Iterable[Annotation]], labels: LabelScheme
) -> dict[str, dict[str, Annotation]]:
    readings: dict[str, dict[str, Annotation]] = defaultdict(dict)
    places: dict[tuple[str, str], Path] = {}
    texts: dict[str, tuple[str, Path]] = {}
    for path, lines in files.items():
        for reading in lines:
            if not reading.confirmed or reading.annotator == ADJUDICATION:
                continue
            first = places.setdefault((reading.annotator, reading.article), path)
            if reading.article in readings[reading.annotator]:
                raise BaliseError(
                    path,
                    f"{reading.annotator} confirmed {reading.article} twice, first in {first}",
                    "keep one of the two, or name one batch with --batch",
                )
            digest, where = texts.setdefault(reading.article, (reading.sha256, path))
            if digest != reading.sha256:
                raise BaliseError(
                    path,
                    f"{reading.article} was read on another text than in {where} (sha256 "
                    f"{reading.sha256[:12]}… and {digest[:12]}…)",
                    "compare readings of one text only; `balise annotations check` names the "
                    "wrong one",
                )
            for span in reading.spans:
                labels.require(span.label, path)
            readings[reading.annotator][reading.article] = reading
    return readings


def _compare(
    left: list[Annotation],
    right: list[Annotation],
    names: Mapping[str, str],
    seed: int,
    resamples: int,
) -> PairAgreement:
    first, second = _entities(left, names), _entities(right, names)
    labels = tuple(dict.fromkeys(names.values()))
    articles = [reading.article for reading in left]
    counts = score(first, second)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for error in find_errors(first, second):
        span = error.gold or error.predicted
        kinds[span.label if span else ""][KIND_NAMES[error.kind]] += 1
    documents = count_documents(articles, labels, first, second)
    sums = resample(documents, draw(len(articles), resamples, seed))
    rows = tuple(
        _row(
            label,
            counts.get(label, Counts(0, 0, 0)),
            interval(f1(sums[:, column]), len(articles)),
            kinds[label],
        )
        for column, label in enumerate(labels)
    )
    overall = _row(
        OVERALL,
        micro(counts.values()),
        interval(f1(sums.sum(axis=1)), len(articles)),
        sum(kinds.values(), Counter[str]()),
    )
    differing = {entity.article for entity in first ^ second}
    equal = len(set(articles) - differing)
    return PairAgreement(left[0].annotator, right[0].annotator, len(articles), equal, overall, rows)


def _row(
    label: str, counts: Counts, bounds: Interval | None, kinds: Mapping[str, int]
) -> LabelAgreement:
    differences = {KIND_NAMES[kind]: kinds.get(KIND_NAMES[kind], 0) for kind in ERROR_KINDS}
    return LabelAgreement(
        label, counts.gold, counts.predicted, counts.tp, counts.f1, bounds, differences
    )


def _entities(readings: Iterable[Annotation], names: Mapping[str, str]) -> set[Entity]:
    return {
        Entity(reading.article, span.start, span.end, names[span.label])
        for reading in readings
        for span in reading.spans
        if span.label in names
    }

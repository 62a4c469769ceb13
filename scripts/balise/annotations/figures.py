"""What was counted article by article becomes F1, κ and γ, each with its interval.

F1 between two annotators is symmetric: the spans that both have, counted on either side, over the
spans of both. Hripcsak & Rothschild (2005, « Agreement, the F-measure, and reliability in
information retrieval ») show that κ tends to it where negatives cannot be counted, as in marking
spans. Intervals are the document bootstrap's, as for a model's scores; those of γ take the expected
disorder of each article as it was sampled.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from balise.annotations.gamma import gamma
from balise.annotations.kappa import kappa, kappa_of_marginals, marginals
from balise.annotations.matches import FIELDS, f1_scores
from balise.annotations.pooling import Measured
from balise.bootstrap import Interval, draw, interval, resample
from balise.span_errors import ERROR_KINDS, ErrorKind

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

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

    `f1` is strict; `matches` defines the three kinds. A difference belongs to the label of the
    first annotator's span, one that only the second marked to the second's. F1 is null where
    neither marked a span.
    """

    label: str
    first: int
    second: int
    both: int
    f1: float | None
    interval: Interval | None
    untyped_f1: float | None
    untyped_interval: Interval | None
    overlap_f1: float | None
    overlap_interval: Interval | None
    differences: dict[str, int]


class Kappa(msgspec.Struct, frozen=True):
    """Cohen's κ over the tokens of the articles whose text is here."""

    value: float | None
    interval: Interval | None
    tokens: int
    articles: int
    without_text: int


class Gamma(msgspec.Struct, frozen=True):
    """γ, the disorders that it compares, and how the expected one was sampled.

    The expected disorder is known to ± `precision` of itself (95 %), from `samples` samples of
    each article.
    """

    value: float | None
    interval: Interval | None
    observed: float | None
    expected: float | None
    samples: int
    precision: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How far annotators agree; over several pairs an article counts once for each pair."""

    articles: int
    equal: int
    overall: LabelAgreement
    labels: tuple[LabelAgreement, ...]
    kappa: Kappa | None
    gamma: Gamma


def make_figures(measured: Measured, labels: Sequence[str], seed: int, resamples: int) -> Figures:
    """Turn counts into figures; every figure's interval comes from the same draws of articles."""
    indices = draw(len(measured.articles), resamples, seed)
    matches = measured.matches
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for difference in matches.differences:
        span = difference.gold or difference.predicted
        kinds[span.label if span else ""][KIND_NAMES[difference.kind]] += 1
    total, drawn = matches.counts.sum(axis=0), resample(matches.counts, indices)
    documents = len(measured.articles)
    rows = tuple(
        _row(label, total[column], drawn[:, column], kinds[label], documents)
        for column, label in enumerate(labels)
    )
    every = sum(kinds.values(), Counter[str]())
    return Figures(
        articles=measured.compared,
        equal=matches.equal,
        overall=_row(OVERALL, total.sum(axis=0), drawn.sum(axis=1), every, documents),
        labels=rows,
        kappa=_kappa(measured, indices),
        gamma=_gamma(measured, indices),
    )


def _row(
    label: str,
    total: "NDArray[float64]",
    drawn: "NDArray[float64]",
    kinds: Mapping[str, int],
    documents: int,
) -> LabelAgreement:
    first, second, both = (int(total[FIELDS.index(field)]) for field in ("first", "second", "both"))
    strict, untyped, overlap = (
        None if math.isnan(value) else value for value in f1_scores(total).tolist()
    )
    bounds = [interval(column, documents) for column in f1_scores(drawn).T]
    return LabelAgreement(
        label,
        first,
        second,
        both,
        strict,
        bounds[0],
        untyped,
        bounds[1],
        overlap,
        bounds[2],
        {name: kinds.get(name, 0) for name in (KIND_NAMES[kind] for kind in ERROR_KINDS)},
    )


def _kappa(measured: Measured, indices: "NDArray[int64]") -> Kappa | None:
    if measured.tokens is None:
        return None
    sums = resample(marginals(measured.tokens), indices)
    table = measured.tokens.sum(axis=0)
    documents = int((measured.tokens.sum(axis=(1, 2)) > 0).sum())
    return Kappa(
        kappa(table),
        interval(kappa_of_marginals(sums), documents),
        int(table.sum()),
        measured.with_text,
        measured.compared - measured.with_text,
    )


def _gamma(measured: Measured, indices: "NDArray[int64]") -> Gamma:
    disorder = measured.disorder
    cost, units, by_chance, units_by_chance = disorder.sums.sum(axis=0).tolist()
    return Gamma(
        1 - cost * units_by_chance / (units * by_chance) if by_chance else None,
        interval(gamma(resample(disorder.sums, indices)), len(measured.articles)),
        cost / units if units else None,
        by_chance / units_by_chance if units_by_chance else None,
        disorder.samples,
        disorder.width,
    )

"""Figures and their intervals against a resampling in plain Python, for a pair and for several."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from annotations.pairs import LABELS
from balise.annotations.figures import Figures, make_figures
from balise.annotations.gamma import measure_disorder
from balise.annotations.kappa import count_tokens, label_tokens
from balise.annotations.matches import FIELDS, match_spans
from balise.annotations.pooling import Measured, measure, pool
from balise.bootstrap import Interval, draw
from balise.readers import Readers, make_pairs
from markup import annotated

RESAMPLES = 200
# What three annotators say of four texts; the third has not read all of them.
READ = {
    "anne": {
        "a0": "[Goïta](PERSON) à [Gao](LOCATION), une [attaque](EVENT) [hier](EVENT)",
        "a1": "Le [camp de Ber](LOCATION) est [pris](EVENT)",
        "a2": "Rien à [Gao](LOCATION)",
        "a3": "[Diallo](PERSON), [Keïta](PERSON) et [Traoré](PERSON)",
    },
    "bruno": {
        "a0": "[Goïta](PERSON) à [Gao](PERSON), une [attaque](EVENT) hier",
        "a1": "Le camp de [Ber](LOCATION) est [pris](EVENT)",
        "a2": "Rien à [Gao](LOCATION)",
        "a3": "[Diallo, Keïta](PERSON) et [Traoré](PERSON)",
    },
    "chloé": {
        "a0": "[Goïta](PERSON) à [Gao](LOCATION), une [attaque hier](EVENT)",
        "a2": "[Rien](PERSON) à Gao",
    },
}


def measure_all() -> list[Measured]:
    readers: Readers = {}
    articles = {}
    for annotator, marked in READ.items():
        for id_, text in marked.items():
            articles[id_], reading = annotated(id_, text, annotator)
            readers.setdefault(annotator, {})[id_] = reading
    tokens = label_tokens(readers, articles, LABELS)
    return [
        measure(
            pair.articles,
            match_spans(pair, LABELS),
            measure_disorder(pair, LABELS, 0),
            count_tokens(tokens, pair, LABELS),
        )
        for pair in make_pairs(readers)
    ]


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return measure_all()


def by_hand(
    pairs: Sequence[Measured], statistic: Callable[[list[tuple[Measured, int]]], float]
) -> Interval:
    """Draw articles for all pairs at once, and compute the statistic of the pairs' rows drawn."""
    articles = sorted({id_ for pair in pairs for id_ in pair.articles})
    values = []
    for numbers in draw(len(articles), RESAMPLES, 0):
        drawn = [articles[number] for number in numbers]
        rows = [
            (pair, list(pair.articles).index(id_))
            for id_ in drawn
            for pair in pairs
            if id_ in pair.articles
        ]
        values.append(statistic(rows))
    defined = [value for value in values if not np.isnan(value)]
    low, high = np.quantile(defined, [0.025, 0.975])
    return Interval(float(low), float(high), len(defined))


def f1_of(field: str, label: int | None) -> Callable[[list[tuple[Measured, int]]], float]:
    def statistic(rows: list[tuple[Measured, int]]) -> float:
        counts = sum(pair.matches.counts[row] for pair, row in rows)
        total = counts.sum(axis=0) if label is None else counts[label]
        first, second, *_ = total
        same = total[FIELDS.index(field)] * (1 if field == "same_edges" else 2)
        return same / (first + second) if first + second else np.nan

    return statistic


def kappa_of(rows: list[tuple[Measured, int]]) -> float:
    table = sum(pair.tokens[row] for pair, row in rows if pair.tokens is not None)
    first, second = np.indices(table.shape).reshape(2, -1).repeat(table.astype(int).ravel(), 1)
    return float(cohen_kappa_score(first, second))


def gamma_of(rows: list[tuple[Measured, int]]) -> float:
    cost, units, by_chance, units_by_chance = sum(pair.disorder.sums[row] for pair, row in rows)
    return float(1 - (cost / units) / (by_chance / units_by_chance))


def close(found: Interval | None, expected: Interval) -> None:
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.resamples == expected.resamples


@pytest.mark.parametrize("several", [False, True], ids=["a pair", "all pairs"])
def test_intervals_are_those_of_a_resampling_by_hand(
    measured: list[Measured], several: bool
) -> None:
    pairs = measured if several else measured[:1]
    figures = make_figures(pool(pairs) if several else pairs[0], LABELS, 0, RESAMPLES)
    for label, row in [*enumerate(figures.labels), (None, figures.overall)]:
        close(row.interval, by_hand(pairs, f1_of("both", label)))
        close(row.untyped_interval, by_hand(pairs, f1_of("same_edges", label)))
        close(row.overlap_interval, by_hand(pairs, f1_of("overlapping", label)))
    assert figures.kappa is not None
    close(figures.kappa.interval, by_hand(pairs, kappa_of))
    close(figures.gamma.interval, by_hand(pairs, gamma_of))


def test_the_three_kinds_of_f1_by_hand(measured: list[Measured]) -> None:
    """Between anne and bruno: 10 and 8 spans, strictly the same are 5."""
    overall = make_figures(measured[0], LABELS, 0, 100).overall
    assert (overall.first, overall.second, overall.both) == (10, 8, 5)
    assert overall.f1 == pytest.approx(10 / 18)
    assert overall.untyped_f1 == pytest.approx(12 / 18)  # and Gao
    assert overall.overlap_f1 == pytest.approx(14 / 18)  # and Ber, and one of Diallo and Keïta
    assert overall.differences == {
        "boundary": 2,
        "type": 1,
        "boundary_and_type": 0,
        "only_first": 2,
        "only_second": 0,
    }


def test_pairs_are_added_up(measured: list[Measured]) -> None:
    each = [make_figures(one, LABELS, 0, 100) for one in measured]
    every = make_figures(pool(measured), LABELS, 0, 100)

    def total(count: Callable[[Figures], int]) -> int:
        return sum(count(figures) for figures in each)

    assert every.articles == total(lambda one: one.articles) == 4 + 2 + 2
    assert every.equal == total(lambda one: one.equal) == 1
    assert every.overall.first == total(lambda one: one.overall.first)
    assert every.overall.both == total(lambda one: one.overall.both)
    for kind, count in every.overall.differences.items():
        assert count == sum(one.overall.differences[kind] for one in each)
    assert every.kappa is not None
    assert every.kappa.tokens == sum(one.kappa.tokens for one in each if one.kappa)
    sums = np.sum([one.disorder.sums.sum(axis=0) for one in measured], axis=0)
    assert every.gamma.observed == pytest.approx(sums[0] / sums[1])
    assert every.gamma.expected == pytest.approx(sums[2] / sums[3])


def test_one_pair_pooled_is_that_pair(measured: list[Measured]) -> None:
    assert make_figures(pool(measured[:1]), LABELS, 0, 100) == make_figures(
        measured[0], LABELS, 0, 100
    )


def test_gamma_is_one_minus_observed_over_expected(measured: list[Measured]) -> None:
    gamma = make_figures(measured[0], LABELS, 0, 100).gamma
    assert gamma.observed is not None
    assert gamma.expected is not None
    assert gamma.value == pytest.approx(1 - gamma.observed / gamma.expected)
    assert gamma.precision is not None
    assert gamma.precision <= 0.01
    assert gamma.samples > 1

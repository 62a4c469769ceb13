"""How long `balise annotations agree` takes on a large batch, and γ beside pygamma-agreement.

Run with `pytest -s tests/benchmarks/bench_agree.py`. The file's name keeps it out of the default
run: it prints seconds and ratios, and asserts nothing about time.
"""

import logging
import random
from pathlib import Path
from time import perf_counter, process_time

import cvxopt.glpk
import numpy as np
import pytest
from pyannote.core import Segment
from pygamma_agreement import (
    CombinedCategoricalDissimilarity,
    Continuum,
    ShuffleContinuumSampler,
)

from balise.annotations.agree import agree
from balise.annotations.gamma import measure_disorder
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.readers import Pair
from balise.records import Annotation, Span
from markup import article

ARTICLES, SPANS, LIMIT = 10_000, 20, 5.0
GAMMA_ARTICLES = 3
WORDS = ("le", "des", "troupes", "armée", "à", "dans", "nord", "après", "un", "raid", "selon")


def make_batch(articles: int, names: tuple[str, ...]) -> tuple[list[str], Pair]:
    """Make up texts, and two readings of each that differ in about one span of ten."""
    chance = random.Random(0)
    texts: list[str] = []
    sides: tuple[list[Annotation], list[Annotation]] = ([], [])
    for number in range(articles):
        text, first, second = f"Dépêche {number}. ", [], []
        for _ in range(SPANS):
            text += " ".join(chance.choices(WORDS, k=7)) + chance.choice((" ", ". Une "))
            span = Span(len(text), len(text) + chance.randint(3, 25), chance.choice(names))
            text += "x" * (span.end - span.start) + " "
            first.append(span)
            if (draw := chance.random()) < 0.9:
                second.append(span)
            elif draw < 0.93:
                second.append(Span(span.start, span.end, chance.choice(names)))
            elif draw < 0.97:
                second.append(Span(span.start + 1, span.end, chance.choice((span.label, *names))))
        texts.append(text)
        for side, annotator, spans in zip(sides, ("anne", "bruno"), (first, second), strict=True):
            made = article(f"a{number:05}", text)
            side.append(Annotation(made.id, made.sha256, annotator, True, tuple(spans)))
    ids = tuple(reading.article for reading in sides[0])
    return texts, Pair("anne", "bruno", ids, tuple(sides[0]), tuple(sides[1]))


def test_a_large_batch(tmp_path: Path, labels: LabelScheme) -> None:
    texts, pair = make_batch(ARTICLES, labels.names)
    for readings in (pair.left, pair.right):
        path = tmp_path / "annotations" / "b" / f"{readings[0].annotator}.jsonl"
        write_jsonl(path, readings)
    corpus = tmp_path / "corpus"
    articles = [article(id_, text) for id_, text in zip(pair.articles, texts, strict=True)]
    write_jsonl(corpus / "made-up.jsonl", articles)
    seconds, busy = [], []
    for kappa in (False, True):
        start = perf_counter(), process_time()
        made = agree(
            tmp_path / "annotations",
            labels,
            tmp_path / "agreement.json",
            "b",
            corpus=corpus,
            kappa=kappa,
        )
        seconds.append(perf_counter() - start[0])
        busy.append(process_time() - start[1])
    spans = made.overall.overall.first + made.overall.overall.second
    assert made.overall.articles == ARTICLES
    print(
        f"\n2 × {ARTICLES} articles, {spans} spans, {made.resamples} resamples, with the page\n"
        f"without κ  {seconds[0]:7.2f} s ({busy[0]:.2f} s of processor time), "
        f"{seconds[0] / LIMIT:.2f} of the limit of {LIMIT:.0f} s\n"
        f"κ          {seconds[1] - seconds[0]:7.2f} s more ({busy[1] - busy[0]:.2f} s)"
    )


def test_gamma_beside_pygamma_agreement(labels: LabelScheme) -> None:
    """The same articles, one after the other, with as many samples of chance for each."""
    # Both say for every alignment how it is solved.
    logging.disable(logging.WARNING)
    cvxopt.glpk.options["msg_lev"] = "GLP_MSG_OFF"
    _, pair = make_batch(GAMMA_ARTICLES, labels.names)
    pairs = [
        Pair(pair.first, pair.second, (id_,), (left,), (right,))
        for id_, left, right in zip(pair.articles, pair.left, pair.right, strict=True)
    ]
    measure_disorder(pairs[0], labels.names, 0)  # imports scipy
    start = perf_counter()
    found = [measure_disorder(each, labels.names, 0) for each in pairs]
    ours = perf_counter() - start

    dissimilarity = CombinedCategoricalDissimilarity()
    np.random.seed(0)  # its sampler draws from there
    start = perf_counter()
    theirs = [
        continuum(each).compute_gamma(
            dissimilarity, n_samples=one.samples, sampler=ShuffleContinuumSampler("int_pivot")
        )
        for each, one in zip(pairs, found, strict=True)
    ]
    seconds = perf_counter() - start
    for one, other in zip(found, theirs, strict=True):
        cost, units = one.sums[0, :2]
        assert cost / units == pytest.approx(other.observed_disorder, rel=1e-6, abs=1e-6)
    samples = sum(one.samples for one in found)
    print(
        f"\nγ of {GAMMA_ARTICLES} articles one by one, {SPANS} spans, {samples} samples\n"
        f"balise            {1000 * ours:9.1f} ms\n"
        f"pygamma-agreement {1000 * seconds:9.1f} ms  {seconds / ours:7.0f} times as long"
    )


def continuum(pair: Pair) -> Continuum:
    """Make pygamma-agreement's object of one article's two readings."""
    made = Continuum()
    for reading in (*pair.left, *pair.right):
        for span in reading.spans:
            made.add(reading.annotator, Segment(span.start, span.end), span.label)
    return made

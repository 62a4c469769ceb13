"""How long strict scoring takes beside nervaluate and seqeval, on the same made-up spans.

Run with `pytest -s tests/benchmarks/bench_score.py`. The file's name keeps it out of the default
run: it prints ratios and asserts nothing about time, only that all three find the same figures.
"""

import random
from collections.abc import Callable
from time import perf_counter
from typing import Any

import nervaluate
import pytest
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from balise.align import TokenSpan, bio_tags
from balise.score import Counts, Entity, micro, score

DOCUMENTS, TOKENS, REPEATS = 500, 300, 3
LABELS = ("PERSON", "ARMED_GROUP", "LOCATION", "EVENT", "DATE")


def make_corpus() -> list[tuple[list[TokenSpan], list[TokenSpan]]]:
    """Make about thirty gold spans a document, and predictions of which most are right."""
    chance = random.Random(0)
    corpus = []
    for _ in range(DOCUMENTS):
        gold = [
            TokenSpan(start, start + chance.randint(1, 4), chance.choice(LABELS))
            for start in range(0, TOKENS - 10, 10)
        ]
        predicted = [
            TokenSpan(
                span.start + (chance.random() < 0.1),
                span.end + 1,
                span.label if chance.random() < 0.9 else chance.choice(LABELS),
            )
            if chance.random() < 0.3
            else span
            for span in gold
            if chance.random() < 0.9
        ]
        corpus.append((gold, predicted))
    return corpus


def score_spans(corpus: list[tuple[list[TokenSpan], list[TokenSpan]]]) -> dict[str, Counts]:
    """Score with balise; making the sets is part of the time, as parsing is of the others'."""
    gold, predicted = (
        {
            Entity(str(number), span.start, span.end, span.label)
            for number, pair in enumerate(corpus)
            for span in pair[side]
        }
        for side in (0, 1)
    )
    return score(gold, predicted)


def best_time(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run a function a few times; give its shortest time in seconds and its result."""
    times, result = [], None
    for _ in range(REPEATS):
        start = perf_counter()
        result = work()
        times.append(perf_counter() - start)
    return min(times), result


def test_strict_scoring_beside_nervaluate_and_seqeval() -> None:
    corpus = make_corpus()
    dicts = [
        [
            [{"label": s.label, "start": s.start, "end": s.end - 1} for s in pair[side]]
            for pair in corpus
        ]
        for side in (0, 1)
    ]
    tags = [[bio_tags(pair[side], TOKENS) for pair in corpus] for side in (0, 1)]

    ours, counts = best_time(lambda: score_spans(corpus))
    nerval, theirs = best_time(
        lambda: nervaluate.Evaluator(*dicts, tags=list(LABELS), loader="dict").evaluate()
    )
    seq, seq_f1 = best_time(lambda: f1_score(*tags, mode="strict", scheme=IOB2))

    spans = sum(len(gold) for gold, _ in corpus)
    f1 = micro(counts.values()).f1
    assert theirs["overall"]["strict"].f1 == pytest.approx(f1)
    assert seq_f1 == pytest.approx(f1)
    print(
        f"\n{DOCUMENTS} documents, {spans} gold spans, F1 {f1:.3f}, best of {REPEATS}\n"
        f"balise     {1000 * ours:9.1f} ms\n"
        f"nervaluate {1000 * nerval:9.1f} ms  {nerval / ours:7.0f} times as long (all its modes)\n"
        f"seqeval    {1000 * seq:9.1f} ms  {seq / ours:7.0f} times as long"
    )

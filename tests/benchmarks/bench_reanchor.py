"""How many spans `balise dataset rehydrate --reanchor` puts right and wrong, by kind of edit.

Run with `pytest -s tests/benchmarks/bench_reanchor.py`, once `balise dataset rehydrate` has
brought the real texts. It prints precision (right of the placed) and recall (right of those still
there), of the real texts and of all, and what other thresholds would give; and how often a span of
a text of a few words is put on another article that has its words, where it is wrong. By the latter
`tokens` was chosen, the other thresholds by edits of another seed on a third of these texts.
`BALISE_BENCH_PROJECT` names the folder of another project (corpus/, annotations/gold.jsonl), whose
texts that are not here are taken.
"""

import os
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random

import pytest

from balise.dataset.anchors import make_anchors, make_salt, sides
from balise.dataset.make_rows import standoff_row
from balise.dataset.rehydration.places import Place, Places
from balise.dataset.rehydration.placing import SURE, Placed, Sureness, choose_places
from balise.dataset.release import Item
from balise.dataset.rows import AnchoredSpan
from balise.records import Span
from balise.stores import load_articles, load_gold
from balise.word_edges import word_edges
from text_edits import EDITS, Edit, edit_in_all_ways, follow, unedited

SALT = "0123456789abcdef"
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
    *(Sureness(score, side) for score, side in product((0.3, 0.5, 0.7), (0.0, 0.3, 0.5))),
    *(Sureness(margin=margin) for margin in (0.05, 0.4)),
    *(Sureness(rival=rival) for rival in (0.5, 0.9, 2.0)),
    *(Sureness(tokens=tokens) for tokens in (0, 3, 5)),
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
    print("all kinds and texts, by score, side, margin, rival, tokens")
    for sure in OTHERS:
        total = sum(count(cases, sure).values(), Counter[str]())
        figures = (sure.score, sure.side, sure.margin, sure.rival, sure.tokens)
        show(" ".join(map(str, figures)), total)


def cut_out(text: str, span: Span, before: int, after: int) -> AnchoredSpan:
    """Make the row of a span in a text that has only so many tokens on each side of it."""
    edges = word_edges(text)
    left, right = sides(edges, span.start, span.end)
    start = edges.starts[left[-before]] if before else span.start
    end = edges.ends[right[after - 1]] if after else span.end
    alone = Span(span.start - start, span.end - start, span.label)
    [anchor] = make_anchors(text[start:end], [alone], SALT)
    return AnchoredSpan(
        alone.start, alone.end, alone.label, anchor.surface, anchor.before, anchor.after
    )


def test_texts_of_a_few_words_on_other_articles() -> None:
    chance, most = Random(0), 3
    articles = load_articles(PLACE / "corpus", PLACE / "build" / "texts")
    gold = [g for g in load_gold(PLACE / "annotations" / "gold.jsonl") if articles[g.article].text]
    records = chance.sample(gold, min(200, len(gold)))
    texts = {record.article: articles[record.article].text or "" for record in records}
    places = {id_: Places(text, SALT) for id_, text in texts.items()}
    inner = [
        (record.article, span)
        for record in records
        for span in record.spans
        if min(map(len, sides(word_edges(texts[record.article]), span.start, span.end))) >= most
    ]
    pairs = [
        (own, span, other)
        for own, span in chance.sample(inner, min(1000, len(inner)))
        for other in texts
        if other != own and texts[own][span.start : span.end] in texts[other]
    ]
    pairs = chance.sample(pairs, min(2000, len(pairs)))
    asked = range(7)
    print(f"\n{len(pairs)} spans put on another article, by tokens before and after them")
    print("     where so many are asked for:", *(f"{tokens:>5}" for tokens in asked))
    for before, after in product(range(most + 1), repeat=2):
        counts: Counter[int] = Counter()
        for own, span, other in pairs:
            row = cut_out(texts[own], span, before, after)
            found = places[other].find(row)
            for tokens in asked:
                [chosen] = choose_places([row], [found], Sureness(tokens=tokens))
                counts[tokens] += isinstance(chosen, Placed)
        print(f"{before} {after}{'':30}", *(f"{counts[tokens]:>5}" for tokens in asked))

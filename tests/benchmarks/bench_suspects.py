"""How many of a hundred errors planted into gold stand among the first two hundred suspects.

Run with `pytest -s tests/benchmarks/bench_suspects.py`; it trains five models, for about twenty
minutes.
"""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from balise.jsonl import read_jsonl, write_jsonl
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.suspects import Suspect, find_suspects
from balise.model.trials import Setup
from balise.records import Gold, Span
from balise.stores import load_articles

ROOT = Path(__file__).parents[2]
PLANTED, FIRST = 100, 200
KINDS = ("missed", "label", "edge", "one too many")


def plant(records: list[Gold], texts: dict[str, str], seed: int) -> dict[tuple[str, int, int], str]:
    """Plant errors of four kinds, one an article at most; give their places and kinds."""
    chance = random.Random(seed)
    labels = sorted({span.label for record in records for span in record.spans})
    planted = {}
    for number, at in enumerate(chance.sample(range(len(records)), PLANTED)):
        record, kind = records[at], KINDS[number % len(KINDS)]
        spans = list(record.spans)
        victim = chance.choice(spans)
        spans.remove(victim)
        wrong = _spoil(victim, kind, texts[record.article], spans, labels, chance)
        spans = sorted([*spans, *wrong])
        records[at] = Gold(
            record.article, record.sha256, record.annotators, record.decision, None, tuple(spans)
        )
        place = wrong[-1] if wrong else victim
        planted[record.article, place.start, place.end] = kind
    return planted


def _spoil(
    victim: Span,
    kind: str,
    text: str,
    others: Sequence[Span],
    labels: Sequence[str],
    chance: random.Random,
) -> list[Span]:
    """Make of a span what an annotator's slip would make of it; the wrong span stands last."""
    if kind == "missed":
        return []
    if kind == "label":
        other = chance.choice([label for label in labels if label != victim.label])
        return [Span(victim.start, victim.end, other)]
    if kind == "edge":
        return [_shift(victim, text, others)]
    taken = [*others, victim]
    words = [
        (start, end)
        for start, end in _words(text)
        if end - start > 3 and all(end <= span.start or span.end <= start for span in taken)
    ]
    start, end = chance.choice(words)
    return [victim, Span(start, end, chance.choice(labels))]


def _shift(victim: Span, text: str, others: Sequence[Span]) -> Span:
    """Take the next word in, or where a span stands there leave the last one out."""
    after = next(((s, e) for s, e in _words(text) if s >= victim.end), None)
    if after and all(after[1] <= span.start or span.end <= after[0] for span in others):
        return Span(victim.start, after[1], victim.label)
    cut = text.rfind(" ", victim.start, victim.end)
    return Span(victim.start, cut if cut > victim.start else victim.end - 1, victim.label)


def _words(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        bare = word.rstrip(".,;:!?»)")
        if bare:
            found.append((start, start + len(bare)))
    return found


def covers(suspect: Suspect, place: tuple[str, int, int]) -> bool:
    """Tell whether a suspect's gold or predicted span touches a planted error."""
    article, start, end = place
    spans = [span for span in (suspect.gold, suspect.predicted) if span is not None]
    return suspect.article == article and any(
        span.start < end and start < span.end for span in spans
    )


def test_planted_errors_among_the_first_suspects(tmp_path: Path) -> None:
    texts = {
        id_: article.text
        for id_, article in load_articles(ROOT / "corpus").items()
        if article.text is not None
    }
    records = [
        record
        for record in read_jsonl(ROOT / "annotations" / "gold.jsonl", Gold)
        if record.article in texts
    ]
    planted = plant(records, texts, seed=0)
    write_jsonl(tmp_path / "gold.jsonl", records)
    sources = Sources(
        tmp_path / "gold.jsonl",
        ROOT / "corpus",
        ROOT / "corpus" / "splits.json",
        ROOT / "annotations" / "labels.toml",
        "gold",
    )
    setup = Setup(sources, "planted", Recipe(lexicon=ROOT / "corpus" / "lexicon"))
    found = find_suspects(setup, tmp_path / "suspects.jsonl", jobs=2)
    print(f"\n{len(records)} articles, {PLANTED} errors planted, {len(found)} suspects")
    for first in (50, 100, FIRST, 400, len(found)):
        hit = {place for place in planted if any(covers(each, place) for each in found[:first])}
        kinds = Counter(planted[place] for place in hit)
        shown = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS)
        print(f"among the first {first:5}: {len(hit):3} of {PLANTED} ({shown})")

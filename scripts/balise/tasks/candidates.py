"""Which articles may be chosen for the next batch: those with a text that nobody has yet."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from balise.batches import BATCH_FILE, load_batch
from balise.errors import BaliseError
from balise.jsonl import read_jsonl
from balise.records import Annotation, Article, Gold
from balise.stores import load_articles, load_gold, reading_files


class Sources(msgspec.Struct, frozen=True):
    """Where articles, their texts, gold, readings and batches are read from."""

    corpus: Path
    texts: Path
    gold: Path
    annotations: Path
    tasks: Path


class Candidates(msgspec.Struct, frozen=True):
    """The articles to choose from, sorted by id, and what they are held against.

    `taken` names every article that is in gold, in a reading or in a batch; `annotated` holds
    those of them that have a text here. `gold` is empty where none has been made.
    """

    articles: tuple[Article, ...]
    annotated: tuple[Article, ...]
    taken: frozenset[str]
    gold: tuple[Gold, ...]


class Pick(NamedTuple):
    """What a strategy says of one article: a larger score is chosen first; chance has none."""

    article: str
    score: float | None
    reason: str


def load_candidates(sources: Sources, source: str | None = None) -> Candidates:
    """Find the articles (of one source, or all) that have a text and that nobody has yet.

    Raises:
        BaliseError: no article is left, or a file is broken.
    """
    known = load_articles(sources.corpus, sources.texts)
    gold = tuple(load_gold(sources.gold)) if sources.gold.is_file() else ()
    taken = {record.article for record in gold} | _in_readings(sources) | _in_batches(sources)
    meant = [article for article in known.values() if source in (None, article.source)]
    free = [article for article in meant if article.id not in taken]
    candidates = sorted((each for each in free if each.text is not None), key=lambda each: each.id)
    if not meant:
        names = sorted({article.source or "unknown" for article in known.values()})
        raise BaliseError(
            sources.corpus,
            f"no article of source {source!r}",
            f"its sources are {', '.join(names)}",
        )
    if not candidates:
        raise BaliseError(
            sources.corpus,
            f"no article to choose: of {len(meant)}, {len(meant) - len(free)} are annotated or in "
            f"a batch and {len(free)} have no text here",
            "add articles with `balise corpus add`, or texts with `balise dataset rehydrate`",
        )
    annotated = sorted(
        (each for each in known.values() if each.id in taken and each.text is not None),
        key=lambda each: each.id,
    )
    return Candidates(tuple(candidates), tuple(annotated), frozenset(taken), gold)


def _in_readings(sources: Sources) -> set[str]:
    return {
        reading.article
        for path in reading_files(sources.annotations)
        for reading in read_jsonl(path, Annotation)
    }


def _in_batches(sources: Sources) -> set[str]:
    return {
        meta.article
        for path in sorted(sources.tasks.glob(f"*/{BATCH_FILE}"))
        for meta in load_batch(path.parent).articles
    }

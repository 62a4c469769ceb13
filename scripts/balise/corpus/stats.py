"""The corpus in figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from balise.near import SharedSentences, shared_sentences
from balise.records import Article
from balise.stores import load_articles


class SourceStats(msgspec.Struct, frozen=True):
    """The figures of one source or of the whole.

    `words` counts runs of non-space characters in the texts that are here, `characters` the code
    points of all; `without_text` are stand-off articles not yet rehydrated. `first` and `last`
    are the earliest and the latest day of publication.
    """

    source: str
    articles: int
    words: int
    characters: int
    events: int
    countries: int
    first: str | None
    last: str | None
    full: int
    standoff: int
    none: int
    without_text: int


class CorpusStats(msgspec.Struct, frozen=True):
    """The figures of every source and of the whole; articles by country and by register.

    `shared` holds the sentences that resemble one of another article: a template shows there.
    """

    sources: tuple[SourceStats, ...]
    total: SourceStats
    by_country: dict[str, int]
    by_register: dict[str, int]
    shared: SharedSentences


def corpus_stats(corpus: Path, texts: Path | None = None) -> CorpusStats:
    """Count the articles of a corpus folder, with the texts that were rehydrated.

    Raises:
        BaliseError: the folder holds none, or a line is broken.
    """
    articles = list(load_articles(corpus, texts).values())
    by_source: dict[str, list[Article]] = {}
    for article in articles:
        by_source.setdefault(article.source or "unknown", []).append(article)
    return CorpusStats(
        sources=tuple(_count(source, by_source[source]) for source in sorted(by_source)),
        total=_count("total", articles),
        by_country=_ranked(article.country for article in articles),
        by_register=_ranked(article.register for article in articles),
        shared=shared_sentences({article.id: article.text for article in articles if article.text}),
    )


def _count(source: str, articles: Sequence[Article]) -> SourceStats:
    days = sorted(article.published for article in articles if article.published)
    publishable = Counter(article.publishable for article in articles)
    return SourceStats(
        source=source,
        articles=len(articles),
        words=sum(len(article.text.split()) for article in articles if article.text),
        characters=sum(article.length for article in articles),
        events=len({article.event for article in articles if article.event}),
        countries=len({article.country for article in articles if article.country}),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        full=publishable["full"],
        standoff=publishable["standoff"],
        none=publishable["none"],
        without_text=sum(article.text is None for article in articles),
    )


def _ranked(values: Iterable[str | None]) -> dict[str, int]:
    """Count values, the most frequent first and equals by name."""
    counts = Counter(value or "unknown" for value in values)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

"""What the card states in figures, counted in the rows that go out and nowhere else."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from balise.dataset.release import SPLIT_NAMES, Item, Release

UNKNOWN = "unknown"


class SplitFigures(msgspec.Struct, frozen=True):
    """One split, or all together.

    `words` counts runs of non-space characters in the texts that go out; a stand-off article
    adds none. `labels` counts the spans of each label, in the scheme's order.
    """

    split: str
    articles: int
    full: int
    standoff: int
    words: int
    spans: int
    events: int
    labels: dict[str, int]


class Figures(msgspec.Struct, frozen=True):
    """The figures of a release; the counters map a value to its number of articles.

    `shared` counts the conflict events with more than one article, `straddling` those of them
    with articles in more than one of training, validation and test; a split of real articles
    counts as the one that it stands beside.
    """

    splits: tuple[SplitFigures, ...]
    total: SplitFigures
    countries: dict[str, int]
    registers: dict[str, int]
    decisions: dict[str, int]
    synthetic: dict[str, int]
    licences: dict[tuple[str, str, str], int]
    days: tuple[str, str] | None
    shared: int
    straddling: int


def count_release(release: Release) -> Figures:
    """Count a release."""
    items = release.items
    parts = [(name, release.split(name)) for name in SPLIT_NAMES.values()]
    days = sorted(item.article.published for item in items if item.article.published)
    events = Counter(item.article.event for item in items if item.article.event)
    # A part of real articles does what the part of its name does: it trains, tunes or tests.
    placed = {
        (item.article.event, item.split.removesuffix("_real"))
        for item in items
        if item.article.event
    }
    return Figures(
        splits=tuple(_count(name, part, release) for name, part in parts if part),
        total=_count("total", items, release),
        countries=_ranked(item.article.country for item in items),
        registers=_ranked(item.article.register for item in items),
        decisions=_ranked(item.gold.decision for item in items),
        synthetic=_ranked(_synthetic(item) for item in items),
        licences=dict(sorted(Counter(_licence(item) for item in items).items())),
        days=(days[0], days[-1]) if days else None,
        shared=sum(count > 1 for count in events.values()),
        straddling=sum(count > 1 for count in Counter(event for event, _ in placed).values()),
    )


def _count(split: str, items: tuple[Item, ...], release: Release) -> SplitFigures:
    labels = Counter(span.label for item in items for span in item.gold.spans)
    full = sum(item.article.publishable == "full" for item in items)
    return SplitFigures(
        split=split,
        articles=len(items),
        full=full,
        standoff=len(items) - full,
        words=sum(len(item.text.split()) for item in items if item.text),
        spans=labels.total(),
        events=len({item.article.event for item in items if item.article.event}),
        labels={name: labels[name] for name in release.labels.names},
    )


def _synthetic(item: Item) -> str:
    return {True: "yes", False: "no", None: UNKNOWN}[item.article.synthetic]


def _licence(item: Item) -> tuple[str, str, str]:
    article = item.article
    return (article.license or UNKNOWN, article.publishable, article.attribution or "–")


def _ranked(values: Iterable[str | None]) -> dict[str, int]:
    """Count values, the most frequent first and equals by name."""
    counts = Counter(value or UNKNOWN for value in values)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

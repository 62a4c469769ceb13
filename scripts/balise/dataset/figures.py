"""What the card states in figures, counted in the rows that go out and nowhere else."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from balise.dataset.agreement import Agreement, measure_agreement
from balise.dataset.release import SPLIT_NAMES, Item, Release
from balise.near import near_duplicates
from balise.stores import ADJUDICATION

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


class KindFigures(msgspec.Struct, frozen=True):
    """The articles whose `synthetic` is yes, or no, or unknown.

    `days` are the first and the last on which they are situated or were published.
    """

    synthetic: str
    articles: int
    spans: int
    days: tuple[str, str] | None


class ReaderFigures(msgspec.Struct, frozen=True):
    """One annotator, or the adjudicator: who it is, in words or not said, and what it read."""

    annotator: str
    who: str | None
    readings: int
    spans: int


class LeakFigures(msgspec.Struct, frozen=True):
    """What might let a model read in training what it is tested on.

    `shared` counts the events with more than one article, `straddling` those of them with articles
    in more than one of training, validation and test. `near` counts the pairs of near-duplicates
    among the `texts` that are here, `apart` those pairs that stand in two of the three. A split of
    real articles counts as the one that it stands beside.
    """

    shared: int
    straddling: int
    texts: int
    near: int
    apart: int


class Figures(msgspec.Struct, frozen=True):
    """The figures of a release; the counters map a value to its number of articles.

    `readers` counts the articles by the number of annotators that read them, the adjudicator apart.
    """

    splits: tuple[SplitFigures, ...]
    total: SplitFigures
    countries: dict[str, int]
    registers: dict[str, int]
    decisions: dict[str, int]
    synthetic: tuple[KindFigures, ...]
    licences: dict[tuple[str, str, str], int]
    leaks: LeakFigures
    annotators: tuple[ReaderFigures, ...]
    readers: dict[int, int]
    agreement: Agreement | None

    @property
    def has_real(self) -> bool:
        """Whether articles are here of which it is not said that they were written for it."""
        return any(kind.synthetic != "yes" for kind in self.synthetic)


def count_release(release: Release) -> Figures:
    """Count a release."""
    items = release.items
    parts = [(name, release.split(name)) for name in SPLIT_NAMES.values()]
    return Figures(
        splits=tuple(_count(name, part, release) for name, part in parts if part),
        total=_count("total", items, release),
        countries=_ranked(item.article.country for item in items),
        registers=_ranked(item.article.register for item in items),
        decisions=_ranked(item.gold.decision for item in items),
        synthetic=tuple(
            _kind(kind, [item for item in items if _synthetic(item) == kind])
            for kind in _ranked(_synthetic(item) for item in items)
        ),
        licences=dict(sorted(Counter(_licence(item) for item in items).items())),
        leaks=_leaks(items),
        annotators=_annotators(release),
        readers=_readers(release),
        agreement=measure_agreement(release),
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


def _kind(synthetic: str, items: list[Item]) -> KindFigures:
    days = sorted(item.article.published for item in items if item.article.published)
    return KindFigures(
        synthetic,
        len(items),
        sum(len(item.gold.spans) for item in items),
        (days[0], days[-1]) if days else None,
    )


def _leaks(items: tuple[Item, ...]) -> LeakFigures:
    # A part of real articles does what the part of its name does: it trains, tunes or tests.
    role = {item.article.id: item.split.removesuffix("_real") for item in items}
    events = Counter(item.article.event for item in items if item.article.event)
    placed = {(item.article.event, role[item.article.id]) for item in items if item.article.event}
    texts = {item.article.id: item.article.text for item in items if item.article.text}
    near = near_duplicates(texts)
    return LeakFigures(
        shared=sum(count > 1 for count in events.values()),
        straddling=sum(count > 1 for count in Counter(event for event, _ in placed).values()),
        texts=len(texts),
        near=len(near),
        apart=sum(role[pair.left] != role[pair.right] for pair in near),
    )


def _annotators(release: Release) -> tuple[ReaderFigures, ...]:
    readings = Counter(reading.annotator for reading in release.readings)
    spans: Counter[str] = Counter()
    for reading in release.readings:
        spans[reading.annotator] += len(reading.spans)
    return tuple(
        ReaderFigures(name, release.who.get(name), readings[name], spans[name])
        for name in sorted(readings)
    )


def _readers(release: Release) -> dict[int, int]:
    read_by = {item.article.id: set[str]() for item in release.items}
    for reading in release.readings:
        if reading.annotator != ADJUDICATION:
            read_by[reading.item.article.id].add(reading.annotator)
    return dict(sorted(Counter(len(names) for names in read_by.values()).items()))


def _synthetic(item: Item) -> str:
    return {True: "yes", False: "no", None: UNKNOWN}[item.article.synthetic]


def _licence(item: Item) -> tuple[str, str, str]:
    article = item.article
    return (article.license or UNKNOWN, article.publishable, article.attribution or "–")


def _ranked(values: Iterable[str | None]) -> dict[str, int]:
    """Count values, the most frequent first and equals by name."""
    counts = Counter(value or UNKNOWN for value in values)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

"""A release is counted: its articles are read once, and a few words of each are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from balise.dataset.card.agreement import measure_agreement
from balise.dataset.card.figures import (
    UNKNOWN,
    Figures,
    KindFigures,
    LeakFigures,
    ReaderFigures,
    SplitFigures,
)
from balise.dataset.release import Item, Release
from balise.indexed import LazyMapping
from balise.near import near_duplicates
from balise.stores import ADJUDICATION


class Facts(msgspec.Struct, frozen=True):
    """What is counted of one article; `place` is where it stands in its split."""

    id: str
    split: str
    place: int
    in_full: bool
    has_text: bool
    words: int
    labels: dict[str, int]
    decision: str
    synthetic: str
    published: str | None
    country: str | None
    register: str | None
    event: str | None
    licence: tuple[str, str, str]

    @property
    def role(self) -> str:
        """What the article's split is for: one of real articles does as the one beside it."""
        return self.split.removesuffix("_real")


def count_release(release: Release) -> Figures:
    """Count a release.

    Raises:
        BaliseError: an annotator confirmed two readings of one article, or a file was changed
            since the release was put together.
    """
    parts = {
        split: [_facts(item, place) for place, item in enumerate(items)]
        for split, items in release.parts.items()
    }
    articles = [facts for part in parts.values() for facts in part]
    labels = release.labels.names
    annotators, readers = _readings(release)
    return Figures(
        splits=tuple(_count(name, part, labels) for name, part in parts.items()),
        total=_count("total", articles, labels),
        countries=_ranked(facts.country for facts in articles),
        registers=_ranked(facts.register for facts in articles),
        decisions=_ranked(facts.decision for facts in articles),
        synthetic=tuple(
            _kind(kind, [facts for facts in articles if facts.synthetic == kind])
            for kind in _ranked(facts.synthetic for facts in articles)
        ),
        licences=dict(sorted(Counter(facts.licence for facts in articles).items())),
        leaks=_leaks(articles, release),
        annotators=annotators,
        readers=readers,
        agreement=measure_agreement(release),
    )


def _facts(item: Item, place: int) -> Facts:
    article = item.article
    return Facts(
        id=article.id,
        split=item.split,
        place=place,
        in_full=article.publishable == "full",
        has_text=bool(article.text),
        words=len(item.text.split()) if item.text else 0,
        labels=Counter(span.label for span in item.gold.spans),
        decision=item.gold.decision,
        synthetic={True: "yes", False: "no", None: UNKNOWN}[article.synthetic],
        published=article.published,
        country=article.country,
        register=article.register,
        event=article.event,
        licence=(article.license or UNKNOWN, article.publishable, article.attribution or "–"),
    )


def _count(split: str, articles: Sequence[Facts], labels: Sequence[str]) -> SplitFigures:
    spans: Counter[str] = Counter()
    for facts in articles:
        spans.update(facts.labels)
    full = sum(facts.in_full for facts in articles)
    return SplitFigures(
        split=split,
        articles=len(articles),
        full=full,
        standoff=len(articles) - full,
        words=sum(facts.words for facts in articles),
        spans=spans.total(),
        events=len({facts.event for facts in articles if facts.event}),
        labels={name: spans[name] for name in labels},
    )


def _kind(synthetic: str, articles: Sequence[Facts]) -> KindFigures:
    days = sorted(facts.published for facts in articles if facts.published)
    return KindFigures(
        synthetic,
        len(articles),
        sum(sum(facts.labels.values()) for facts in articles),
        (days[0], days[-1]) if days else None,
    )


def _leaks(articles: Sequence[Facts], release: Release) -> LeakFigures:
    role = {facts.id: facts.role for facts in articles}
    events = Counter(facts.event for facts in articles if facts.event)
    placed = {(facts.event, facts.role) for facts in articles if facts.event}
    texts = LazyMapping(
        {facts.id: facts for facts in articles if facts.has_text},
        lambda facts: release.parts[facts.split][facts.place].article.text or "",
    )
    near = near_duplicates(texts)
    return LeakFigures(
        shared=sum(count > 1 for count in events.values()),
        straddling=sum(count > 1 for count in Counter(event for event, _ in placed).values()),
        texts=len(texts),
        near=len(near),
        apart=sum(role[pair.left] != role[pair.right] for pair in near),
    )


def _readings(release: Release) -> tuple[tuple[ReaderFigures, ...], dict[int, int]]:
    """Count what each annotator read, and the articles by the number of annotators."""
    readings: Counter[str] = Counter()
    spans: Counter[str] = Counter()
    read_by: dict[str, set[str]] = defaultdict(set)
    for reading in release.each_reading():
        readings[reading.annotator] += 1
        spans[reading.annotator] += len(reading.spans)
        if reading.annotator != ADJUDICATION:
            read_by[reading.article].add(reading.annotator)
    annotators = tuple(
        ReaderFigures(name, release.who.get(name), readings[name], spans[name])
        for name in sorted(readings)
    )
    counts = Counter(len(names) for names in read_by.values())
    counts[0] = release.size - len(read_by)
    return annotators, {number: counts[number] for number in sorted(counts) if counts[number]}


def _ranked(values: Iterable[str | None]) -> dict[str, int]:
    """Count values, the most frequent first and equals by name."""
    counts = Counter(value or UNKNOWN for value in values)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

"""Scores of a part's slices: of seen and unseen mentions, of short and long spans, of a conflict.

A gold and a predicted span count each for the slice that it is in itself, so that a slice has the
precision of what was predicted there and the recall of what is there.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import total_and_resample
from balise.model.known import Known
from balise.model.reference import Reference
from balise.model.tables import Row, make_row
from balise.pairing import Pairing, Side
from balise.records import Article
from balise.score import count_cells
from balise.sentences import sentence_ends

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray


class Slice(msgspec.Struct, frozen=True):
    """The scores of one slice, and the number of articles in which it has a span."""

    articles: int
    row: Row


class Facet(msgspec.Struct, frozen=True):
    """One way to cut the spans into slices; each span of either side is in exactly one."""

    name: str
    slices: tuple[Slice, ...]


class Place(msgspec.Struct, frozen=True):
    """A span where it stands."""

    article: Article
    text: str
    start: int
    end: int
    label: str

    @property
    def surface(self) -> str:
        """The span's text."""
        return self.text[self.start : self.end]


SEEN, OTHER_LABEL, UNSEEN = "seen with this label", "seen with another label", "unseen"
NOT_SAID = "not said"
_SPAN_WORDS = ((1, "1 word"), (2, "2 words"), (3, "3 words"), (5, "4 or 5 words"))
_SENTENCE_WORDS = ((15, "up to 15 words"), (25, "16 to 25 words"), (40, "26 to 40 words"))
_THIRDS = ("the rarest third", "the middle third", "the most frequent third")


def score_facets(
    reference: Reference, pairing: Pairing, known: Known, indices: "NDArray[int64]"
) -> tuple[Facet, ...]:
    """Score the slices of every facet, with the articles of `indices` drawn for each resample."""
    articles = {article.id: article for article in reference.articles}
    sides = [_places(pairing, side, articles) for side in (pairing.gold, pairing.predicted)]
    ids = [article.id for article in reference.articles]
    facets = []
    for name, (value, order) in _facets(reference, known).items():
        values = [[value(place) for place in side] for side in sides]
        names = order or _by_frequency(values)
        facets.append(_score_facet(name, names, values, pairing, ids, indices))
    return tuple(facets)


def _facets(
    reference: Reference, known: Known
) -> Mapping[str, tuple[Callable[[Place], str], Sequence[str]]]:
    """Name each facet, with what slice a place is in and the order of the slices, if it has one."""
    ends = {article.id: sentence_ends(article.text or "") for article in reference.articles}
    by_count = sorted(reference.labels.names, key=lambda label: known.spans.get(label, 0))
    third = {label: _THIRDS[3 * at // len(by_count)] for at, label in enumerate(by_count)}

    def mention(place: Place) -> str:
        labels = known.labels.get(place.surface, ())
        return SEEN if place.label in labels else OTHER_LABEL if labels else UNSEEN

    def span_words(place: Place) -> str:
        return _bucket(len(place.surface.split()), _SPAN_WORDS, "6 words or more")

    def sentence_words(place: Place) -> str:
        stops = ends[place.article.id]
        at = bisect_right(stops, place.start)
        sentence = place.text[stops[at - 1] if at else 0 : stops[at]]
        return _bucket(len(sentence.split()), _SENTENCE_WORDS, "over 40 words")

    def field(name: str) -> Callable[[Place], str]:
        return lambda place: getattr(place.article, name) or NOT_SAID

    periods = {article.id: _period(article) for article in reference.articles}

    return {
        "mention": (mention, (SEEN, OTHER_LABEL, UNSEEN)),
        "words of the span": (span_words, _names(_SPAN_WORDS, "6 words or more")),
        "words of the sentence": (sentence_words, _names(_SENTENCE_WORDS, "over 40 words")),
        "training spans of the label": (lambda place: third[place.label], _THIRDS),
        "country": (field("country"), ()),
        "register": (field("register"), ()),
        "period": (lambda place: periods[place.article.id], sorted(set(periods.values()))),
    }


def _period(article: Article) -> str:
    """Give the decade in which an article was published."""
    year = (article.published or "")[:4]
    return f"{year[:3]}0–{year[:3]}9" if year.isdecimal() else NOT_SAID


def _bucket(number: int, buckets: Sequence[tuple[int, str]], above: str) -> str:
    return next((name for most, name in buckets if number <= most), above)


def _names(buckets: Sequence[tuple[int, str]], above: str) -> tuple[str, ...]:
    return (*(name for _, name in buckets), above)


def _by_frequency(values: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Order what occurs by its gold spans, most first."""
    gold = Counter(values[0])
    return tuple(sorted({*values[0], *values[1]}, key=lambda name: (-gold[name], name)))


def _places(pairing: Pairing, side: Side, articles: Mapping[str, Article]) -> list[Place]:
    columns = (side.articles, side.starts, side.ends, side.labels)
    places = []
    for at, start, end, label in zip(*(column.tolist() for column in columns), strict=True):
        article = articles[pairing.articles[at]]
        places.append(Place(article, article.text or "", start, end, pairing.labels[label]))
    return places


def _score_facet(
    name: str,
    names: Sequence[str],
    values: Sequence[Sequence[str]],
    pairing: Pairing,
    ids: Sequence[str],
    indices: "NDArray[int64]",
) -> Facet:
    import numpy as np

    size = len(names)
    columns = {name: column for column, name in enumerate(names)}
    gold, predicted = (np.array([columns[value] for value in each], np.int64) for each in values)
    counts = count_cells(pairing, ids, (gold, predicted), size)
    sums = total_and_resample(counts, indices)
    occurring = (counts.sum(axis=(2, 3)) > 0).sum(axis=0).tolist()
    return Facet(
        name,
        tuple(
            Slice(occurring[at], make_row(value, sums[:, at], occurring[at]))
            for at, value in enumerate(names)
            if occurring[at]
        ),
    )

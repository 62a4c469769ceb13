"""The readings that can be compared: every annotator's confirmed ones, and those of each pair."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.records import Annotation
from balise.spans import explain_clash, find_clash
from balise.stores import ADJUDICATION

Readers = dict[str, dict[str, Annotation]]
"""Each annotator's confirmed readings, by article; their spans are sorted, and none clash."""


class Pair(msgspec.Struct, frozen=True):
    """Two annotators' readings of the articles that both confirmed, in the order of their ids."""

    first: str
    second: str
    articles: tuple[str, ...]
    left: tuple[Annotation, ...]
    right: tuple[Annotation, ...]


def gather_readers(files: Mapping[Path, Iterable[Annotation]], labels: LabelScheme) -> Readers:
    """Bring together the confirmed readings of each annotator; an adjudicator is none.

    Raises:
        BaliseError: an annotator confirmed two readings of one article, two readings of an article
            were made on different texts, a label is unknown, or two spans of a reading are equal
            or, where labels are flat, overlap.
    """
    readers: Readers = defaultdict(dict)
    places: dict[tuple[str, str], Path] = {}
    texts: dict[str, tuple[str, Path]] = {}
    known = frozenset(labels.names)
    for path, lines in files.items():
        for reading in lines:
            if not reading.confirmed or reading.annotator == ADJUDICATION:
                continue
            first = places.setdefault((reading.annotator, reading.article), path)
            if reading.article in readers[reading.annotator]:
                raise BaliseError(
                    path,
                    f"{reading.annotator} confirmed {reading.article} twice, first in {first}",
                    "keep one of the two, or name one batch: `balise annotations agree BATCH`",
                )
            digest, where = texts.setdefault(reading.article, (reading.sha256, path))
            if digest != reading.sha256:
                raise BaliseError(
                    path,
                    f"{reading.article} was read on another text than in {where} (sha256 "
                    f"{reading.sha256[:12]}… and {digest[:12]}…)",
                    "compare readings of one text only; `balise annotations check` names the "
                    "wrong one",
                )
            for name in {span.label for span in reading.spans} - known:
                labels.require(name, path)
            readers[reading.annotator][reading.article] = _ordered(reading, labels, path)
    return readers


def _ordered(reading: Annotation, labels: LabelScheme, path: Path) -> Annotation:
    ordered = tuple(sorted(reading.spans))
    if clash := find_clash(ordered, labels):
        left, right = (f"{span.label} {span.start}-{span.end}" for span in clash)
        problem, remedy = explain_clash(left, right, labels)
        raise BaliseError(
            path,
            f"{reading.article}: {problem}",
            f"{remedy}; `balise annotations check` names every such place",
        )
    if ordered == reading.spans:
        return reading
    return msgspec.structs.replace(reading, spans=ordered)


def rename_labels(readers: Readers, names: Mapping[str, str]) -> Readers:
    """Give every span its label's name in another scheme; spans without one are left out.

    Spans that differed in their labels alone may be equal then, and count once.
    """
    return {
        annotator: {id_: _renamed(reading, names) for id_, reading in readings.items()}
        for annotator, readings in readers.items()
    }


def _renamed(reading: Annotation, names: Mapping[str, str]) -> Annotation:
    spans = {
        msgspec.structs.replace(span, label=names[span.label])
        for span in reading.spans
        if span.label in names
    }
    return msgspec.structs.replace(reading, spans=tuple(sorted(spans)))


def make_pairs(readers: Readers) -> list[Pair]:
    """Put every two annotators together who have an article in common, in alphabetical order."""
    pairs = []
    for first, second in combinations(sorted(readers), 2):
        one, other = readers[first], readers[second]
        if shared := tuple(sorted(one.keys() & other.keys())):
            left = tuple(one[id_] for id_ in shared)
            right = tuple(other[id_] for id_ in shared)
            pairs.append(Pair(first, second, shared, left, right))
    return pairs

"""The confirmed readings of the articles that go out: where each stands, and what it says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from balise.dataset.acceptance import require_spans
from balise.dataset.release import Item, Reading
from balise.indexed import Lazy
from balise.jsonl import Line, read_line, scan_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from balise.stores import reading_files


class Found(NamedTuple):
    """A confirmed reading: of which article, in which batch, by whom, and the line it stands on."""

    article: str
    batch: str
    annotator: str
    line: Line


def find_readings(annotations: Path) -> tuple[list[Found], set[str]]:
    """Find every confirmed reading, by article, batch and annotator, and name all annotators.

    Raises:
        BaliseError: a line is broken.
    """
    found, annotators = [], set()
    for path in reading_files(annotations):
        for line, reading in scan_jsonl(path, Annotation):
            annotators.add(reading.annotator)
            if reading.confirmed:
                found.append(Found(reading.article, path.parent.name, reading.annotator, line))
    return sorted(found), annotators


def open_readings(
    found: Iterable[Found],
    parts: Mapping[str, Sequence[str]],
    item_of: Callable[[str], Item],
    pseudonyms: Mapping[str, str],
    labels: LabelScheme,
) -> dict[str, Lazy[Found, Reading]]:
    """Give the readings of each split's articles, sorted by article, batch and pseudonym.

    `parts` has the ids of each split's articles, which `item_of` reads. A reading is held against
    its article's text now, and read again when it is looked at.

    Raises:
        BaliseError: a reading is of another text, or a span breaks a rule.
    """
    split_of = {id_: split for split, ids in parts.items() for id_ in ids}
    kept: dict[str, list[Found]] = {split: [] for split in parts}
    for one in found:
        if one.article in split_of:
            place = f"{one.line.path}, article {one.article}"
            reading = read_line(one.line, Annotation)
            require_spans(item_of(one.article).article, reading, labels, place)
            kept[split_of[one.article]].append(one)

    def read(one: Found) -> Reading:
        spans = read_line(one.line, Annotation).spans
        return Reading(item_of(one.article), one.batch, pseudonyms[one.annotator], spans)

    return {
        split: Lazy(
            sorted(part, key=lambda one: (one.article, one.batch, pseudonyms[one.annotator])), read
        )
        for split, part in kept.items()
        if part
    }

"""The confirmed readings of the articles that go out: where each stands, and what it says."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
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
    """A confirmed reading: in which batch, under which name or pseudonym, and on which line."""

    batch: str
    annotator: str
    line: Line


def find_readings(annotations: Path) -> tuple[dict[str, list[Found]], set[str]]:
    """Find the confirmed readings of each article, and name all annotators.

    One whose readings are all unconfirmed is named too: the next release may have them.

    Raises:
        BaliseError: a line is broken.
    """
    found: dict[str, list[Found]] = defaultdict(list)
    annotators = set()
    for path in reading_files(annotations):
        for line, reading in scan_jsonl(path, Annotation):
            annotators.add(reading.annotator)
            if reading.confirmed:
                found[reading.article].append(Found(path.parent.name, reading.annotator, line))
    return found, annotators


def open_readings(
    found: Mapping[str, Iterable[Found]],
    ids: Iterable[str],
    item_of: Callable[[str], Item],
    pseudonyms: Mapping[str, str],
    labels: LabelScheme,
) -> dict[str, Sequence[Reading]]:
    """Give the readings of each article that has any, by batch and pseudonym.

    `ids` are the articles that go out, which `item_of` reads. A reading is held against its
    article's text now, and read again when it is looked at.

    Raises:
        BaliseError: a reading is of another text, or a span breaks a rule.
    """
    opened: dict[str, Sequence[Reading]] = {}
    for id_ in ids:
        if id_ not in found:
            continue
        article = item_of(id_).article
        for one in found[id_]:
            reading = read_line(one.line, Annotation)
            require_spans(article, reading, labels, f"{one.line.path}, article {id_}")
        named = [one._replace(annotator=pseudonyms[one.annotator]) for one in found[id_]]
        opened[id_] = Lazy(sorted(named), partial(_read, id_))
    return opened


def _read(article: str, one: Found) -> Reading:
    reading = read_line(one.line, Annotation)
    return Reading(article, reading.sha256, one.batch, one.annotator, reading.spans)

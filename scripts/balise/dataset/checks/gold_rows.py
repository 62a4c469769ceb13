"""Every row of a dataset folder is held against the gold that it comes from."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from balise.dataset.build import LEDGER_FILE
from balise.dataset.checks.compare import (
    BioCheck,
    part_problems,
    reading_problems,
    span_problems,
    standoff_problems,
)
from balise.dataset.checks.subject import Subject
from balise.dataset.make_rows import annotator_row
from balise.dataset.release import SPLIT_NAMES, Item, Reading
from balise.dataset.rows import (
    ANNOTATORS,
    BIO,
    ROWS,
    SPANS,
    STANDOFF,
    AnnotatorRow,
    BioRow,
    SpanRow,
    StandoffRow,
)
from balise.errors import BaliseError
from balise.indexed import LazyMapping
from balise.jsonl import read_json
from balise.ledger import LedgerFile

Places = dict[str, dict[str, dict[str, Any]]]
"""Where what a row comes from is found, by config, split and the row's id."""


def row_problems(subject: Subject) -> Iterator[str]:
    """Yield every row that is missing, unknown, doubled or not what the gold says.

    The rows are the files', which `datasets` loads as they are (see `Loaded`).
    """
    places, loaded = _places(subject), subject.loaded.rows
    bio = BioCheck(subject.loaded.tags)
    kinds: dict[str, tuple[Any, Any]] = {
        SPANS: (SpanRow, span_problems),
        BIO: (BioRow, bio.problems),
        ANNOTATORS: (AnnotatorRow, reading_problems),
        STANDOFF: (StandoffRow, standoff_problems),
    }
    yield from (f"config {name} should not be here" for name in loaded if not places.get(name))
    for config, expected in places.items():
        type_, differ = kinds[config]
        found = list(loaded.get(config, {}))
        if found != list(expected):
            yield f"{config}: its splits are {found}, not {list(expected)}"
        for split in found:
            parts = [part for part in subject.standing.of(config) if part.split == split]
            if not parts:  # its file is told as unreadable, or by what other libraries find in it
                continue
            yield from part_problems(
                f"{config}/{split}",
                chain.from_iterable(part.each_row() for part in parts),
                type_,
                _sources(subject, config, expected.get(split, {})),
                differ,
            )
    if not subject.release.labels.overlapping:
        yield from _ledger_problems(subject, bio)


def count_rows(subject: Subject) -> dict[str, int]:
    """Count the loaded rows of each config that the manifest names."""
    loaded, named = subject.loaded.rows, subject.manifest.content
    return {name: sum(loaded.get(name, {}).values()) for name in ROWS if name in named}


def _places(subject: Subject) -> Places:
    """Tell by article, and for readings by number too, what rows there should be.

    Splits are in the card's order; one without a row is not there.
    """
    found: Places = {
        config: {split: {} for split in SPLIT_NAMES.values()}
        for config in (SPANS, BIO, ANNOTATORS, STANDOFF)
    }
    for id_, item in subject.items.items():
        for config in (STANDOFF,) if item.text is None else (SPANS, BIO, STANDOFF):
            found[config][item.split][id_] = id_
        for number, reading in enumerate(subject.release.readings.get(id_, ())):
            found[ANNOTATORS][item.split][annotator_row(item, reading).id] = (id_, number)
    if subject.release.labels.overlapping:
        found[BIO] = {}
    return {
        config: {split: part for split, part in splits.items() if part}
        for config, splits in found.items()
    }


def _sources(subject: Subject, config: str, places: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the rows of a split come from, read whenever it is looked up."""

    def read(place: tuple[str, int]) -> tuple[Item, Reading]:
        article, number = place
        return subject.items[article], subject.release.readings[article][number]

    return LazyMapping(places, read if config == ANNOTATORS else subject.items.__getitem__)


def _ledger_problems(subject: Subject, bio: BioCheck) -> Iterator[str]:
    try:
        written = read_json(subject.folder / LEDGER_FILE, LedgerFile)
    except BaliseError as error:
        yield str(error)
        return
    if _comparable(written) != _comparable(bio.ledger()):
        yield f"{LEDGER_FILE} is not the ledger of these rows"


def _comparable(ledger: LedgerFile) -> tuple[object, ...]:
    """Bring a ledger to what does not depend on the order of the articles."""
    return (msgspec.structs.replace(ledger, entries=()), frozenset(ledger.entries))

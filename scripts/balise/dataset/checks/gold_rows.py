"""Every loaded row of a dataset folder is held against the gold that it comes from."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, starmap
from typing import Any

import msgspec

from balise.dataset.build import LEDGER_FILE
from balise.dataset.checks.compare import (
    BioCheck,
    Row,
    match_rows,
    read_rows,
    reading_problems,
    span_problems,
    standoff_problems,
)
from balise.dataset.checks.subject import Subject
from balise.dataset.make_rows import annotator_row
from balise.dataset.release import SPLIT_NAMES, Item
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
from balise.jsonl import read_json
from balise.ledger import LedgerFile

Sources = dict[str, dict[str, dict[str, Any]]]
"""What each row comes from, by config, split and the row's id."""


def row_problems(subject: Subject) -> Iterator[str]:
    """Yield every row that is missing, unknown, doubled or not what the gold says."""
    sources, loaded = _sources(subject), subject.loaded
    yield from (
        f"config {name} should not be here" for name in loaded.rows if not sources.get(name)
    )
    problems: list[str] = []

    def pair(config: str, type_: type[Row]) -> list[tuple[str, Row, Any]]:
        return _pair(type_, config, sources[config], loaded.rows.get(config, {}), problems)

    spans, bio = pair(SPANS, SpanRow), pair(BIO, BioRow)
    readings, standoff = pair(ANNOTATORS, AnnotatorRow), pair(STANDOFF, StandoffRow)
    yield from problems
    yield from chain.from_iterable(starmap(span_problems, spans))
    yield from chain.from_iterable(starmap(reading_problems, readings))
    yield from chain.from_iterable(starmap(standoff_problems, standoff))
    if not subject.release.labels.overlapping:
        yield from _bio_problems(subject, bio)


def count_rows(subject: Subject) -> dict[str, int]:
    """Count the loaded rows of each config that the manifest names."""
    loaded, named = subject.loaded.rows, subject.manifest.content
    return {name: sum(map(len, loaded.get(name, {}).values())) for name in ROWS if name in named}


def _sources(subject: Subject) -> Sources:
    """Put what rows come from under their configs and splits, these in the card's order."""
    shown = [item for item in subject.items if item.text is not None]
    found: Sources = {
        SPANS: _by_split((item, item.article.id, item) for item in shown),
        BIO: _by_split((item, item.article.id, item) for item in shown),
        ANNOTATORS: _by_split(
            (item, annotator_row(item, reading).id, (item, reading))
            for item in subject.items
            for reading in subject.release.readings.get(item.article.id, ())
        ),
        STANDOFF: _by_split((item, item.article.id, item) for item in subject.items),
    }
    return found | ({BIO: {}} if subject.release.labels.overlapping else {})


def _by_split(sources: Iterable[tuple[Item, str, Any]]) -> dict[str, dict[str, Any]]:
    """Put each source of a row under its item's split and the row's id."""
    found: dict[str, dict[str, Any]] = {split: {} for split in SPLIT_NAMES.values()}
    for item, id_, source in sources:
        found[item.split][id_] = source
    return {split: part for split, part in found.items() if part}


def _pair(
    type_: type[Row],
    config: str,
    expected: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, list[dict[str, Any]]],
    problems: list[str],
) -> list[tuple[str, Row, Any]]:
    """Pair each loaded row of a config with its source, and list what has no counterpart."""
    if list(found) != list(expected):
        problems.append(f"{config}: its splits are {list(found)}, not {list(expected)}")
    pairs = []
    for split, rows in found.items():
        place = f"{config}/{split}"
        typed = read_rows(place, rows, type_, problems)
        pairs += match_rows(place, typed, expected.get(split, {}), problems)
    return pairs


def _bio_problems(subject: Subject, pairs: Iterable[tuple[str, BioRow, Item]]) -> Iterator[str]:
    bio = BioCheck(subject.loaded.tags)
    for place, row, item in pairs:
        yield from bio.problems(place, row, item)
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

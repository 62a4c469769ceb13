"""Every loaded row of a dataset folder is held against the gold that it comes from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, starmap
from typing import Any

import msgspec

from balise.dataset.build import LEDGER_FILE
from balise.dataset.checks.subject import Subject
from balise.dataset.compare import (
    BioCheck,
    Row,
    match_rows,
    read_rows,
    reading_problems,
    span_problems,
    standoff_problems,
)
from balise.dataset.release import Item, Release, by_split
from balise.dataset.rows import (
    ANNOTATORS,
    BIO,
    SPANS,
    STANDOFF,
    AnnotatorRow,
    BioRow,
    SpanRow,
    StandoffRow,
    annotator_row,
)
from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.ledger import LedgerFile

Sources = dict[str, dict[str, dict[str, Any]]]
"""What each row comes from, by config, split and the row's id."""


def row_problems(subject: Subject) -> Iterator[str]:
    """Yield every row that is missing, unknown, doubled or not what the gold says."""
    sources, loaded = _sources(subject.release), subject.loaded
    yield from (f"config {name} should not be here" for name in loaded.rows if not sources[name])
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
    """Count the loaded rows of each config that the gold fills."""
    sources, loaded = _sources(subject.release), subject.loaded.rows
    return {
        config: sum(len(rows) for rows in loaded.get(config, {}).values())
        for config in (SPANS, BIO, ANNOTATORS, STANDOFF)
        if sources[config]
    }


def _sources(release: Release) -> Sources:
    shown = [item for item in release.items if item.text is not None]
    tagged = () if release.labels.overlapping else shown
    readings = ((each.item, (annotator_row(each).id, each)) for each in release.readings)
    by_config = {
        SPANS: by_split(_named(shown)),
        BIO: by_split(_named(tagged)),
        ANNOTATORS: by_split(readings),
        STANDOFF: by_split(_named(release.items)),
    }
    found: Sources = defaultdict(dict)
    for config, splits in by_config.items():
        found[config] = {split: dict(part) for split, part in splits.items()}
    return found


def _named(items: Iterable[Item]) -> Iterator[tuple[Item, tuple[str, Any]]]:
    return ((item, (item.article.id, item)) for item in items)


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

"""A dataset folder is loaded back and held against the gold; everything wrong is listed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, starmap
from pathlib import Path
from typing import Any

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.build import LABELS_FILE, LEDGER_FILE, TEXT_FILES, LabelsFile
from balise.dataset.build import labels_file as make_labels_file
from balise.dataset.compare import (
    BioCheck,
    Row,
    match_rows,
    read_rows,
    reading_problems,
    span_problems,
    standoff_problems,
)
from balise.dataset.leak import find_leaks
from balise.dataset.loaded import load_offline
from balise.dataset.manifest import MANIFEST, Manifest, file_problems, read_manifest
from balise.dataset.probe import Loaded
from balise.dataset.release import Inputs, Item, Release, by_split, load_release
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

BioPair = tuple[str, BioRow, Item]
"""Where a row of `bio` stands, the row, and the item that it comes from."""

Track = Callable[[Sequence[BioPair]], Iterable[BioPair]]


class CheckResult(msgspec.Struct, frozen=True):
    """How many rows of each config were compared, and everything that is wrong."""

    rows: dict[str, int]
    problems: tuple[str, ...]


def check_dataset(folder: Path, inputs: Inputs, track: Track = iter) -> CheckResult:
    """Load a dataset folder offline and compare it, row by row, with the gold.

    Raises:
        BaliseError: there is no dataset in the folder, or the gold itself is at fault.
    """
    manifest = read_manifest(folder)
    release = load_release(inputs)
    loaded = load_offline(folder)
    problems = [
        *file_problems(folder, manifest),
        *_manifest_problems(manifest, release),
        *_labels_problems(folder, release, loaded),
        *_leak_problems(folder, release),
        *loaded.problems,
    ]
    sources = _sources(release)
    problems += [f"config {name} should not be here" for name in loaded.rows if not sources[name]]

    def pair(config: str, type_: type[Row]) -> list[tuple[str, Row, Any]]:
        return _pair(config, type_, sources[config], loaded, problems)

    spans, bio = pair(SPANS, SpanRow), pair(BIO, BioRow)
    readings, standoff = pair(ANNOTATORS, AnnotatorRow), pair(STANDOFF, StandoffRow)
    problems += chain.from_iterable(starmap(span_problems, spans))
    problems += chain.from_iterable(starmap(reading_problems, readings))
    problems += chain.from_iterable(starmap(standoff_problems, standoff))
    if not release.labels.overlapping:
        problems += _bio_problems(folder, track(bio), loaded)
    counts = {
        SPANS: len(spans),
        BIO: len(bio),
        ANNOTATORS: len(readings),
        STANDOFF: len(standoff),
    }
    return CheckResult({name: counts[name] for name in counts if sources[name]}, tuple(problems))


def _sources(release: Release) -> dict[str, dict[str, dict[str, Any]]]:
    """Give what each row comes from, by config, split and the row's id."""
    shown = [item for item in release.items if item.text is not None]
    tagged = () if release.labels.overlapping else shown
    readings = ((each.item, (annotator_row(each).id, each)) for each in release.readings)
    by_config = {
        SPANS: by_split(_named(shown)),
        BIO: by_split(_named(tagged)),
        ANNOTATORS: by_split(readings),
        STANDOFF: by_split(_named(release.items)),
    }
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for config, splits in by_config.items():
        found[config] = {split: dict(part) for split, part in splits.items()}
    return found


def _named(items: Iterable[Item]) -> Iterator[tuple[Item, tuple[str, Any]]]:
    return ((item, (item.article.id, item)) for item in items)


def _manifest_problems(manifest: Manifest, release: Release) -> Iterator[str]:
    if manifest.gold != release.origin.corpus:
        yield (
            f"{MANIFEST}: was built from gold {manifest.gold[:12]}…, the gold is now "
            f"{release.origin.corpus[:12]}…"
        )
    if manifest.labels != release.labels.version:
        yield f"{MANIFEST}: label scheme {manifest.labels}, now {release.labels.version}"


def _labels_problems(folder: Path, release: Release, loaded: Loaded) -> Iterator[str]:
    expected = tag_names(release.labels)
    if loaded.tags and list(loaded.tags) != expected:
        yield f"{BIO}: the tags are {', '.join(loaded.tags)}, not {', '.join(expected)}"
    try:
        if read_json(folder / LABELS_FILE, LabelsFile) != make_labels_file(release.labels):
            yield f"{LABELS_FILE} is not the label scheme"
    except BaliseError as error:
        yield str(error)


def _leak_problems(folder: Path, release: Release) -> Iterator[str]:
    """Look for texts that stay behind in the files for people; rows are compared one by one."""
    withheld = [item.article for item in release.items if item.text is None]
    for name in (*TEXT_FILES, *release.guidelines):
        if (folder / name).is_file():
            content = (folder / name).read_bytes().decode("utf-8", errors="replace")
            for article in find_leaks(withheld, content):
                yield f"{name} quotes {article}, which is stand-off"


def _pair(
    config: str,
    type_: type[Row],
    expected: Mapping[str, Mapping[str, Any]],
    loaded: Loaded,
    problems: list[str],
) -> list[tuple[str, Row, Any]]:
    """Pair each loaded row of a config with its source, and list what has no counterpart."""
    found = loaded.rows.get(config, {})
    if list(found) != list(expected):
        problems.append(f"{config}: its splits are {list(found)}, not {list(expected)}")
    pairs = []
    for split, rows in found.items():
        place = f"{config}/{split}"
        typed = read_rows(place, rows, type_, problems)
        pairs += match_rows(place, typed, expected.get(split, {}), problems)
    return pairs


def _bio_problems(folder: Path, pairs: Iterable[BioPair], loaded: Loaded) -> Iterator[str]:
    bio = BioCheck(loaded.tags)
    for place, row, item in pairs:
        yield from bio.problems(place, row, item)
    try:
        written = read_json(folder / LEDGER_FILE, LedgerFile)
    except BaliseError as error:
        yield str(error)
        return
    if _comparable(written) != _comparable(bio.ledger()):
        yield f"{LEDGER_FILE} is not the ledger of these rows"


def _comparable(ledger: LedgerFile) -> tuple[object, ...]:
    """Bring a ledger to what does not depend on the order of the articles."""
    return (msgspec.structs.replace(ledger, entries=()), frozenset(ledger.entries))

"""A dataset folder is loaded back and held against the gold; everything wrong is listed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.build import CARD, LABELS_FILE, LEDGER_FILE, LICENSE_FILE, LabelsFile
from balise.dataset.build import labels_file as make_labels_file
from balise.dataset.compare import BioCheck, Row, match_rows, read_rows, span_problems
from balise.dataset.leak import find_leaks
from balise.dataset.loaded import load_offline
from balise.dataset.manifest import MANIFEST, Manifest, file_problems, read_manifest
from balise.dataset.probe import Loaded
from balise.dataset.release import SPLIT_NAMES, Item, Release, load_release
from balise.dataset.rows import BIO, SPANS, BioRow, SpanRow
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


def check_dataset(
    folder: Path,
    gold: Path,
    corpus: Path,
    splits: Path,
    labels: Path,
    track: Track = iter,
    texts: Path | None = None,
) -> CheckResult:
    """Load a dataset folder offline and compare it, row by row, with the gold.

    Raises:
        BaliseError: there is no dataset in the folder, or the gold itself is at fault.
    """
    manifest = read_manifest(folder)
    release = load_release(gold, corpus, splits, labels, texts)
    loaded = load_offline(folder)
    overlapping = release.labels.overlapping
    configs = (SPANS,) if overlapping else (SPANS, BIO)
    problems = [
        *file_problems(folder, manifest),
        *_manifest_problems(manifest, release),
        *_labels_problems(folder, release, loaded),
        *_leak_problems(folder, release),
        *loaded.problems,
        *(f"config {name} should not be here" for name in loaded.rows if name not in configs),
    ]
    span_rows = _pair(SPANS, SpanRow, release.items, loaded, problems)
    for place, row, item in span_rows:
        problems += span_problems(place, row, item)
    if overlapping:
        return CheckResult({SPANS: len(span_rows)}, tuple(problems))
    shown = [item for item in release.items if item.text is not None]
    bio_rows = _pair(BIO, BioRow, shown, loaded, problems)
    problems += _bio_problems(folder, track(bio_rows), loaded)
    return CheckResult({SPANS: len(span_rows), BIO: len(bio_rows)}, tuple(problems))


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
    for name in (CARD, LABELS_FILE, LEDGER_FILE, LICENSE_FILE, MANIFEST):
        if (folder / name).is_file():
            content = (folder / name).read_bytes().decode("utf-8", errors="replace")
            for article in find_leaks(withheld, content):
                yield f"{name} quotes {article}, which is stand-off"


def _pair(
    config: str, type_: type[Row], items: Sequence[Item], loaded: Loaded, problems: list[str]
) -> list[tuple[str, Row, Item]]:
    """Pair each loaded row of a config with its item, and list what has no counterpart."""
    expected = {
        split: part
        for split in SPLIT_NAMES.values()
        if (part := [item for item in items if item.split == split])
    }
    found = loaded.rows.get(config, {})
    if list(found) != list(expected):
        problems.append(f"{config}: its splits are {list(found)}, not {list(expected)}")
    pairs = []
    for split, rows in found.items():
        place = f"{config}/{split}"
        typed = read_rows(place, rows, type_, problems)
        pairs += match_rows(place, typed, expected.get(split, []), problems)
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

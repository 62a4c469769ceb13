"""A dataset folder is looked at in every way; what is wrong is listed, check by check."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.build import CARD, LABELS_FILE, LabelsFile
from balise.dataset.build import labels_file as make_labels_file
from balise.dataset.checks.card_configs import config_problems
from balise.dataset.checks.card_values import value_problems
from balise.dataset.checks.features import feature_problems
from balise.dataset.checks.findings import Acceptance, Finding, describe, load_accepted
from balise.dataset.checks.front_matter import FrontMatter, read_front_matter
from balise.dataset.checks.gold_rows import count_rows, row_problems
from balise.dataset.checks.hub_lists import load_hub_lists
from balise.dataset.checks.licences import licence_problems
from balise.dataset.checks.sensitive import personal_problems, secret_problems
from balise.dataset.checks.sizes import size_problems
from balise.dataset.checks.splits import doubled_problems, event_problems, near_problems
from balise.dataset.checks.stands import read_standing
from balise.dataset.checks.subject import Subject
from balise.dataset.checks.words import hash_problems, leak_problems, withdrawal_problems
from balise.dataset.libraries import READERS
from balise.dataset.load import load_release
from balise.dataset.loaded import load_offline
from balise.dataset.manifest import MANIFEST, file_problems, read_manifest
from balise.dataset.probe import Loaded
from balise.dataset.release import Inputs
from balise.dataset.rows import BIO
from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.stores import load_articles
from balise.withdrawn import load_withdrawn

Check = Callable[[Subject], Iterable[str | Finding]]
Track = Callable[[Sequence[str]], Iterable[str]]
"""What wraps the checks' names, to show progress."""


class CheckRun(msgspec.Struct, frozen=True):
    """One check that ran: how many findings are open, and how many were accepted."""

    name: str
    what: str
    findings: int
    accepted: int


class CheckResult(msgspec.Struct, frozen=True):
    """How many rows of each config were loaded, everything that is wrong, and what was looked for.

    `accepted` are the lines of `accepted.tsv` that a finding met, `idle` those that none did:
    what they accept is gone, or was not here to be looked at.
    """

    rows: dict[str, int]
    problems: tuple[str, ...]
    checks: tuple[CheckRun, ...]
    accepted: tuple[Acceptance, ...]
    idle: tuple[Acceptance, ...]


def check_dataset(
    folder: Path, inputs: Inputs, track: Track = iter, libraries: Sequence[str] = tuple(READERS)
) -> CheckResult:
    """Run every check on a dataset folder, offline.

    `libraries` names those, beside `datasets`, that must read it; one that is not installed is a
    problem.

    Raises:
        BaliseError: there is no dataset in the folder, the gold itself is at fault, or
            `accepted.tsv` is broken.
    """
    accepted = {
        one.key: one
        for one in load_accepted(inputs.corpus, [name for name in CHECKS if name in ACCEPTABLE])
    }
    subject = read_subject(folder, inputs, lambda path: load_offline(path, libraries))
    problems: list[str] = []
    runs: list[CheckRun] = []
    met: set[tuple[str, str, str]] = set()
    for name in track(list(CHECKS)):
        what, check = CHECKS[name]
        findings = [each if isinstance(each, Finding) else Finding(each) for each in check(subject)]
        keys = [(name, each.place, each.mark) for each in findings]
        left = [each for each, key in zip(findings, keys, strict=True) if key not in accepted]
        met.update(key for key in keys if key in accepted)
        problems += [describe(name, each) for each in left]
        runs.append(CheckRun(name, what, len(left), len(findings) - len(left)))
    return CheckResult(
        rows=count_rows(subject),
        problems=tuple(dict.fromkeys(problems)),
        checks=tuple(runs),
        accepted=tuple(one for key, one in accepted.items() if key in met),
        idle=tuple(one for key, one in accepted.items() if key not in met),
    )


def read_subject(folder: Path, inputs: Inputs, load: Callable[[Path], Loaded]) -> Subject:
    """Read everything that a check may look at; `load` loads the folder.

    Raises:
        BaliseError: there is no dataset in the folder, or the gold itself is at fault.
    """
    manifest = read_manifest(folder)
    release = load_release(inputs)
    standing = read_standing(folder)
    return Subject(
        folder=folder,
        inputs=inputs,
        manifest=manifest,
        release=release,
        items=tuple(sorted(release.each_item(), key=lambda item: item.article.id)),
        articles=load_articles(inputs.corpus, inputs.texts),
        withdrawn=load_withdrawn(inputs.corpus),
        standing=standing,
        card=_front_matter(standing.texts),
        loaded=load(folder),
    )


def _front_matter(texts: Mapping[str, str]) -> FrontMatter | None:
    try:
        return read_front_matter(texts.get(CARD, ""), CARD)
    except BaliseError:  # `_card` reads it again and tells
        return None


def _files(subject: Subject) -> Iterator[str]:
    yield from file_problems(subject.folder, subject.manifest)
    yield from subject.standing.unreadable


def _manifest(subject: Subject) -> Iterator[str]:
    manifest, release = subject.manifest, subject.release
    if manifest.gold != release.origin.corpus:
        yield (
            f"{MANIFEST}: was built from gold {manifest.gold[:12]}…, the gold is now "
            f"{release.origin.corpus[:12]}…"
        )
    if manifest.labels != release.labels.version:
        yield f"{MANIFEST}: label scheme {manifest.labels}, now {release.labels.version}"


def _labels(subject: Subject) -> Iterator[str]:
    scheme, loaded = subject.release.labels, subject.loaded
    expected = tag_names(scheme)
    if loaded.tags and list(loaded.tags) != expected:
        yield f"{BIO}: the tags are {', '.join(loaded.tags)}, not {', '.join(expected)}"
    try:
        if read_json(subject.folder / LABELS_FILE, LabelsFile) != make_labels_file(scheme):
            yield f"{LABELS_FILE} is not the label scheme"
    except BaliseError as error:
        yield str(error)


def _card(subject: Subject) -> Iterator[str]:
    items = subject.items
    try:
        card = read_front_matter(subject.standing.texts.get(CARD, ""), CARD)
    except BaliseError as error:
        yield str(error)
        return
    languages = {item.article.language for item in items if item.article.language}
    for problem in value_problems(card, load_hub_lists(), len(items), languages):
        yield f"{CARD}: {problem}"


def _configs(subject: Subject) -> Iterator[str]:
    if subject.card is not None:
        for problem in config_problems(subject.card.values, subject.folder):
            yield f"{CARD}: {problem}"


CHECKS: dict[str, tuple[str, Check]] = {
    "files": ("files that are missing, changed or unknown", _files),
    "manifest": ("what the dataset was made from, against what is here", _manifest),
    "labels": ("the label scheme that goes out", _labels),
    "card": ("the card's front matter against the Hub's lists", _card),
    "configs": ("configs and dataset_info against the files", _configs),
    "features": ("columns, types and tags of every Parquet file", feature_problems),
    "sizes": (
        "numbers and sizes of files against the Hub's limits",
        lambda subject: size_problems(subject.standing, load_hub_lists().limits),
    ),
    "loading": (
        "each config loaded with datasets, and the card against it",
        lambda subject: subject.loaded.problems,
    ),
    "libraries": (
        "the same rows as a stream and in other libraries",
        lambda subject: subject.loaded.libraries,
    ),
    "rows": ("every row against the gold", row_problems),
    "licences": ("a licence in the card, in LICENSE and in each row", licence_problems),
    "leaks": ("words of articles that stay behind", leak_problems),
    "hashes": ("the form of hashes in rows without text", hash_problems),
    "withdrawn": ("articles that were withdrawn", withdrawal_problems),
    "duplicates": ("ids and texts that come twice", doubled_problems),
    "near-duplicates": ("texts that resemble each other across splits", near_problems),
    "events": ("events that straddle splits", event_problems),
    "secrets": ("keys, tokens and passwords", secret_problems),
    "personal": ("addresses and numbers of people", personal_problems),
}
"""Every check by name, in the order in which they run, with what it looks for."""

ACCEPTABLE = frozenset({"duplicates", "near-duplicates", "events", "secrets", "personal"})
"""Checks whose findings may be right on purpose, and may then be accepted."""

"""A dataset folder is looked at in every way; what is wrong is listed, check by check."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.dataset.build import CARD
from balise.dataset.checks.features import feature_problems
from balise.dataset.checks.findings import Acceptance, Finding, describe, load_accepted
from balise.dataset.checks.front_matter import FrontMatter, read_front_matter
from balise.dataset.checks.gold_rows import count_rows, row_problems
from balise.dataset.checks.hub_lists import load_hub_lists
from balise.dataset.checks.libraries import READERS
from balise.dataset.checks.licences import licence_problems
from balise.dataset.checks.loaded import load_offline
from balise.dataset.checks.probe import Loaded
from balise.dataset.checks.quotations import quotation_problems
from balise.dataset.checks.sensitive import personal_problems, secret_problems
from balise.dataset.checks.sizes import size_problems
from balise.dataset.checks.splits import doubled_problems, event_problems, near_problems
from balise.dataset.checks.stands import read_standing
from balise.dataset.checks.stated import (
    card_problems,
    described_problems,
    folder_problems,
    labels_problems,
    manifest_problems,
)
from balise.dataset.checks.subject import Subject
from balise.dataset.checks.words import hash_problems, leak_problems, withdrawal_problems
from balise.dataset.load import load_release
from balise.dataset.manifest import read_manifest
from balise.dataset.release import Inputs, Item, Release
from balise.errors import BaliseError
from balise.indexed import LazyMapping
from balise.stores import open_articles
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

    `libraries` names those, beside `datasets` and pyarrow, that must read it; one that is not
    installed is a problem.

    Raises:
        BaliseError: there is no dataset in the folder, the gold itself is at fault,
            `accepted.tsv` is broken, or a file was changed while it was looked at.
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
        items=_by_id(release),
        articles=open_articles(inputs.corpus, inputs.texts),
        withdrawn=load_withdrawn(inputs.corpus),
        standing=standing,
        card=_front_matter(standing.texts),
        loaded=load(folder),
    )


def _by_id(release: Release) -> Mapping[str, Item]:
    places = {
        item.article.id: (split, number)
        for split, items in release.parts.items()
        for number, item in enumerate(items)
    }
    return LazyMapping(
        dict(sorted(places.items())), lambda place: release.parts[place[0]][place[1]]
    )


def _front_matter(texts: Mapping[str, str]) -> FrontMatter | None:
    try:
        return read_front_matter(texts.get(CARD, ""), CARD)
    except BaliseError:  # `card_problems` reads it again and tells
        return None


CHECKS: dict[str, tuple[str, Check]] = {
    "files": ("files that are missing, changed or unknown", folder_problems),
    "manifest": ("what the dataset was made from, against what is here", manifest_problems),
    "labels": ("the label scheme that goes out", labels_problems),
    "card": ("the card's front matter against the Hub's lists", card_problems),
    "configs": ("configs and dataset_info against the files", described_problems),
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
    "quotations": (
        "texts that go out, with passages of articles that stay behind",
        quotation_problems,
    ),
    "hashes": ("the form of hashes in rows without text", hash_problems),
    "withdrawn": ("articles that were withdrawn", withdrawal_problems),
    "duplicates": ("ids and texts that come twice", doubled_problems),
    "near-duplicates": ("texts that resemble each other across splits", near_problems),
    "events": ("events that straddle splits", event_problems),
    "secrets": ("keys, tokens and passwords", secret_problems),
    "personal": ("addresses and numbers of people", personal_problems),
}
"""Every check by name, in the order in which they run, with what it looks for."""

ACCEPTABLE = frozenset(
    {"quotations", "duplicates", "near-duplicates", "events", "secrets", "personal"}
)
"""Checks whose findings may be right on purpose, and may then be accepted."""

"""What each version of the dataset brought: `corpus/CHANGELOG.md`, which goes out with it.

A version is a heading of the second level, `## 0.4.0, 2026-11-30` or `## 0.4.0`; its day is the
day of its release, which nothing but this file knows. The newest stands first.
"""

import datetime
import re
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import read_text

CHANGELOG = "CHANGELOG.md"

_HEADING = re.compile(r"## ([0-9]+\.[0-9]+\.[0-9]+)(?:, ([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


class Change(msgspec.Struct, frozen=True):
    """One version, the day of its release where it has one, and what it brought (Markdown)."""

    version: str
    day: str | None
    text: str


class Changelog(msgspec.Struct, frozen=True):
    """The file as it stands, and its versions, newest first; both are empty where there is none."""

    content: str = ""
    changes: tuple[Change, ...] = ()

    def find(self, version: str) -> Change | None:
        """Give what a version brought, where the file names it."""
        return next((each for each in self.changes if each.version == version), None)

    def day(self, version: str) -> str | None:
        """Give the day of a version's release, where the file names both."""
        change = self.find(version)
        return change.day if change else None


def load_changelog(corpus: Path) -> Changelog:
    """Read the changelog of a corpus folder; an empty one where there is none.

    Raises:
        BaliseError: a heading is no version, a day is none of the calendar, a version stands
            under an older one or twice, or nothing is said of it.
    """
    path = corpus / CHANGELOG
    if not path.is_file():
        return Changelog()
    content = read_text(path)
    found: list[tuple[str, Change]] = []
    for number, line in enumerate(content.split("\n"), start=1):
        if line.startswith("## "):
            found.append((f"{path}:{number}", _read(line.rstrip(), f"{path}:{number}")))
        elif found:
            place, last = found[-1]
            found[-1] = (place, msgspec.structs.replace(last, text=f"{last.text}{line}\n"))
    changes = [msgspec.structs.replace(each, text=each.text.strip()) for _, each in found]
    for (place, _), change, newer in zip(found, changes, [None, *changes], strict=False):
        if not change.text:
            raise BaliseError(place, f"nothing is said of {change.version}", "say what changed")
        if newer is not None and _number(change) >= _number(newer):
            raise BaliseError(
                place,
                f"{change.version} stands under {newer.version}",
                "name each version once, the newest first",
            )
    return Changelog(content, tuple(changes))


def _read(line: str, place: str) -> Change:
    heading = _HEADING.fullmatch(line)
    if heading is None:
        raise BaliseError(
            place, f"{line!r} names no version", "write `## X.Y.Z` or `## X.Y.Z, YYYY-MM-DD`"
        )
    version, day = heading.groups()
    if day is not None:
        try:
            datetime.date.fromisoformat(day)
        except ValueError as error:
            raise BaliseError(place, f"{day} is no day ({error})", "correct the day") from error
    return Change(version, day, "")


def _number(change: Change) -> tuple[int, ...]:
    return tuple(map(int, change.version.split(".")))

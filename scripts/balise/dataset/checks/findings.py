"""Findings that a person may accept: `corpus/accepted.tsv` names them, each with a reason.

A line's check and place are those of the finding. Its mark tells findings in one place apart: four
hexadecimal digits of a hash (`anchors.hash_words`) where the words themselves must not be written
down again, a name otherwise.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.tsv import read_tsv

ACCEPTED = "accepted.tsv"
COLUMNS = ("check", "place", "mark", "reason")

Key = tuple[str, str, str]


class Finding(msgspec.Struct, frozen=True):
    """What is wrong, or may be: one that has a `place` and a `mark` can be accepted."""

    message: str
    place: str = ""
    mark: str = ""


class Acceptance(msgspec.Struct, frozen=True):
    """One line of `accepted.tsv`."""

    check: str
    place: str
    mark: str
    reason: str

    @property
    def key(self) -> Key:
        """What the line accepts."""
        return self.check, self.place, self.mark


def load_accepted(corpus: Path, checks: Iterable[str]) -> tuple[Acceptance, ...]:
    """Read `accepted.tsv` of a corpus folder, or nothing where there is none.

    `checks` are those whose findings may be accepted.

    Raises:
        BaliseError: the header is another one, a cell is empty, a line stands twice, or its check
            is none of those.
    """
    path, known = corpus / ACCEPTED, tuple(checks)
    if not path.is_file():
        return ()
    found: dict[Key, Acceptance] = {}
    for place, cells in read_tsv(path, COLUMNS):
        if not all(cells):
            raise BaliseError(place, "an empty cell", f"fill all of {', '.join(COLUMNS)}")
        one = Acceptance(*cells)
        if one.check not in known:
            raise BaliseError(
                place,
                f"findings of {one.check!r} cannot be accepted",
                f"write one of {', '.join(known)}, or correct what was found",
            )
        if found.setdefault(one.key, one) is not one:
            raise BaliseError(place, f"{one.place} {one.mark} is accepted twice", "keep one line")
    return tuple(found.values())


def describe(check: str, finding: Finding) -> str:
    """Put a finding that stays open into words: what it is, and how it would be accepted."""
    if not finding.place:
        return finding.message
    return (
        f"{finding.message}; correct it, or accept it in {ACCEPTED} of the corpus with check "
        f"{check}, place {finding.place}, mark {finding.mark} and your reason"
    )

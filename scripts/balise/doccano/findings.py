"""What people changed on the server that a push or a pull must not pass over."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from balise.errors import BaliseError

Level = Literal["notice", "missing", "fault"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found: where, what, and what to do.

    A `notice` hinders nothing; what is `missing` a push brings back; a `fault` needs a person,
    and what it concerns is left as it is.
    """

    level: Level
    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.remedy}"


def fault(error: BaliseError) -> Finding:
    """Turn an error that concerns one thing into a finding beside others."""
    return Finding("fault", error.place, error.problem, error.remedy)


def refuse_faults(findings: Iterable[Finding]) -> None:
    """Accept findings that hold no fault.

    Raises:
        BaliseError: the first fault, with the others as notes.
    """
    faults = [finding for finding in findings if finding.level == "fault"]
    if faults:
        first, *others = faults
        error = BaliseError(first.place, first.problem, first.remedy)
        for other in others:
            error.add_note(str(other))
        raise error

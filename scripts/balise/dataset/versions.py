"""A dataset's version: X.Y.Z, three numbers without a nought before them."""

import re

from balise.errors import UsageError

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


def read_version(version: str) -> tuple[int, ...] | None:
    """Turn a version into its numbers, by which versions are ordered; None where it is none."""
    found = _VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else None


def require_version(version: str, place: str = "--version") -> tuple[int, ...]:
    """Turn a version into its numbers.

    Raises:
        UsageError: it is not X.Y.Z.
    """
    if (numbers := read_version(version)) is None:
        raise UsageError(place, f"{version!r} is not X.Y.Z", "write it as 0.1.0")
    return numbers

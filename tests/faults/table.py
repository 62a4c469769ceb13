"""The table of what was tried, counted from the single points."""

from collections import Counter
from collections.abc import Iterable

from faults.trial import Tried

_HEAD = (
    "| fault | command | victim | phase | points | first run ended | exact after |\n"
    "|---|---|---|---|--:|---|---|\n"
)


def table(tried: Iterable[Tried]) -> str:
    """Count points of a kind, how their first runs ended, and how many more runs it took."""
    groups: dict[tuple[str, ...], list[Tried]] = {}
    for one in sorted(tried):
        groups.setdefault((one.fault, one.command, one.victim, one.phase), []).append(one)
    lines = [
        f"| {' | '.join(kind)} | {len(ones)} | {_count(one.first for one in ones)} | "
        f"{_count(f'{one.again} more' for one in ones)} |\n"
        for kind, ones in groups.items()
    ]
    total = sum(len(ones) for ones in groups.values())
    return f"{_HEAD}{''.join(lines)}\n{total} points in all.\n"


def _count(words: Iterable[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in sorted(Counter(words).items()))

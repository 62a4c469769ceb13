"""Figures of an audit, as its JSON holds them."""

from typing import Any


def values(record: dict[str, Any], *names: str) -> list[Any]:
    """Take figures, and of estimates the value."""
    found = [record[name] for name in names]
    return [each["value"] if isinstance(each, dict) else each for each in found]


def within(estimate: dict[str, Any], value: float) -> bool:
    """Say whether an estimate's interval holds a value."""
    return bool(estimate["interval"]["low"] <= value <= estimate["interval"]["high"])

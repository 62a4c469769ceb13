"""The options of `balise model evaluate` that say what a gate is, held against each other."""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from balise.errors import BaliseError, UsageError
from balise.model.gate import load_gate


def require_gate(
    gate: Path | None, *, record: bool, lower: bool, margins: Mapping[str, float | None]
) -> None:
    """Accept options that go together: floors are recorded in a file, and lowered on recording."""
    if record and gate is None:
        raise UsageError("--record-floors", "has no file to write to", "name it with --gate FILE")
    given = [name for name, margin in margins.items() if margin]
    if (lower or given) and not record:
        raise UsageError(
            "--lower-floors" if lower else given[0],
            "says how floors are recorded, and none are",
            "give --record-floors too",
        )
    for name, margin in margins.items():
        # The option's bounds let nan through, which is neither above nor below them.
        if margin is not None and not isfinite(margin):
            raise UsageError(name, f"{margin} is no number", "give one from 0 to 1, such as 0.01")


def require_measured(gate: Path, parts: Sequence[str], split: str | None, *, record: bool) -> None:
    """Accept a gate all of whose floors will be looked at, where no single part was asked for.

    Raises:
        BaliseError: the file is missing or broken, or has floors for real articles without text.
    """
    if record and not gate.exists():
        return
    floors = load_gate(gate).parts
    if split is None and "test_real" in floors and "test_real" not in parts:
        raise BaliseError(
            gate,
            "has floors for test_real, whose texts are not here",
            "bring them with `balise dataset rehydrate --texts DIR`, or name one part with "
            "`--split test`",
        )

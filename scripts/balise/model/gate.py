"""Scores have floors, recorded for one digest of the gold: below one, the gate stays shut."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.jsonl import read_json, write_json
from balise.model.results import Evaluation

OVERALL, ROLLED_UP = "all labels", "PER/LOC/ORG"


class Floors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Strict F1 that may not be fallen short of, by label and overall, on one part of one gold."""

    corpus: str
    labels: str
    f1: dict[str, float]


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The floors of every part, by its name."""

    parts: dict[str, Floors]


def load_gate(path: Path) -> Gate:
    """Read the floors.

    Raises:
        BaliseError: the file is missing or broken.
    """
    return read_json(path, Gate)


def require_floors(gate: Path, evaluations: Iterable[Evaluation]) -> None:
    """Accept evaluations whose scores all reach their floors.

    Raises:
        BaliseError: scores are below their floors or undefined, a part has no floors, or they were
            recorded on another gold.
    """
    parts = load_gate(gate).parts
    below = [fallen for each in evaluations if (fallen := _fallen(gate, parts, each))]
    if below:
        raise BaliseError(
            gate,
            "; ".join(below),
            "mend what made it worse, or lower the floors with --record-floors --lower-floors",
        )


def _fallen(gate: Path, parts: Mapping[str, Floors], evaluation: Evaluation) -> str:
    """Say which scores of a part are below their floors."""
    floors = parts.get(evaluation.part)
    if floors is None:
        raise BaliseError(
            gate, f"has no floors for {evaluation.part}", "record them with --record-floors"
        )
    if (floors.corpus, floors.labels) != (evaluation.origin.corpus, evaluation.origin.labels):
        raise BaliseError(
            gate,
            f"its floors for {evaluation.part} were recorded on gold {floors.corpus[:12]} with "
            f"labels {floors.labels}, and this is {evaluation.origin.corpus[:12]} with "
            f"{evaluation.origin.labels}",
            "record the floors of this gold with --record-floors",
        )
    scores = _scores(evaluation)
    below = [
        f"{name} {_show(scores.get(name))} < {floor:.3f}"
        for name, floor in floors.f1.items()
        if (score := scores.get(name)) is None or score < floor
    ]
    what = f"{evaluation.model.name} falls below its floors on {evaluation.part}"
    return f"{what}: {', '.join(below)}" if below else ""


def record_floors(
    gate: Path,
    evaluations: Sequence[Evaluation],
    *,
    margin: float = 0.0,
    label_margin: float | None = None,
    lower: bool = False,
) -> None:
    """Make evaluations' scores, less a margin, the floors of their parts; other parts' stay.

    Single labels may have a margin of their own: one of few spans moves more from training to
    training.

    Raises:
        BaliseError: a floor would become lower than it is, or be lost, and `lower` is false;
            nothing is recorded then.
    """
    parts = dict(load_gate(gate).parts) if gate.exists() else {}
    for evaluation in evaluations:
        floors = {
            name: max(0.0, math.floor((score - below) * 1000) / 1000)
            for name, score in _scores(evaluation).items()
            for below in [
                margin if name in (OVERALL, ROLLED_UP) or label_margin is None else label_margin
            ]
            if score is not None
        }
        before = parts[evaluation.part].f1 if evaluation.part in parts else {}
        lowered = [
            f"{name} {floor:.3f} → {_show(floors.get(name))}"
            for name, floor in before.items()
            if floors.get(name, -1.0) < floor
        ]
        if lowered and not lower:
            raise BaliseError(
                gate,
                f"floors of {evaluation.part} would become lower: {', '.join(lowered)}",
                "give --lower-floors too if that is meant",
            )
        origin = evaluation.origin
        parts[evaluation.part] = Floors(origin.corpus, origin.labels, floors)
    write_json(gate, Gate(dict(sorted(parts.items()))))


def _scores(evaluation: Evaluation) -> dict[str, float | None]:
    tables = evaluation.model.all_labels, evaluation.model.conll
    overall = {OVERALL: tables[0].overall, ROLLED_UP: tables[1].overall}
    rows = overall | {row.label: row for row in tables[0].labels}
    return {name: row.strict.f1.value for name, row in rows.items()}


def _show(score: float | None) -> str:
    return "undefined" if score is None else f"{score:.3f}"

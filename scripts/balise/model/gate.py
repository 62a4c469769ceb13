"""Scores have floors, recorded for one digest of the gold: below one, the gate stays shut."""

import math
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


def require_floors(gate: Path, evaluation: Evaluation) -> None:
    """Accept an evaluation whose scores all reach their floors.

    Raises:
        BaliseError: a score is below its floor or undefined, the part has no floors, or they were
            recorded on another gold.
    """
    floors = read_json(gate, Gate).parts.get(evaluation.part)
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
    if below:
        raise BaliseError(
            gate,
            f"{evaluation.model.name} falls below its floors on {evaluation.part}: "
            f"{', '.join(below)}",
            "mend what made it worse, or lower the floors with --record-floors --lower-floors",
        )


def record_floors(
    gate: Path,
    evaluation: Evaluation,
    *,
    margin: float = 0.0,
    label_margin: float | None = None,
    lower: bool = False,
) -> None:
    """Make an evaluation's scores, less a margin, the floors of its part; other parts' stay.

    Single labels may have a margin of their own: one of few spans moves more from training to
    training.

    Raises:
        BaliseError: a floor would become lower than it is, or be lost, and `lower` is false.
    """
    old = read_json(gate, Gate).parts if gate.exists() else {}
    floors = {
        name: max(0.0, math.floor((score - below) * 1000) / 1000)
        for name, score in _scores(evaluation).items()
        for below in [
            margin if name in (OVERALL, ROLLED_UP) or label_margin is None else label_margin
        ]
        if score is not None
    }
    before = old[evaluation.part].f1 if evaluation.part in old else {}
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
    parts = old | {evaluation.part: Floors(origin.corpus, origin.labels, floors)}
    write_json(gate, Gate(dict(sorted(parts.items()))))


def _scores(evaluation: Evaluation) -> dict[str, float | None]:
    tables = evaluation.model.all_labels, evaluation.model.conll
    overall = {OVERALL: tables[0].overall, ROLLED_UP: tables[1].overall}
    rows = overall | {row.label: row for row in tables[0].labels}
    return {name: row.strict.f1.value for name, row in rows.items()}


def _show(score: float | None) -> str:
    return "undefined" if score is None else f"{score:.3f}"

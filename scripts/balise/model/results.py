"""What an evaluation found, as it is written to JSON and shown in the report."""

import msgspec

from balise.model.mistakes import Confusion, Kinds
from balise.model.tables import Table
from balise.origin import Origin
from balise.score import SpanError


class System(msgspec.Struct, frozen=True):
    """One pipeline's scores: on all labels, and rolled up to PER, LOC and ORG."""

    name: str
    pipeline: str
    version: str
    all_labels: Table
    conll: Table


class Evaluation(msgspec.Struct, frozen=True):
    """A model's scores on one part of the split, beside those of its baselines.

    All were scored on the same articles and the same resamples. `gold_left_out` counts the gold
    spans whose label has no place in the roll-up. `kinds`, `confusion` and `errors` are the
    model's, on all labels; offsets are code points.
    """

    part: str
    articles: int
    spans: int
    not_publishable: int
    level: float
    resamples: int
    model: System
    baselines: tuple[System, ...]
    gold_left_out: dict[str, int]
    kinds: tuple[Kinds, ...]
    confusion: Confusion
    errors: tuple[SpanError, ...]
    origin: Origin

    @property
    def systems(self) -> tuple[System, ...]:
        """The model and its baselines, the model first."""
        return (self.model, *self.baselines)

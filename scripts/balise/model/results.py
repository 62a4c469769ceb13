"""What an evaluation found, as it is written to JSON and shown in the report."""

import msgspec

from balise.model.calibration import Calibration
from balise.model.ceiling import Ceiling
from balise.model.facets import Facet
from balise.model.mistakes import Confusion
from balise.model.tables import Table
from balise.origin import Origin
from balise.span_errors import SpanError


class System(msgspec.Struct, frozen=True):
    """One pipeline's scores: on all labels, as PER, LOC and ORG, and by what else was asked for.

    `digest` is that of the pipeline's folder (see `fingerprint`), where it has one.
    """

    name: str
    pipeline: str
    version: str
    all_labels: Table
    conll: Table
    rollups: dict[str, Table]
    digest: str | None = None


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """A model's scores on one part of the split, beside those of its baselines.

    All were scored on the same articles and the same resamples. `gold_left_out` counts the gold
    spans whose label has no place in PER, LOC and ORG. What follows it is the model's, on all
    labels; offsets are code points. `trained_on` names the parts whose mentions count as seen, and
    `trained_without_text` how many of their articles have no text here.
    """

    part: str
    articles: int
    spans: int
    not_publishable: int
    level: float
    resamples: int
    model: System
    baselines: tuple[System, ...]
    ceiling: Ceiling | None
    gold_left_out: dict[str, int]
    confusion: Confusion
    trained_on: tuple[str, ...]
    trained_without_text: int
    facets: tuple[Facet, ...]
    calibration: Calibration | None
    errors: tuple[SpanError, ...]
    origin: Origin

    @property
    def systems(self) -> tuple[System, ...]:
        """The model and its baselines, the model first."""
        return (self.model, *self.baselines)

    @property
    def rollups(self) -> dict[str, list[Table]]:
        """Each roll-up's tables, in the systems' order."""
        rolled = {"PER/LOC/ORG": [system.conll for system in self.systems]}
        names = self.model.rollups
        return rolled | {name: [s.rollups[name] for s in self.systems] for name in names}

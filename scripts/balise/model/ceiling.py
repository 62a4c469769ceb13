"""How far annotators agree, as a ceiling beside a model's score."""

from pathlib import Path

import msgspec

from balise.bootstrap import Estimate, Interval
from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.labels import LabelScheme


class Ceiling(msgspec.Struct, frozen=True):
    """Strict F1 between annotators, overall and by label, and on how many articles.

    A model that is scored against one annotator cannot be expected to come nearer to that
    annotator than another annotator does.
    """

    articles: int
    overall: Estimate
    labels: dict[str, Estimate]


class _Row(msgspec.Struct, frozen=True):
    label: str
    f1: float | None
    interval: Interval | None


class _Figures(msgspec.Struct, frozen=True):
    articles: int
    overall: _Row
    labels: tuple[_Row, ...]


class _Origin(msgspec.Struct, frozen=True):
    labels: str


class _Agreement(msgspec.Struct, frozen=True):
    rollup: str | None
    origin: _Origin
    overall: _Figures


def load_ceiling(path: Path, labels: LabelScheme) -> Ceiling:
    """Read the figures of `balise annotations agree` as far as a model is held against them.

    Raises:
        BaliseError: the file is missing or broken, rolls labels up, or was made by another version
            of the label scheme.
    """
    found = read_json(path, _Agreement)
    remedy = "run `balise annotations agree` again"
    if found.rollup is not None:
        raise BaliseError(
            path, f"compares labels as {found.rollup} names them", f"{remedy} without --rollup"
        )
    if found.origin.labels != labels.version:
        raise BaliseError(
            path,
            f"was made by version {found.origin.labels} of the label scheme, and this is "
            f"{labels.version}",
            remedy,
        )
    rows = {row.label: Estimate(row.f1, row.interval) for row in found.overall.labels}
    overall = found.overall.overall
    return Ceiling(found.overall.articles, Estimate(overall.f1, overall.interval), rows)

"""Two pipelines on the same articles become a table of differences with paired intervals."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import LEVEL, RESAMPLES, Interval, Statistic, draw
from balise.errors import UsageError
from balise.jsonl import write_json
from balise.model.known import require_unseen
from balise.model.predict import Watch, distinct_names, load_system, predict, short_name, unwatched
from balise.model.reference import Reference, Sources, load_reference
from balise.model.tables import Row, Scored, make_table, score_view
from balise.model.views import View, all_labels, conll, load_views, require_known
from balise.origin import Origin
from balise.pairing import Entity
from balise.permutation import permutation_test
from balise.score import SCHEMAS, Schema, f1

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


class Difference(msgspec.Struct, frozen=True):
    """F1 of the second system minus the first's, and the p-value of there being none.

    `p` is null where the difference is undefined. It stands for one comparison: who looks at
    every label will find one in twenty under 0.05 by chance.
    """

    value: float | None
    interval: Interval | None
    p: float | None


class Pair(msgspec.Struct, frozen=True):
    """Both systems' scores on one label, or on all, and how F1 differs by each schema."""

    label: str
    first: Row
    second: Row
    differences: dict[Schema, Difference]

    @property
    def strict(self) -> Difference:
        """The difference that is meant where no schema is named."""
        return self.differences["strict"]


class PairTable(msgspec.Struct, frozen=True):
    """All pairs of one view."""

    overall: Pair
    labels: tuple[Pair, ...]


class Comparison(msgspec.Struct, frozen=True):
    """Two pipelines on the same articles; a difference is the second's F1 minus the first's.

    Both were scored on the same resamples, so that the interval is that of the difference within
    a resample and what makes an article hard for both cancels out.
    """

    first: str
    second: str
    part: str
    articles: int
    spans: int
    level: float
    resamples: int
    all_labels: PairTable
    conll: PairTable
    rollups: dict[str, PairTable]
    origin: Origin


def compare(
    first: str,
    second: str,
    sources: Sources,
    out: Path,
    *,
    rollups: Sequence[str] = (),
    seed: int = 0,
    resamples: int = RESAMPLES,
    watch: Watch = unwatched,
) -> Comparison:
    """Score two pipelines on one part of the split and write the comparison to the file `out`.

    `rollups` are schemes or mapping files to compare under besides (see `load_view`).

    Raises:
        UsageError: both are the same pipeline, there is no such part, or two roll-ups have one
            name.
        BaliseError: as for `balise.model.evaluate.evaluate`.
    """
    if _place(first) == _place(second):
        raise UsageError(first, "is compared with itself", "name two pipelines")
    reference = load_reference(sources)
    views = load_views(rollups, reference.labels)
    pipelines = [(name, load_system(name, sources.corpus)) for name in (first, second)]
    for name, nlp in pipelines:
        require_unseen(nlp, name, reference)
    found: list[set[Entity]] = []
    for name, nlp in pipelines:
        found.append(predict(nlp, reference, f"{short_name(name)} reads", watch))
        require_known(found[-1], reference.labels, name)
    indices = draw(len(reference.articles), resamples, seed)
    names = distinct_names((first, second))
    every, rolled, *others = (
        _pair_up(view, reference, found, indices, seed)
        for view in (all_labels(reference.labels), conll(reference.labels), *views)
    )
    comparison = Comparison(
        first=names[first],
        second=names[second],
        part=reference.part,
        articles=len(reference.articles),
        spans=len(reference.entities),
        level=LEVEL,
        resamples=resamples,
        all_labels=every,
        conll=rolled,
        rollups={view.name: table for view, table in zip(views, others, strict=True)},
        origin=reference.origin(seed),
    )
    write_json(out, comparison)
    return comparison


def _place(pipeline: str) -> Path:
    """Tell where a pipeline stands, however its folder is written; a package has its name."""
    path = Path(pipeline)
    return path.resolve() if path.is_dir() else path


def _pair_up(
    view: View,
    reference: Reference,
    found: list[set[Entity]],
    indices: "NDArray[int64]",
    seed: int,
) -> PairTable:
    first, second = (score_view(view, reference, entities, indices) for entities in found)
    left, right = make_table(first), make_table(second)
    differences = {schema: _differ(first, second, schema, seed) for schema in SCHEMAS}
    pairs = [
        Pair(one.label, one, other, {schema: differences[schema][at] for schema in SCHEMAS})
        for at, (one, other) in enumerate(
            zip((*left.labels, left.overall), (*right.labels, right.overall), strict=True)
        )
    ]
    return PairTable(pairs[-1], tuple(pairs[:-1]))


def _differ(first: Scored, second: Scored, schema: Schema, seed: int) -> list[Difference]:
    """Compare F1 by one schema, of each label and then of all together."""
    import numpy as np

    def scores(counts: "NDArray[float64]") -> "NDArray[float64]":
        overall = counts.sum(axis=-3, keepdims=True)
        return f1(np.concatenate([counts, overall], axis=-3), schema)

    changes = scores(second.sums) - scores(first.sums)
    values = permutation_test(first.counts, second.counts, scores, seed)
    return [
        Difference(estimate.value, estimate.interval, None if np.isnan(p) else float(p))
        for estimate, p in (
            (Statistic(column, first.documents).estimate(), p)
            for column, p in zip(changes.T, values, strict=True)
        )
    ]

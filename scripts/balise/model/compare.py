"""Two pipelines on the same articles become a table of differences with paired intervals."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.bootstrap import LEVEL, RESAMPLES, Estimate, draw, f1, interval
from balise.errors import UsageError
from balise.jsonl import write_json
from balise.model.predict import Watch, load_pipeline, predict, short_name, unwatched
from balise.model.reference import Reference, Sources, load_reference
from balise.model.tables import (
    Row,
    Scored,
    View,
    all_labels,
    conll,
    make_table,
    require_known,
    score_view,
)
from balise.origin import Origin
from balise.score import Entity

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


class Pair(msgspec.Struct, frozen=True):
    """Both systems' scores on one label, or on all, and F1 of the second minus the first."""

    label: str
    first: Row
    second: Row
    difference: Estimate


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
    origin: Origin


def compare(
    first: str,
    second: str,
    sources: Sources,
    out: Path,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    watch: Watch = unwatched,
) -> Comparison:
    """Score two pipelines on one part of the split and write the comparison to the file `out`.

    Raises:
        UsageError: both are the same pipeline, or there is no such part.
        BaliseError: as for `balise.model.evaluate.evaluate`.
    """
    if first == second:
        raise UsageError(first, "is compared with itself", "name two pipelines")
    reference = load_reference(sources)
    pipelines = [(name, load_pipeline(name)) for name in (first, second)]
    found: list[set[Entity]] = []
    for name, nlp in pipelines:
        found.append(predict(nlp, reference, f"{short_name(name)} reads", watch))
        require_known(found[-1], reference.labels, name)
    indices = draw(len(reference.articles), resamples, seed)
    names = [short_name(first), short_name(second)]
    if names[0] == names[1]:
        names = [first, second]
    every, rolled = (
        _pair_up(view, reference, found, indices)
        for view in (all_labels(reference.labels), conll(reference.labels))
    )
    comparison = Comparison(
        first=names[0],
        second=names[1],
        part=reference.part,
        articles=len(reference.articles),
        spans=len(reference.entities),
        level=LEVEL,
        resamples=resamples,
        all_labels=every,
        conll=rolled,
        origin=reference.origin(seed),
    )
    write_json(out, comparison)
    return comparison


def _pair_up(
    view: View, reference: Reference, found: list[set[Entity]], indices: "NDArray[int64]"
) -> PairTable:
    first, second = (score_view(view, reference, entities, indices) for entities in found)
    left, right = make_table(first), make_table(second)
    rows = zip(left.labels, right.labels, strict=True)
    return PairTable(
        _pair(left.overall, right.overall, first.sums.sum(axis=1), second.sums.sum(axis=1), first),
        tuple(
            _pair(a, b, first.sums[:, column], second.sums[:, column], first)
            for column, (a, b) in enumerate(rows)
        ),
    )


def _pair(
    first: Row,
    second: Row,
    first_sums: "NDArray[float64]",
    second_sums: "NDArray[float64]",
    scored: Scored,
) -> Pair:
    """Pair two rows; the difference is undefined where one of the two scores is."""
    left, right = first.f1.value, second.f1.value
    difference = None if left is None or right is None else right - left
    bounds = interval(f1(second_sums) - f1(first_sums), scored.documents)
    return Pair(first.label, first, second, Estimate(difference, bounds))

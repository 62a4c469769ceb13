"""Pairs of spans become tables: outcomes by label, and which label was taken for which."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from balise.pairing import ALONE, BOTH, BOUNDARY, Pairing

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray


class Confusion(msgspec.Struct, frozen=True):
    """How often each gold label (row) was predicted as each label (column).

    `same_edges` counts partners whose edges are equal, so that its diagonal holds the right spans;
    its last column counts missed spans and its last row spurious ones. `other_edges` counts
    partners that overlap only: boundary errors on its diagonal, errors of both elsewhere. Every
    span is in exactly one cell of the two.
    """

    labels: tuple[str, ...]
    same_edges: tuple[tuple[int, ...], ...]
    other_edges: tuple[tuple[int, ...], ...]


def tally_confusion(labels: Sequence[str], pairing: Pairing) -> Confusion:
    """Count which label was taken for which; every label that occurs must be in the list."""
    import numpy as np

    size = len(labels)
    places = np.array([labels.index(label) for label in pairing.labels], dtype=np.int64)
    gold, predicted = pairing.gold, pairing.predicted
    rows, lone = places[gold.labels], predicted.outcomes == ALONE
    partners = gold.partners >= 0
    columns = np.full(len(rows), size)
    columns[partners] = places[predicted.labels[gold.partners[partners]]]
    overlap = np.isin(gold.outcomes, (BOUNDARY, BOTH))
    same = _cross(rows[~overlap], columns[~overlap], size + 1)
    same[size, :size] = np.bincount(places[predicted.labels[lone]], minlength=size)
    return Confusion(
        tuple(labels), _tuples(same), _tuples(_cross(rows[overlap], columns[overlap], size))
    )


def _cross(rows: "NDArray[int64]", columns: "NDArray[int64]", size: int) -> "NDArray[int64]":
    import numpy as np

    return np.bincount(rows * size + columns, minlength=size * size).reshape(size, size)


def _tuples(table: "NDArray[int64]") -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())

"""Errors become tables: their kinds by label, and which label was taken for which."""

from collections.abc import Iterable, Sequence

import msgspec

from balise.score import ERROR_KINDS, Counts, ErrorKind, SpanError


class Kinds(msgspec.Struct, frozen=True):
    """How many gold or predicted spans of one label are right, and how many err in which way.

    An error belongs to the label of its gold span, a spurious one to that of its prediction.
    """

    label: str
    correct: int
    errors: dict[ErrorKind, int]


class Confusion(msgspec.Struct, frozen=True):
    """How often each gold label (row) was predicted as each label (column).

    Spans are paired as in `find_errors`; the diagonal holds right spans and boundary errors. The
    last column counts missed spans, the last row spurious ones.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def tally_kinds(
    labels: Sequence[str], counts: dict[str, Counts], errors: Iterable[SpanError]
) -> tuple[Kinds, ...]:
    """Count the errors of each label by kind."""
    tally = {label: dict.fromkeys(ERROR_KINDS, 0) for label in labels}
    for error in errors:
        span = error.gold or error.predicted
        if span is not None:
            tally[span.label][error.kind] += 1
    return tuple(
        Kinds(label, counts[label].tp if label in counts else 0, tally[label]) for label in labels
    )


def tally_confusion(
    labels: Sequence[str], counts: dict[str, Counts], errors: Iterable[SpanError]
) -> Confusion:
    """Count which label was taken for which."""
    size = len(labels)
    place = {label: number for number, label in enumerate(labels)}
    cells = [[0] * (size + 1) for _ in range(size + 1)]
    for label, count in counts.items():
        cells[place[label]][place[label]] += count.tp
    for error in errors:
        row = place[error.gold.label] if error.gold else size
        column = place[error.predicted.label] if error.predicted else size
        cells[row][column] += 1
    return Confusion(tuple(labels), tuple(tuple(row) for row in cells))

"""Gold and predicted spans that do not match become errors, each span in exactly one."""

from typing import TYPE_CHECKING, Literal

import msgspec

from balise.pairing import ALONE, CORRECT, OUTCOMES, Pairing, Side
from balise.records import Span

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

ErrorKind = Literal["boundary", "type", "both", "missed", "spurious"]
ERROR_KINDS: tuple[ErrorKind, ...] = ("boundary", "type", "both", "missed", "spurious")

_PAIRED: dict[int, ErrorKind] = {
    OUTCOMES.index(kind): kind for kind in ("boundary", "type", "both")
}


class SpanError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One error: a gold span, a predicted span, or the two that were taken for each other."""

    article: str
    kind: ErrorKind
    gold: Span | None
    predicted: Span | None


def find_errors(pairing: Pairing) -> list[SpanError]:
    """List the errors of a pairing in the order of their articles and of their spans.

    Partners that differ are one error, whose kind is their outcome. A gold span that stays alone
    is `missed`, a predicted one `spurious`.
    """
    import numpy as np

    gold, predicted = pairing.gold, pairing.predicted
    wrong, lone = (
        np.flatnonzero(gold.outcomes != CORRECT),
        np.flatnonzero(predicted.outcomes == ALONE),
    )
    outcomes, partners = gold.outcomes[wrong].tolist(), gold.partners[wrong]
    others = iter(_spans(pairing, predicted, partners[partners >= 0]))
    errors: dict[tuple[str, Span], SpanError] = {}
    for (article, span), outcome in zip(_spans(pairing, gold, wrong), outcomes, strict=True):
        kind = _PAIRED.get(outcome, "missed")
        partner = None if outcome == ALONE else next(others)[1]
        errors[article, span] = SpanError(article, kind, span, partner)
    for article, span in _spans(pairing, predicted, lone):
        errors[article, span] = SpanError(article, "spurious", None, span)
    return [errors[place] for place in sorted(errors)]


def _spans(pairing: Pairing, side: Side, places: "NDArray[int64]") -> list[tuple[str, Span]]:
    columns = (side.articles, side.starts, side.ends, side.labels)
    rows = zip(*(column[places].tolist() for column in columns), strict=True)
    return [
        (pairing.articles[article], Span(start, end, pairing.labels[label]))
        for article, start, end, label in rows
    ]

"""Strict scores over sets of (article, start, end, label), and the kinds of the errors.

A prediction is right only where both edges and the label equal a gold span's (the "exact match"
of CoNLL-2003); an overlap earns nothing. Offsets are code points, half-open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from typing import Literal, NamedTuple

import msgspec

from balise.records import Span


class Entity(NamedTuple):
    """A span in its article."""

    article: str
    start: int
    end: int
    label: str


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """True positives, false positives and false negatives, and the ratios they give.

    A ratio whose denominator is zero is None, never 0: precision where nothing was predicted,
    recall where there is no gold, F1 where there is neither.
    """

    tp: int
    fp: int
    fn: int

    @property
    def gold(self) -> int:
        """The number of gold spans."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """The number of predicted spans."""
        return self.tp + self.fp

    @property
    def precision(self) -> float | None:
        """The share of the predicted spans that are right."""
        return _ratio(self.tp, self.predicted)

    @property
    def recall(self) -> float | None:
        """The share of the gold spans that were found."""
        return _ratio(self.tp, self.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, which is 2tp / (2tp + fp + fn)."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def score(gold: Set[Entity], predicted: Set[Entity]) -> dict[str, Counts]:
    """Count right, spurious and missed spans per label, for each label that occurs."""
    tp = Counter(entity.label for entity in gold & predicted)
    fp = Counter(entity.label for entity in predicted - gold)
    fn = Counter(entity.label for entity in gold - predicted)
    return {
        label: Counts(tp[label], fp[label], fn[label])
        for label in sorted(tp.keys() | fp.keys() | fn.keys())
    }


def micro(counts: Iterable[Counts]) -> Counts:
    """Add counts up, so that every span weighs the same."""
    counts = tuple(counts)
    return Counts(
        sum(count.tp for count in counts),
        sum(count.fp for count in counts),
        sum(count.fn for count in counts),
    )


def macro(values: Iterable[float | None]) -> float | None:
    """Average one ratio over labels, so that every label weighs the same.

    Labels where the ratio is undefined are left out of the mean; it is None if all are.
    """
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


ErrorKind = Literal["boundary", "type", "both", "missed", "spurious"]
ERROR_KINDS: tuple[ErrorKind, ...] = ("boundary", "type", "both", "missed", "spurious")


class SpanError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One error: a gold span, a predicted span, or the two that were taken for each other."""

    article: str
    kind: ErrorKind
    gold: Span | None
    predicted: Span | None


def find_errors(gold: Set[Entity], predicted: Set[Entity]) -> list[SpanError]:
    """Pair the spans that strict scoring rejects, so that each is in exactly one error.

    The pairing is greedy and one to one within an article. Pairs are tried in this order: same
    edges with another label (`type`), overlap with the same label (`boundary`), overlap with
    another label (`both`); within a kind the larger overlap in characters first, then the earlier
    spans. A gold span left over is `missed`, a predicted one `spurious`.
    """
    wrong_gold, wrong_predicted = gold - predicted, predicted - gold
    candidates = sorted(
        (*_rank(left, right), left, right)
        for left, right in _overlapping(wrong_gold, wrong_predicted)
    )
    errors: dict[Entity, SpanError] = {}  # by gold span, or by predicted span where spurious
    taken: set[Entity] = set()
    for rank, _, left, right in candidates:
        if left not in errors and right not in taken:
            errors[left] = SpanError(left.article, _PAIRED[rank], _span(left), _span(right))
            taken.add(right)
    for left in wrong_gold - errors.keys():
        errors[left] = SpanError(left.article, "missed", _span(left), None)
    for right in wrong_predicted - taken:
        errors[right] = SpanError(right.article, "spurious", None, _span(right))
    return [errors[entity] for entity in sorted(errors)]


_PAIRED: tuple[ErrorKind, ...] = ("type", "boundary", "both")


def _rank(gold: Entity, predicted: Entity) -> tuple[int, int]:
    """Give the index of the pair's kind in `_PAIRED`, and minus the characters shared."""
    shared = min(gold.end, predicted.end) - max(gold.start, predicted.start)
    if (gold.start, gold.end) == (predicted.start, predicted.end):
        return 0, -shared
    return (1 if gold.label == predicted.label else 2), -shared


def _overlapping(
    gold: Iterable[Entity], predicted: Iterable[Entity]
) -> Iterable[tuple[Entity, Entity]]:
    by_article: dict[str, list[Entity]] = defaultdict(list)
    for entity in predicted:
        by_article[entity.article].append(entity)
    for left in gold:
        for right in by_article.get(left.article, ()):
            if left.start < right.end and right.start < left.end:
                yield left, right


def _span(entity: Entity) -> Span:
    return Span(entity.start, entity.end, entity.label)

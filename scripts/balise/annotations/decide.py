"""Several readings of one article become one gold record, or a disagreement."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from balise.annotations.differing import agreed_spans
from balise.annotations.majority import MAJORITY_NEEDS, holds, is_automatic, vote
from balise.errors import BaliseError
from balise.records import Annotation, Decision, Gold, Span
from balise.stores import ADJUDICATION


class DifferingReading(msgspec.Struct, frozen=True):
    """The spans of one reader that not every reader has."""

    annotator: str
    spans: tuple[Span, ...]


class Disagreement(msgspec.Struct, frozen=True):
    """An article that its readers left undecided."""

    article: str
    sha256: str
    readings: tuple[DifferingReading, ...]


def group_readings(readings: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    """Bring together the confirmed readings of each article, whatever their batch, by id."""
    groups: dict[str, list[Annotation]] = {}
    for reading in readings:
        if reading.confirmed:
            groups.setdefault(reading.article, []).append(reading)
    return dict(sorted(groups.items()))


def by_readers(readings: Iterable[Annotation]) -> list[Annotation]:
    """List the annotators' own readings, without adjudications."""
    return [reading for reading in readings if reading.annotator != ADJUDICATION]


def by_adjudicator(readings: Iterable[Annotation]) -> list[Annotation]:
    """List the adjudications that a person made, without those by votes."""
    return [
        reading
        for reading in readings
        if reading.annotator == ADJUDICATION and not is_automatic(reading)
    ]


def decide(readings: Sequence[Annotation], *, overlapping: bool = False) -> Gold | Disagreement:
    """Decide one article from its confirmed readings, of one text.

    The adjudicator's reading overrules all others. Otherwise one reader decides alone, several
    agree on every span, or three or more leave the decision to what more than half of them say;
    a reader who reads the article again and differently has a vote for each reading. A decision
    that votes made span by span (`majority.vote`, which counts otherwise where spans may be
    `overlapping`) counts as long as the votes are the same.

    Raises:
        BaliseError: two adjudications of the article differ.
    """
    adjudications, others = by_adjudicator(readings), by_readers(readings)
    annotators = tuple(sorted({reading.annotator for reading in others}))
    article, sha256 = readings[0].article, readings[0].sha256
    if adjudications:
        if len({reading.spans for reading in adjudications}) > 1:
            raise BaliseError(
                f"article {article}",
                "two batches adjudicate it differently",
                f"keep it in one {ADJUDICATION}.jsonl",
            )
        comments = [comment for reading in adjudications for comment in reading.comments]
        reason = "; ".join(dict.fromkeys(comments)) or None
        return Gold(article, sha256, annotators, "adjudicated", reason, adjudications[0].spans)
    votes = Counter(spans for _, spans in {(each.annotator, each.spans) for each in others})
    if not votes:
        return Disagreement(article, sha256, ())
    spans, count = votes.most_common(1)[0]
    if len(votes) == 1:
        decision: Decision = "single" if len(annotators) == 1 else "agreed"
        return Gold(article, sha256, annotators, decision, None, spans)
    if len(annotators) >= MAJORITY_NEEDS and 2 * count > votes.total():
        reason = f"{count} of {votes.total()} readings"
        return Gold(article, sha256, annotators, "majority", reason, spans)
    if automatic := [reading for reading in readings if is_automatic(reading)]:
        found = vote(others, overlapping=overlapping)
        for reading in automatic:
            if holds(reading, found):
                reason = "; ".join(reading.comments)
                return Gold(article, sha256, annotators, "majority", reason, reading.spans)
    return Disagreement(article, sha256, _differing(others))


def find_undecided(
    groups: Mapping[str, Sequence[Annotation]], *, overlapping: bool = False
) -> list[str]:
    """List the articles, of confirmed readings by article, that `decide` leaves undecided.

    Raises:
        BaliseError: two adjudications of an article differ.
    """
    return [
        id_
        for id_, group in groups.items()
        if isinstance(decide(group, overlapping=overlapping), Disagreement)
    ]


def _differing(readings: Sequence[Annotation]) -> tuple[DifferingReading, ...]:
    shared = frozenset(agreed_spans(readings))
    return tuple(
        DifferingReading(
            reading.annotator, tuple(span for span in reading.spans if span not in shared)
        )
        for reading in sorted(readings, key=lambda each: (each.annotator, each.spans))
    )

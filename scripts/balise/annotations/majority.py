"""Three readings of one article or more are decided span by span, where more than half agree."""

from collections.abc import Iterable, Sequence

import msgspec

from balise.records import Annotation, Span

MAJORITY_NEEDS = 3
"""Of two readers neither is more than half."""

AUTO_MAJORITY = "auto:majority"
"""The origin of an adjudication that nobody made: a count of votes did."""


class Vote(msgspec.Struct, frozen=True):
    """How many of the readings have a span that not all of them have, and what that decided."""

    span: Span
    kept: bool
    readers: tuple[str, ...]
    of: int

    @property
    def tally(self) -> str:
        """The vote without the span's surface: « ARMED_GROUP 12–15: 2 of 3 (anne, bruno) »."""
        place = f"{self.span.label} {self.span.start}–{self.span.end}"
        return f"{place}: {len(self.readers)} of {self.of} ({', '.join(self.readers)})"

    def describe(self, text: str) -> str:
        """Say the vote in a line: « kept 'M23' ARMED_GROUP 12–15: 2 of 3 (anne, bruno) »."""
        surface = text[self.span.start : self.span.end]
        return f"{'kept' if self.kept else 'dropped'} {surface!r} {self.tally}"


class Majority(msgspec.Struct, frozen=True):
    """The spans that the votes decided, and the votes on those that not all readings have."""

    spans: tuple[Span, ...]
    votes: tuple[Vote, ...]


def vote(readings: Iterable[Annotation], *, overlapping: bool = False) -> Majority | None:
    """Decide an article by its readers' votes, or leave it to a person (None).

    A span, with its edges and its label, is kept where more than half of the readings have it;
    a span that overlaps a kept one is dropped. The others fall into regions, connected by
    overlaps: a region is dropped where more than half of the readings mark nothing in it. Any
    other region, or fewer than three readers, leaves the whole article undecided. A reader who
    reads twice and differently has two votes, as in `decide`.

    Kept spans never overlap. Let two of them be kept of n readings: the readings that have the
    one are more than n/2, and so are those that have the other. Together these are more than n,
    so that some reading has both; and in one reading no two spans overlap.

    Where spans may be `overlapping`, a kept span rules out no other, and kept ones overlap as
    some reading's do. The regions are then of all spans that are not kept, and a reading marks
    something there only with such a span: a region is dropped where more than half of the
    readings add nothing to what is kept. So every span is kept by more than half of the readings,
    or dropped by more than half, or nothing is decided.
    """
    ballots = sorted({(reading.annotator, reading.spans) for reading in readings})
    if len({annotator for annotator, _ in ballots}) < MAJORITY_NEEDS:
        return None
    readers: dict[Span, list[str]] = {}
    for annotator, spans in ballots:
        for span in spans:
            readers.setdefault(span, []).append(annotator)
    kept = {span for span, names in readers.items() if 2 * len(names) > len(ballots)}
    beside = kept if overlapping else frozenset[Span]()
    open_ = [
        span
        for span in sorted(readers.keys() - beside)
        if overlapping or not any(_overlap(span, one.start, one.end) for one in kept)
    ]
    for start, end in _regions(open_):
        marked = sum(
            any(_overlap(span, start, end) for span in spans if span not in beside)
            for _, spans in ballots
        )
        if 2 * (len(ballots) - marked) <= len(ballots):
            return None
    votes = tuple(
        Vote(span, span in kept, tuple(names), len(ballots))
        for span, names in sorted(readers.items())
        if len(names) < len(ballots)
    )
    return Majority(tuple(sorted(kept)), votes)


def _overlap(span: Span, start: int, end: int) -> bool:
    return span.start < end and start < span.end


def _regions(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Join sorted spans that overlap, directly or through others, into ranges `[start, end)`."""
    regions: list[tuple[int, int]] = []
    for span in spans:
        if regions and span.start < regions[-1][1]:
            start, end = regions.pop()
            regions.append((start, max(end, span.end)))
        else:
            regions.append((span.start, span.end))
    return regions


def is_automatic(reading: Annotation) -> bool:
    """Tell an adjudication that votes made from a person's."""
    return reading.origin == AUTO_MAJORITY


def holds(decision: Annotation, found: Majority | None) -> bool:
    """Tell whether a decision by votes is what the readings decide now, vote for vote."""
    return (
        found is not None
        and decision.spans == found.spans
        and len(decision.comments) == len(found.votes)
        and all(
            comment.endswith(vote.tally)
            for comment, vote in zip(decision.comments, found.votes, strict=True)
        )
    )

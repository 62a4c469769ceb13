"""Pairs of readings for the tests: from marked-up sentences, and drawn at random."""

from itertools import pairwise

from hypothesis import strategies as st

from balise.annotations.alignment import Weights
from balise.readers import Pair
from balise.records import Annotation, Span
from markup import annotated

LABELS = ("PERSON", "LOCATION", "EVENT")


def make_pair(*articles: tuple[tuple[Span, ...], tuple[Span, ...]]) -> Pair:
    """Make the pair of two annotators from the spans of each of their articles."""
    ids = tuple(f"a{number}" for number in range(len(articles)))
    left, right = (
        tuple(
            Annotation(id_, "0" * 64, name, True, spans[side])
            for id_, spans in zip(ids, articles, strict=True)
        )
        for side, name in enumerate(("anne", "bruno"))
    )
    return Pair("anne", "bruno", ids, left, right)


def marked_pair(*articles: tuple[str, str]) -> Pair:
    """Make the pair of two annotators from how each marks up the same texts."""
    spans = []
    for texts in articles:
        assert annotated("a", texts[0])[1].sha256 == annotated("a", texts[1])[1].sha256
        spans.append(tuple(annotated("a", text)[1].spans for text in texts))
    return make_pair(*((one, other) for one, other in spans))


@st.composite
def flat_spans(draw: st.DrawFn, size: int = 30, most: int = 8) -> tuple[Span, ...]:
    """Draw spans that do not overlap, some of which touch."""
    edges = sorted(draw(st.sets(st.integers(0, size), max_size=2 * most)))
    return tuple(
        Span(start, end, draw(st.sampled_from(LABELS)))
        for start, end in pairwise(edges)
        if draw(st.booleans())
    )[:most]


@st.composite
def two_readings(
    draw: st.DrawFn, size: int = 30, most: int = 8
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Draw two readings: unrelated, or the second is the first with spans lost or relabelled."""
    first = draw(flat_spans(size, most))
    if draw(st.booleans()):
        return first, draw(flat_spans(size, most))
    return first, tuple(
        Span(span.start, span.end, draw(st.sampled_from((span.label, span.label, *LABELS))))
        for span in first
        if draw(st.integers(0, 3))
    )


def dissimilarity(one: Span, other: Span, weights: Weights) -> float:
    """Compute the dissimilarity of two spans as γ defines it."""
    apart = abs(one.start - other.start) + abs(one.end - other.end)
    place = apart / (one.end - one.start + other.end - other.start)
    return weights.alone * (weights.place * place**2 + weights.label * (one.label != other.label))


def cheapest(first: tuple[Span, ...], second: tuple[Span, ...], weights: Weights) -> float:
    """Try every alignment: the first span is left alone, or paired with each of the others."""
    if not first:
        return weights.alone * len(second)
    one, rest = first[0], first[1:]
    costs = [weights.alone + cheapest(rest, second, weights)]
    for number, other in enumerate(second):
        left = second[:number] + second[number + 1 :]
        costs.append(dissimilarity(one, other, weights) + cheapest(rest, left, weights))
    return min(costs)

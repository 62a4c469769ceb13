"""Spans over a few tokens, drawn as gold and prediction, for the tests of scoring."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import strategies as st

from balise.align import TokenSpan
from balise.pairing import Entity
from markup import markup

LABELS = ("PERSON", "LOCATION", "EVENT")
TOKENS = 12
WORDS = ["né", "Gao", "l'", "🚀", "É", "M23", "ab", "cœur", "x", "Tirs", "à", "Œil"]
TEXT = " ".join(WORDS)
EDGES = [
    (start, start + len(word))
    for start, word in (
        (sum(len(word) + 1 for word in WORDS[:number]), word) for number, word in enumerate(WORDS)
    )
]

Pairs = list[tuple[list[TokenSpan], list[TokenSpan]]]


def entities(*marked: str) -> set[Entity]:
    """Read marked-up sentences as the articles a0, a1, …."""
    return {
        Entity(f"a{number}", span.start, span.end, span.label)
        for number, sentence in enumerate(marked)
        for span in markup(sentence)[1]
    }


@st.composite
def token_spans(draw: st.DrawFn) -> list[TokenSpan]:
    """Draw flat spans over twelve tokens."""
    edges = sorted(draw(st.sets(st.integers(0, TOKENS), max_size=8)))
    spans = []
    for start, end in pairwise(edges):
        if draw(st.booleans()):
            spans.append(TokenSpan(start, end, draw(st.sampled_from(LABELS))))
    return spans


@st.composite
def readings(draw: st.DrawFn) -> tuple[list[TokenSpan], list[TokenSpan]]:
    """Draw gold and a prediction: unrelated, or gold with spans left out and labels changed."""
    gold = draw(token_spans())
    if draw(st.booleans()):
        return gold, draw(token_spans())
    return gold, [
        TokenSpan(span.start, span.end, draw(st.sampled_from((span.label, span.label, *LABELS))))
        for span in gold
        if draw(st.integers(0, 3))
    ]


documents = st.lists(readings(), min_size=1, max_size=4)


@st.composite
def overlapping_entities(draw: st.DrawFn) -> set[Entity]:
    """Draw spans of two articles that may overlap, lie in each other and have the same edges."""
    spans = st.builds(
        lambda article, start, length, label: Entity(article, start, start + length, label),
        st.sampled_from(("a0", "a1")),
        st.integers(0, 8),
        st.integers(1, 5),
        st.sampled_from(LABELS),
    )
    return draw(st.sets(spans, max_size=12))


def to_entities(article: int, spans: Iterable[TokenSpan]) -> set[Entity]:
    """Turn token spans into entities of the article with that number."""
    return {
        Entity(f"a{article}", EDGES[span.start][0], EDGES[span.end - 1][1], span.label)
        for span in spans
    }


def read(pairs: Pairs) -> tuple[set[Entity], set[Entity]]:
    """Turn drawn readings into the entities of gold and of prediction."""
    gold = set().union(*(to_entities(n, left) for n, (left, _) in enumerate(pairs)))
    predicted = set().union(*(to_entities(n, right) for n, (_, right) in enumerate(pairs)))
    return gold, predicted

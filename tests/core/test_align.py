import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.align import TokenSpan, align_spans, bio_tags
from balise.ledger import Ledger
from balise.records import Span
from markup import markup


def words(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S+", text)]


@pytest.mark.parametrize(
    ("marked", "tags", "outcomes"),
    [
        ("Tirs à [Kiev](LOCATION) hier", "O O B-LOCATION O", []),
        ("[trois civils](CASUALTIES) [mardi](DATE)", "B-CASUALTIES I-CASUALTIES B-DATE", []),
        ("milices anti-[EI](ARMED_GROUP) ici", "O B-ARMED_GROUP O", ["snapped"]),
        ("[Ni](LOCATION)ger et [Ma](LOCATION)li", "B-LOCATION O B-LOCATION", ["snapped"] * 2),
        ("[Gao](LOCATION)-[Mopti](LOCATION)", "B-LOCATION", ["dropped", "snapped"]),
    ],
)
def test_spans_snap_to_the_tokens_that_cover_them(
    marked: str, tags: str, outcomes: list[str]
) -> None:
    text, spans = markup(marked)
    tokens, ledger = words(text), Ledger()
    aligned = align_spans("a", spans, tokens, ledger)
    assert bio_tags(aligned, len(tokens)) == tags.split()
    assert sorted(entry.outcome for entry in ledger.entries) == outcomes


def test_a_span_between_tokens_is_dropped_with_its_reason() -> None:
    ledger = Ledger()
    assert align_spans("a", [Span(3, 4, "DATE")], [(0, 3), (4, 7)], ledger) == []
    assert [entry.reason for entry in ledger.entries] == ["no token touches it"]


@given(
    lengths=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2)), max_size=10),
    edges=st.sets(st.integers(0, 60), max_size=12),
)
def test_the_ledger_balances_over_any_spans_and_tokens(
    lengths: list[tuple[int, int]], edges: set[int]
) -> None:
    tokens: list[tuple[int, int]] = []
    at = 0
    for length, gap in lengths:
        tokens.append((at, at + length))
        at += length + gap
    points = sorted(edges)
    spans = [Span(a, b, "DATE") for a, b in zip(points[::2], points[1::2], strict=False)]
    ledger = Ledger()
    aligned = align_spans("a", spans, tokens, ledger)
    closed = ledger.close(len(spans), len(aligned))
    assert closed.kept + closed.snapped + closed.dropped == len(spans)
    taken = [token for span in aligned for token in range(span.start, span.end)]
    assert len(taken) == len(set(taken))
    snapped = [Span(tokens[s.start][0], tokens[s.end - 1][1], s.label) for s in aligned]
    assert sum(span in spans for span in snapped) == closed.kept


def test_touching_spans_of_one_label_begin_anew() -> None:
    spans = [TokenSpan(0, 2, "DATE"), TokenSpan(2, 3, "DATE")]
    assert bio_tags(spans, 4) == ["B-DATE", "I-DATE", "B-DATE", "O"]

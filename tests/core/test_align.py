import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.align import TokenSpan, align_spans, bio_tags
from balise.ledger import Ledger
from balise.records import Span
from markup import edges_of, markup


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
    aligned = align_spans("a", spans, edges_of(tokens), ledger)
    assert bio_tags(aligned, len(tokens)) == tags.split()
    assert sorted(entry.outcome for entry in ledger.entries) == outcomes


def test_a_span_between_tokens_is_dropped_with_its_reason() -> None:
    ledger = Ledger()
    assert align_spans("a", [Span(3, 4, "DATE")], edges_of([(0, 3), (4, 7)]), ledger) == []
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
    aligned = align_spans("a", spans, edges_of(tokens), ledger)
    closed = ledger.close(len(spans), len(aligned))
    assert closed.kept + closed.snapped + closed.dropped == len(spans)
    taken = [token for span in aligned for token in range(span.start, span.end)]
    assert len(taken) == len(set(taken))
    snapped = [Span(tokens[s.start][0], tokens[s.end - 1][1], s.label) for s in aligned]
    assert sum(span in spans for span in snapped) == closed.kept


def test_touching_spans_of_one_label_begin_anew() -> None:
    spans = [TokenSpan(0, 2, "DATE"), TokenSpan(2, 3, "DATE")]
    assert bio_tags(spans, 4) == ["B-DATE", "I-DATE", "B-DATE", "O"]


def test_overlapping_spans_keep_their_tokens_and_only_the_very_same_are_dropped() -> None:
    tokens, ledger = [(0, 3), (4, 14)], Ledger()
    spans = [
        Span(0, 14, "FACILITY"),
        Span(4, 9, "LOCATION"),
        Span(4, 14, "LOCATION"),
        Span(5, 9, "EVENT"),
    ]
    assert align_spans("a", spans, edges_of(tokens), ledger, overlapping=True) == [
        TokenSpan(0, 2, "FACILITY"),
        TokenSpan(1, 2, "LOCATION"),
        TokenSpan(1, 2, "EVENT"),
    ]
    closed = ledger.close(4, 3)
    assert (closed.kept, closed.snapped, closed.dropped) == (1, 2, 1)
    assert closed.entries[1].reason == "a span of this label has the same tokens already"


@given(
    st.sets(
        st.builds(
            lambda start, length, label: Span(start, start + length, label),
            st.integers(0, 30),
            st.integers(1, 12),
            st.sampled_from(("EVENT", "DATE")),
        ),
        max_size=10,
    )
)
def test_of_overlapping_spans_each_run_of_tokens_with_a_label_is_there_once(
    spans: set[Span],
) -> None:
    tokens = [(start, start + 3) for start in range(0, 36, 4)]
    ledger = Ledger()
    aligned = align_spans("a", spans, edges_of(tokens), ledger, overlapping=True)
    assert len(set(aligned)) == len(aligned)
    ledger.close(len(spans), len(aligned))
    covering = {
        (min(touched), max(touched) + 1, span.label)
        for span in spans
        if (touched := [n for n, (s, e) in enumerate(tokens) if s < span.end and span.start < e])
    }
    assert {(one.start, one.end, one.label) for one in aligned} == covering

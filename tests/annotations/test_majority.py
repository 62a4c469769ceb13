"""Votes decide an article span by span, or leave it to a person."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.annotations.majority import vote
from balise.records import Annotation, Span
from markup import markup

NAMES = ("anne", "bruno", "chloe", "denis", "elise")


def read(annotator: str, spans: tuple[Span, ...]) -> Annotation:
    return Annotation("a-1", "0" * 64, annotator, True, spans)


def decided(*marked: str) -> list[tuple[str, str]] | None:
    """Let readers vote on marked-up sentences; list what is kept as surface and label."""
    texts = {markup(one)[0] for one in marked}
    assert len(texts) == 1
    text = texts.pop()
    pairs = zip(NAMES, marked, strict=False)
    if (found := vote(read(name, markup(one)[1]) for name, one in pairs)) is None:
        return None
    return [(text[span.start : span.end], span.label) for span in found.spans]


@pytest.mark.parametrize(
    ("readings", "kept"),
    [
        # Two of three have it.
        (("[M23](ARMED_GROUP)", "[M23](ARMED_GROUP)", "M23"), [("M23", "ARMED_GROUP")]),
        # Two of three have nothing.
        (("[M23](ARMED_GROUP)", "M23", "M23"), []),
        # Edges: the third reader's longer span goes.
        (
            ("le [M23](ARMED_GROUP)", "le [M23](ARMED_GROUP)", "[le M23](ARMED_GROUP)"),
            [("M23", "ARMED_GROUP")],
        ),
        # Three readings of one place, and no two alike.
        (("[M23](ARMED_GROUP)", "[M23](ORGANIZATION)", "M23"), None),
        (("[M23](ARMED_GROUP)", "[M23](ORGANIZATION)", "[M23](MILITARY)"), None),
        # Half is not more than half, on either side.
        (("[M23](ARMED_GROUP)", "[M23](ARMED_GROUP)", "M23", "M23"), None),
        # Two readers are too few.
        (("[M23](ARMED_GROUP)", "[M23](ARMED_GROUP)"), None),
        # Each place is decided by other readers: the result is nobody's reading.
        (
            (
                "[M23](ARMED_GROUP) à [Goma](LOCATION), [mardi](DATE)",
                "[M23](ARMED_GROUP) à Goma, [mardi](DATE)",
                "M23 à [Goma](LOCATION), [mardi](DATE)",
            ),
            [("M23", "ARMED_GROUP"), ("Goma", "LOCATION"), ("mardi", "DATE")],
        ),
        # One open place leaves the whole article undecided.
        (
            (
                "[M23](ARMED_GROUP) à [Goma](LOCATION)",
                "[M23](ARMED_GROUP) à [Goma](FACILITY)",
                "M23 à Goma",
            ),
            None,
        ),
        # Who marks a longer span there has not marked nothing, though that span itself is out.
        (
            (
                "[M23](ARMED_GROUP) à Goma",
                "[M23](ARMED_GROUP) à [Goma](LOCATION)",
                "[M23 à Goma](EVENT)",
            ),
            None,
        ),
        # Beside two readers who are silent, the same place is dropped.
        (
            (
                "[M23](ARMED_GROUP) à Goma",
                "[M23](ARMED_GROUP) à [Goma](LOCATION)",
                "[M23 à Goma](EVENT)",
                "M23 à Goma",
                "[M23](ARMED_GROUP) à Goma",
            ),
            [("M23", "ARMED_GROUP")],
        ),
    ],
)
def test_more_than_half_of_three_readers_decide_a_place(
    readings: tuple[str, ...], kept: list[tuple[str, str]] | None
) -> None:
    assert decided(*readings) == kept


def test_a_vote_says_what_it_decided_and_whose_it_was() -> None:
    text, anne = markup("😀 Le [M23](ARMED_GROUP) prend [Goma](LOCATION).")
    _, bruno = markup("😀 Le [M23](ARMED_GROUP) prend Goma.")
    _, chloe = markup("😀 Le M23 prend Goma.")
    found = vote([read("chloe", chloe), read("anne", anne), read("bruno", bruno)])
    assert found is not None
    assert [one.describe(text) for one in found.votes] == [
        "kept 'M23' ARMED_GROUP 5–8: 2 of 3 (anne, bruno)",
        "dropped 'Goma' LOCATION 15–19: 1 of 3 (anne)",
    ]


def test_a_reader_who_reads_twice_and_differently_has_two_votes() -> None:
    _, spans = markup("Le [M23](ARMED_GROUP)")
    twice = [read("anne", spans), read("anne", ()), read("bruno", spans), read("chloe", spans)]
    found = vote([*twice, read("anne", spans)])
    assert found is not None
    (only,) = found.votes
    assert (only.kept, only.readers, only.of) == (True, ("anne", "bruno", "chloe"), 4)


def flat(cuts: list[tuple[int, int, str]]) -> tuple[Span, ...]:
    """Keep of some ranges those that overlap none before them."""
    spans: list[Span] = []
    for start, length, label in cuts:
        span = Span(start, start + length, label)
        if all(span.end <= one.start or one.end <= span.start for one in spans):
            spans.append(span)
    return tuple(sorted(spans))


CUTS = st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from(("EVENT", "DATE")))
READINGS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.lists(CUTS, max_size=4).map(flat)), min_size=1, max_size=6
)


def oracle(readings: list[tuple[str, tuple[Span, ...]]]) -> set[Span] | None:
    """Decide by the definition, on sets of characters."""
    ballots = set(readings)
    if len({name for name, _ in ballots}) < 3:
        return None

    def place(span: Span) -> set[int]:
        return set(range(span.start, span.end))

    every = {span for _, spans in ballots for span in spans}
    half = len(ballots) / 2
    kept = {span for span in every if sum(span in spans for _, spans in ballots) > half}
    regions = [place(span) for span in every if not any(place(span) & place(one) for one in kept)]
    while touching := [
        (one, other) for at, one in enumerate(regions) for other in regions[at + 1 :] if one & other
    ]:
        one, other = touching[0]
        regions.remove(one)
        regions.remove(other)
        regions.append(one | other)
    for region in regions:
        silent = sum(not any(place(span) & region for span in spans) for _, spans in ballots)
        if not silent > half:
            return None
    return kept


@given(READINGS)
def test_votes_decide_what_the_definition_says(
    readings: list[tuple[str, tuple[Span, ...]]],
) -> None:
    found = vote(read(name, spans) for name, spans in readings)
    assert (None if found is None else set(found.spans)) == oracle(readings)


@given(READINGS, st.randoms(use_true_random=False))
def test_the_order_of_readers_decides_nothing_and_the_result_is_flat(
    readings: list[tuple[str, tuple[Span, ...]]], random: object
) -> None:
    shuffled = list(readings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = vote(read(name, spans) for name, spans in readings)
    assert found == vote(read(name, spans) for name, spans in shuffled)
    if found is not None:
        assert list(found.spans) == sorted(found.spans)
        assert all(left.end <= right.start for left, right in pairwise(found.spans))


def voted(*marked: str) -> list[tuple[str, str]] | None:
    """Let readers vote as `decided` does, in a scheme whose spans may overlap."""
    text = markup(marked[0])[0]
    readings = [read(name, markup(one)[1]) for name, one in zip(NAMES, marked, strict=False)]
    found = vote(readings, overlapping=True)
    return found and [(text[span.start : span.end], span.label) for span in found.spans]


BOTH = "l’[aéroport de [Gao](LOCATION)](FACILITY)"
OUTER = "l’[aéroport de Gao](FACILITY)"
INNER = "l’aéroport de [Gao](LOCATION)"
SHORT = "l’[aéroport](FACILITY) de Gao"
NONE = "l’aéroport de Gao"
FACILITY, LOCATION = ("aéroport de Gao", "FACILITY"), ("Gao", "LOCATION")


@pytest.mark.parametrize(
    ("readings", "kept"),
    [
        # A kept span rules out no other.
        ((BOTH, BOTH, OUTER), [FACILITY, LOCATION]),
        ((OUTER, INNER, BOTH), [FACILITY, LOCATION]),
        # One of three adds something to what is kept.
        ((BOTH, OUTER, OUTER), [FACILITY]),
        ((BOTH, BOTH, SHORT), [FACILITY, LOCATION]),
        # Half is not more than half, on either side.
        ((BOTH, BOTH, OUTER, OUTER), None),
        # Three of five add something inside the kept span, and no two the same.
        (
            (
                BOTH,
                "l’[aéroport de [Gao](EVENT)](FACILITY)",
                OUTER,
                "l’aéroport de [Gao](WEAPON)",
                OUTER,
            ),
            None,
        ),
        # Two of three mark something, and no two the same: the longer span is no « nothing ».
        ((OUTER, INNER, NONE), None),
        ((OUTER, NONE, NONE), []),
        # Two readers are too few.
        ((BOTH, OUTER), None),
    ],
)
def test_of_spans_that_may_overlap_each_is_decided_beside_those_that_are_kept(
    readings: tuple[str, ...], kept: list[tuple[str, str]] | None
) -> None:
    assert voted(*readings) == kept


NESTED = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sets(CUTS.map(lambda cut: Span(cut[0], cut[0] + cut[1], cut[2])), max_size=4).map(
            lambda spans: tuple(sorted(spans))
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(NESTED)
def test_every_span_is_kept_or_dropped_by_more_than_half_or_nothing_is_decided(
    readings: list[tuple[str, tuple[Span, ...]]],
) -> None:
    found = vote((read(name, spans) for name, spans in readings), overlapping=True)
    if found is None:
        return
    ballots = set(readings)
    for span in {span for _, spans in ballots for span in spans}:
        having = sum(span in spans for _, spans in ballots)
        assert 2 * (having if span in found.spans else len(ballots) - having) > len(ballots)
    assert {one.span for one in found.votes} | set(found.spans) >= {
        span for _, spans in ballots for span in spans
    }


@given(READINGS)
def test_flat_readings_that_both_rules_decide_are_decided_the_same(
    readings: list[tuple[str, tuple[Span, ...]]],
) -> None:
    found = vote((read(name, spans) for name, spans in readings), overlapping=True)
    flat_ = vote(read(name, spans) for name, spans in readings)
    if found is not None and flat_ is not None:
        assert found == flat_

"""Spans that overlap become marks in marks."""

from hypothesis import given
from hypothesis import strategies as st

from balise.nesting import Stretch, nest_spans
from balise.records import Span

SPANS = st.builds(
    lambda start, length, label: Span(start, start + length, label),
    st.integers(0, 12),
    st.integers(1, 8),
    st.sampled_from(("EVENT", "DATE")),
)


def test_a_shorter_span_stands_in_the_longer_one_and_a_crossing_one_goes_on_behind_it() -> None:
    outer, inner, crossing = Span(1, 6, "A"), Span(2, 4, "B"), Span(5, 8, "C")
    assert nest_spans(0, 9, [outer, inner, crossing]) == (
        Stretch(0, 1),
        Stretch(
            1,
            6,
            outer,
            (Stretch(1, 2), Stretch(2, 4, inner), Stretch(4, 5), Stretch(5, 6, crossing)),
        ),
        Stretch(6, 8, crossing, continues=True),
        Stretch(8, 9),
    )


def test_flat_spans_and_the_text_between_them_stand_side_by_side() -> None:
    one, other = Span(0, 2, "A"), Span(2, 3, "B")
    assert nest_spans(0, 4, [other, one]) == (
        Stretch(0, 2, one),
        Stretch(2, 3, other),
        Stretch(3, 4),
    )
    assert nest_spans(3, 3, []) == ()


def leaves(stretches: tuple[Stretch, ...]) -> list[Stretch]:
    return [leaf for one in stretches for leaf in (leaves(one.inner) if one.inner else [one])]


def parts(stretches: tuple[Stretch, ...]) -> list[Stretch]:
    return [part for one in stretches for part in (one, *parts(one.inner))]


@given(st.sets(SPANS, max_size=8))
def test_the_leaves_are_the_text_and_the_parts_of_a_span_are_the_span(spans: set[Span]) -> None:
    found = nest_spans(0, 20, spans)
    assert [point for one in leaves(found) for point in range(one.start, one.end)] == [*range(20)]
    for one in parts(found):
        assert one.start < one.end
        assert not one.inner or (one.inner[0].start, one.inner[-1].end) == (one.start, one.end)
    for span in spans:
        mine = sorted((part for part in parts(found) if part.span == span), key=lambda p: p.start)
        points = [point for part in mine for point in range(part.start, part.end)]
        assert points == [*range(span.start, span.end)]
        assert [part.continues for part in mine] == [number > 0 for number in range(len(mine))]

import pytest

from balise.records import Span


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 3), (-2, -1)])
def test_a_range_that_holds_no_character_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="empty, reversed or negative"):
        Span(start, end, "DATE")


def test_spans_sort_by_their_place_in_the_text() -> None:
    spans = [Span(5, 6, "DATE"), Span(0, 9, "DATE"), Span(0, 2, "EVENT"), Span(0, 2, "DATE")]
    assert sorted(spans) == [
        Span(0, 2, "DATE"),
        Span(0, 2, "EVENT"),
        Span(0, 9, "DATE"),
        Span(5, 6, "DATE"),
    ]

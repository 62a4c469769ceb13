import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.errors import BaliseError
from balise.offsets import OffsetMap

PIECES = ["a", "é", "e\u0301", "😀", "🇫🇷", "👨\u200d👩\u200d👧", "\r\n", "\n", "\u00a0", "’", "𝒜"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.text(max_size=20))


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(TEXTS)
def test_utf16_offsets_are_those_of_the_encoded_text(text: str) -> None:
    offsets = OffsetMap(text, "utf16")
    for point in range(len(text) + 1):
        assert offsets.to_unit(point) == utf16_length(text[:point])


@given(TEXTS)
def test_code_points_survive_the_way_to_utf16_and_back(text: str) -> None:
    offsets = OffsetMap(text, "utf16")
    for point in range(len(text) + 1):
        assert offsets.to_codepoint(offsets.to_unit(point)) == point


@given(TEXTS)
def test_code_points_are_their_own_offsets(text: str) -> None:
    offsets = OffsetMap(text, "codepoint")
    assert [offsets.to_codepoint(point) for point in range(len(text) + 1)] == list(
        range(len(text) + 1)
    )


@given(TEXTS)
def test_each_grapheme_edge_survives_the_way_there_and_back(text: str) -> None:
    offsets = OffsetMap(text, "grapheme")
    points = [offsets.to_codepoint(offset) for offset in range(offsets.length + 1)]
    assert points == sorted(set(points))
    assert (points[0], points[-1]) == (0, len(text))
    assert [offsets.to_unit(point) for point in points] == list(range(offsets.length + 1))


# Drawn by hand in Doccano's page over one sentence: the unit depends on its grapheme mode.
SENTENCE = "😀🇫🇷 Macron et 👨\u200d👩\u200d👧 Zélensky (e\u0301lu) à Kiev"


@pytest.mark.parametrize(("unit", "start"), [("utf16", 44), ("grapheme", 32), ("codepoint", 38)])
def test_the_page_and_python_name_one_place_by_different_numbers(unit: str, start: int) -> None:
    offsets = OffsetMap(SENTENCE, unit)  # type: ignore[arg-type]  # a parameter, not a literal
    at = offsets.to_codepoint(start)
    assert SENTENCE[at : offsets.to_codepoint(start + 4)] == "Kiev"


def test_a_line_end_of_two_characters_is_two_units_but_one_grapheme() -> None:
    text = "Un\r\nKiev"
    assert OffsetMap(text, "utf16").to_codepoint(4) == 4
    assert OffsetMap(text, "grapheme").to_codepoint(3) == 4


@pytest.mark.parametrize(
    ("unit", "offset"), [("utf16", 1), ("utf16", -1), ("utf16", 7), ("grapheme", 6)]
)
def test_an_offset_that_is_no_edge_is_refused(unit: str, offset: int) -> None:
    with pytest.raises(BaliseError, match=f"{unit} offset {offset}: not a character's edge"):
        OffsetMap("😀Gao.", unit).to_codepoint(offset)  # type: ignore[arg-type]


def test_a_code_point_inside_a_grapheme_is_refused() -> None:
    with pytest.raises(BaliseError, match="code point offset 1"):
        OffsetMap("e\u0301", "grapheme").to_unit(1)

"""What balise's errors say, and what it says of others'."""

import pytest

from balise.errors import first_line


@pytest.mark.parametrize(
    ("said", "line"),
    [("", "ValueError"), (" \n\t", "ValueError"), ("\n  no such file \nat line 3", "no such file")],
)
def test_of_another_library_s_error_the_first_line_with_words_is_shown(
    said: str, line: str
) -> None:
    assert first_line(ValueError(said)) == line

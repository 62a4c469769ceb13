"""A project's description says whose it is, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.doccano.mark import Mark, read_mark

NAMES = st.from_regex(r"[a-z0-9-]+", fullmatch=True)
MARKS = st.builds(
    Mark,
    st.none() | st.integers(1, 10**9),
    NAMES,
    NAMES,
    st.lists(st.integers(1, 10**6)).map(tuple),
    st.dictionaries(st.from_regex(r"[0-9a-f]{8}", fullmatch=True), st.integers(0, 10**6)),
)


@given(MARKS)
def test_a_mark_is_read_back_as_it_was_written(mark: Mark) -> None:
    assert read_mark(mark.text) == mark
    assert read_mark(f"  {mark.text}\n") == mark


@pytest.mark.parametrize(
    "description",
    [
        "",
        "balise",
        "balise project x, batch b, annotator a; labels; verified pushes",
        "balise project 1, batch b, annotator a; labels 1 two; verified pushes",
        "balise project 1, batch b, annotator a; labels 1; verified pushes ab=",
        "balise project 1, batch b, annotator a; labels 1; verified pushes ab=3 et un mot",
    ],
)
def test_another_description_is_no_mark(description: str) -> None:
    assert read_mark(description) is None

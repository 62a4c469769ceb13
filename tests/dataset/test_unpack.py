"""Bodies of answers, packed and not, in chunks of any size."""

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.dataset.rehydration.unpack import TooLarge, unpack


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(st.lists(st.binary(max_size=40), max_size=3), st.integers(1, 30))
def test_what_was_packed_comes_back_however_it_is_cut(members: list[bytes], size: int) -> None:
    whole = b"".join(members)
    packed = b"".join(map(gzip.compress, members))
    assert unpack(chunks(packed, size), "gzip", len(whole)) == whole
    assert unpack(chunks(whole, size), "", len(whole)) == whole


@pytest.mark.parametrize("coding", ["", "identity", " X-GZIP "])
def test_one_byte_more_than_there_may_be_is_too_large(coding: str) -> None:
    data = b"a" * 101
    sent = gzip.compress(data) if "GZIP" in coding else data
    assert unpack([sent], coding, 101) == data
    with pytest.raises(TooLarge):
        unpack([sent], coding, 100)


def test_what_unpacks_to_much_takes_little_memory() -> None:
    packed = gzip.compress(b"\0" * 100_000_000)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        unpack([packed], "gzip", 1_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"no", "not packed as it says"),
        (gzip.compress(b"a" * 1000)[:-9], "cut off"),
        (gzip.compress(b"a") + b"no", "not packed as it says"),
    ],
    ids=["not packed", "cut off", "more after it"],
)
def test_what_is_broken_or_cut_off_is_none(sent: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        unpack(chunks(sent, 5), "gzip", 10_000)

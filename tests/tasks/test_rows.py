"""Articles as Doccano reads them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.errors import BaliseError
from balise.labels import load_labels
from balise.records import Span
from balise.tasks.rows import make_row
from balise.text import trim
from conftest import ROOT
from markup import article, markup

SCHEME = load_labels(ROOT / "annotations" / "labels.toml")
CHARACTERS = ("é", "e\u0301", "😀", "👩\u200d🚒", "\r\n", "a", " ", "’", "\u2028")
PIECES = st.lists(st.sampled_from(CHARACTERS))


@given(PIECES, st.lists(st.integers(0, 60), max_size=8))
def test_a_row_gives_back_its_text_and_spans(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces) + "fin"
    edges = sorted({min(cut, len(text)) for cut in cuts})
    pairs = [trim(text, *pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    spans = tuple(Span(start, end, "LOCATION") for start, end in pairs if start < end)
    line = make_row(article("x-1", text), spans, SCHEME)
    assert line.isascii()
    row = json.loads(line)
    # The oracle cuts the text as a browser does, in UTF-16 units.
    units = row["text"].encode("utf-16-le")
    found = [units[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in row["label"]]
    assert row["text"] == text
    assert found == [text[span.start : span.end] for span in spans]


def test_a_row_has_text_label_and_one_meta_object() -> None:
    text, spans = markup("😀 Tirs à [Kharkiv](LOCATION)")
    row = json.loads(make_row(article("x-1", text), spans, SCHEME))
    assert list(row) == ["text", "label", "meta"]
    assert row["label"] == [[10, 17, "LOCATION"]]
    assert row["meta"] == {"article": "x-1", "sha256": article("x-1", text).sha256}


def test_a_text_that_is_not_what_its_hash_says_is_refused() -> None:
    bad = article("x-1", "Tirs à Kharkiv")
    bad = type(bad)(bad.id, "Tirs à Kiev", bad.sha256, 11, bad.normalisation)
    with pytest.raises(BaliseError, match="x-1: the text changed"):
        make_row(bad, (), SCHEME)

"""The oracle is spaCy itself, with the whole text at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.docbin import blank_french
from balise.stores import load_articles
from balise.word_edges import word_edges
from conftest import ROOT

RULES = sorted(blank_french().tokenizer.rules)
WORDS = [
    "l'armée",
    "FARDC.Le",
    "(Mali)",
    "pro-Assad",
    "12,5",
    "«",
    ":",
    "J.-P.",
    "😀",
    "é",
    "https://a.fr",
]
GAPS = ["", " ", "  ", "\n", "\n\n", "\u00a0", "\u202f", "\t", "\x1f"]
LETTERS = sorted({letter for rule in RULES for letter in rule})
PIECES = st.one_of(st.sampled_from(RULES), st.sampled_from(WORDS), st.sampled_from(LETTERS))


def by_spacy(text: str) -> list[tuple[int, int]]:
    doc = blank_french().make_doc(text)
    return [(each.idx, each.idx + len(each)) for each in doc if not each.is_space]


@given(st.lists(st.tuples(PIECES, st.sampled_from(GAPS)), max_size=12))
def test_pieces_are_cut_as_in_the_whole_text(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + gap for piece, gap in parts)
    assert list(word_edges(text)) == by_spacy(text)


@given(st.text())
def test_any_text_is_cut_as_spacy_cuts_it(text: str) -> None:
    assert list(word_edges(text)) == by_spacy(text)


def test_the_corpus_is_cut_as_spacy_cuts_it() -> None:
    texts = [each.text for each in load_articles(ROOT / "corpus").values() if each.text]
    assert len(texts) > 200
    for text in texts:
        assert list(word_edges(text)) == by_spacy(text)


@pytest.mark.parametrize("text", ["( :)N", "> :(C", "’ ’’v"])
def test_what_looks_like_an_exception_across_a_space_hides_one_beside_it(text: str) -> None:
    first, second = text.split()
    alone = [
        *by_spacy(first),
        *(
            (text.index(second) + start, text.index(second) + end)
            for start, end in by_spacy(second)
        ),
    ]
    assert list(word_edges(text)) == by_spacy(text) != alone

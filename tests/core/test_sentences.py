"""Sentences are cut where a reader would, and together they are the text."""

from hypothesis import given
from hypothesis import strategies as st

from balise.near import shared_sentences
from balise.sentences import sentence_ends, split_sentences


def test_sentences_end_at_stops_and_lines_and_not_at_initials() -> None:
    text = "Titre\n\nM. Dupont est à l'O.N.U. depuis lundi. « Il reste ! » Puis rien"
    assert split_sentences(text) == [
        "Titre",
        "M. Dupont est à l'O.N.U. depuis lundi.",
        "« Il reste ! »",
        "Puis rien",
    ]


@given(st.text(alphabet="Aé .!?\n«»", max_size=60))
def test_the_last_end_is_the_text_s_length_and_ends_ascend(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert ends[-1] == len(text)


def test_a_sentence_that_comes_again_in_another_article_is_found() -> None:
    texts = {
        "a": "Le bilan reste provisoire ce soir. Le bilan reste provisoire ce soir.",
        "b": "Le bilan reste provisoire ce soir, dit-on. Tout le reste est nouveau.",
        "c": "Bonjour. Bonjour à tous.",
    }
    found = shared_sentences(texts)
    assert (found.sentences, found.resembling) == (6, 3)
    assert {(pair.left, pair.right) for pair in found.pairs} == {("a", "b")}

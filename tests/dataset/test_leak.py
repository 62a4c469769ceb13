"""What counts as a piece of a text that must stay behind."""

from unicodedata import normalize

import pytest

from balise.dataset.leak import Page, own_words
from markup import article

TEXT = "Les combats ont repris lundi au nord de la ville, selon l’un des habitants évacués."
HIDDEN = article("neuf-x", TEXT, title="Combats au nord")


@pytest.mark.parametrize(
    "string",
    [
        TEXT,
        f"On lit : {TEXT[20:75]} et la suite.",
        TEXT.upper(),
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace(" ", "\n> "),
        TEXT.replace("’", "'"),
        TEXT.replace("combats", "com\u00adbats"),
        normalize("NFD", TEXT)[:82],
        "« Combats\n  au nord », un journal",
        "« Combats au nord », un journal",
    ],
)
def test_forty_eight_characters_of_words_or_a_whole_short_title_are_a_leak(string: str) -> None:
    assert Page(string).quotes(own_words(HIDDEN))


@pytest.mark.parametrize("string", ["", "au nord de la ville", TEXT[:47], "Combats"])
def test_names_and_common_turns_are_none(string: str) -> None:
    assert not Page(string).quotes(own_words(HIDDEN))


def test_a_piece_stands_in_one_string() -> None:
    assert Page("Rien.", TEXT).quotes(own_words(HIDDEN))
    assert not Page(TEXT[:40], TEXT[40:]).quotes(own_words(HIDDEN))


def test_a_title_as_short_as_a_countrys_name_is_none() -> None:
    short = article("neuf-y", "Le texte de cet article est ici.", title="Mali")
    assert not Page("Conflits : Mali, Niger").quotes(own_words(short))

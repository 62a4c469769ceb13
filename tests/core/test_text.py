import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.text import bare_words, normalise, sha256, slug, trim

# The definition of invariant 2, written out a second time.
SPACES = [" ", "\n", "\t", "\r", "\u00a0", "\u202f", "\u200b", "\u2009", "\u3000"]
OPENING = ["«", "“", '"', "(", "["]
CLOSING = ["»", "”", '"', ")", "]", ",", ";", ":", "!", "?", "…"]

TEXTS = st.text(st.sampled_from([*SPACES, *OPENING, *CLOSING, *".abÉ’'-😀\u0301"]), max_size=12)


def trimmed(surface: str) -> str:
    start, end = trim(f"x{surface}x", 1, 1 + len(surface))
    return f"x{surface}x"[start:end]


@pytest.mark.parametrize("character", SPACES + OPENING)
def test_white_space_and_opening_marks_go_at_the_start(character: str) -> None:
    assert trimmed(f"{character}Gao") == "Gao"


@pytest.mark.parametrize("character", SPACES + CLOSING)
def test_white_space_and_closing_marks_go_at_the_end(character: str) -> None:
    assert trimmed(f"Gao{character}") == "Gao"


@pytest.mark.parametrize("character", [")", "]", "»", "”", ",", ".", "’", "-", "–", "/", "%", "…"])
def test_everything_else_stays_at_the_start(character: str) -> None:
    assert trimmed(f"{character}Gao") == f"{character}Gao"


@pytest.mark.parametrize("character", ["(", "[", "«", "“", "’", "'", "-", "–", "/", "%", "°"])
def test_everything_else_stays_at_the_end(character: str) -> None:
    assert trimmed(f"Gao{character}") == f"Gao{character}"


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Gao.", "Gao"),
        ("O.N.U.", "O.N.U."),
        ("70.000.", "70.000."),
        ("Gao. »", "Gao"),
        ("« O.N.U. », ", "O.N.U."),
        ("(« Etat islamique »)", "Etat islamique"),
        ("Gao (Mali)", "Gao (Mali"),
        (" \u00a0« », …", ""),
        (".", ""),
    ],
)
def test_edges_are_stripped_until_nothing_more_goes(surface: str, expected: str) -> None:
    assert trimmed(surface) == expected


@given(TEXTS)
def test_trimming_twice_is_trimming_once(surface: str) -> None:
    assert trimmed(trimmed(surface)) == trimmed(surface)


@given(TEXTS)
def test_only_what_the_definition_names_is_stripped(surface: str) -> None:
    start, end = trim(surface, 0, len(surface))
    assert set(surface[:start]) <= {*SPACES, *OPENING}
    assert set(surface[end:]) <= {*SPACES, *CLOSING, "."}
    # A full stop was the only one of what was left when it went.
    assert surface[end:].count(".") <= 1
    if "." in surface[end:]:
        assert "." not in surface[start:end]


@given(TEXTS)
def test_nothing_that_the_definition_names_is_left(surface: str) -> None:
    rest = trimmed(surface)
    if rest:
        assert rest[0] not in {*SPACES, *OPENING}
        assert rest[-1] not in {*SPACES, *CLOSING}
        assert not (rest.endswith(".") and rest.count(".") == 1)


@given(st.text(max_size=40))
def test_a_normalised_text_is_nfc_with_line_feeds_and_stays_so(text: str) -> None:
    normal = normalise(text)
    assert "\r" not in normal
    assert unicodedata.is_normalized("NFC", normal)
    assert normalise(normal) == normal


def test_normalising_changes_nothing_else() -> None:
    text = "« Été »\u202f:\u00a0l’œuvre…\u200b\t \n\nﬁn  😀"
    assert normalise(text) == text
    assert normalise("E\u0301te\r\nun\rdeux") == "Éte\nun\ndeux"


def test_the_hash_is_over_utf8() -> None:
    assert sha256("été") == hashlib.sha256(b"\xc3\xa9t\xc3\xa9").hexdigest()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("L’État-major à Kiev : trois morts, dit-on", "l-etat-major-a-kiev-trois"),
        ("Ça y est !", "ca-y-est"),
        ("😀", "sans-titre"),
        ("Le cœur de l’armée", "le-coeur-de-l-armee"),
    ],
)
def test_a_title_becomes_a_slug_of_its_first_words(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        (" « ! » ", ""),
        ("L’O.N.U. à Gao", "l o n u à gao"),
        ("- un\n- deux", "un deux"),
        ("Un\u00a0_mot_\u202f!", "un mot"),
        ("ÉTÉ", "été"),
        ("œuvre du 3e", "œuvre du 3e"),
        ("gouver\u00adnement", "gouvernement"),
    ],
)
def test_bare_words_are_letters_and_digits(text: str, words: str) -> None:
    assert bare_words(text) == words


@given(st.text(max_size=30))
def test_bare_words_do_not_tell_apart_what_unicode_does_not(text: str) -> None:
    words = bare_words(text)
    assert bare_words(words) == words
    assert bare_words(unicodedata.normalize("NFD", text)) == words

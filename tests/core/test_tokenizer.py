import re

import pytest
import spacy
from spacy.lang.fr.tokenizer_exceptions import TOKEN_MATCH, _hyphen_prefix
from spacy.language import Language

from balise import tokenizer
from balise.stores import load_articles
from conftest import ROOT

CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "balise.FrenchTokenizer.v2"}}}

CUTS = [
    "pro|-|Assad",
    "anti|-|EI",
    "ex|-|Seleka",
    "post|-|Barkhane",
    "anti|-|al|-|Qaïda",
    "pro|-|M23",
    "Pro|-|Assad",
    "FARDC|.|Le",
    "M23|.|L'|armée",
    "Bamako|(|Mali|)",
    "JeM|.",
    "EI|-|K|.",
    "T-90|M|.",
    "MiG-29|K|.",
    "T-72B|.",
    "sept|.",
]
KEPT = [
    "O.N.U.",
    "J.-P.",
    "pro-russe",
    "Pro-russe",
    "F-16",
    "aujourd'hui",
    "Aujourd'hui",
    "porte-avions",
    "Porte-avions",
    "Saint-Denis",
    "SAINT-DENIS",
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("fr", config=CONFIG)


@pytest.fixture(scope="module")
def reloaded(nlp: Language) -> Language:
    """Return a pipeline whose tokenizer went through bytes, as in a saved model."""
    other = spacy.blank("fr", config=CONFIG)
    other.tokenizer.from_bytes(nlp.tokenizer.to_bytes())
    return other


@pytest.mark.parametrize("pipeline", ["nlp", "reloaded"])
@pytest.mark.parametrize("expected", CUTS + KEPT)
def test_names_are_cut_out_and_words_stay_whole(
    expected: str, pipeline: str, request: pytest.FixtureRequest
) -> None:
    text = expected.replace("|", "")
    tokenizer = request.getfixturevalue(pipeline)
    assert [token.text for token in tokenizer.make_doc(f"a {text} b")][1:-1] == expected.split("|")


@pytest.mark.parametrize("hyphen", ["-", "‐", "‑", "–"])
def test_every_hyphen_cuts_a_prefixed_name(nlp: Language, hyphen: str) -> None:
    assert [token.text for token in nlp.make_doc(f"anti{hyphen}EI")] == ["anti", hyphen, "EI"]


def test_a_tokenised_text_is_the_text(nlp: Language) -> None:
    text = "« Les pro-Assad »\u202f: 3 000 ex-Seleka.Le 😀 F-16…\n\nFin."
    assert nlp.make_doc(text).text == text


def test_the_factored_pattern_matches_the_words_that_spacy_s_does() -> None:
    base = TOKEN_MATCH.__self__
    flags = "(?iu)"
    factored = re.compile(flags + tokenizer._factor(base.pattern.removeprefix(flags)))
    texts = [article.text for article in load_articles(ROOT / "corpus").values() if article.text]
    words = {word.strip(".,;:!?()«»") for text in texts for word in text.split()}
    for prefix in _hyphen_prefix:
        head = re.sub(r"\[(.)[^]]*\]|\?", r"\1", prefix)
        words |= {f"{head}{hyphen}{end}" for hyphen in "-‐–" for end in ("russe", "Assad", "", "9")}
    for middle in ("le", "lès", "la", "des", "du", "sur", "aux", "à", "près", "saint", "par"):
        words |= {f"arc-{middle}-ciel", f"arc-{middle}-l'air", f"arc-{middle}"}
    words |= {"rick-roll", "yo-yo", "prud'homme", "entr'ouvert", "grand'mère", "États-Unis"}
    matched = {word for word in words if base.match(word)}
    assert {word for word in words if factored.match(word)} == matched
    assert min(len(matched), len(words - matched)) > 400
    assert tokenizer._factor(r"https?://\S+") == r"https?://\S+"

import pytest
import spacy
from spacy.language import Language

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

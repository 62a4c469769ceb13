"""Recognisers of one pipeline vote, each without knowing what the others found."""

from itertools import pairwise

import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from balise.align import TokenSpan
from balise.vote import SET_ASIDE, VOTE, agreed
from readings import token_spans


def make_pipeline(*readings: dict[str, str]) -> Language:
    """Make a pipeline of one ruler a reading (surface → label), which vote."""
    nlp = spacy.blank("fr")
    keys = [f"group {number}" for number in range(len(readings) - 1)]
    for number, labels in enumerate(readings):
        ruler = nlp.add_pipe("entity_ruler", f"ruler {number}")
        ruler.add_patterns([{"label": label, "pattern": text} for text, label in labels.items()])
        if number < len(keys):
            nlp.add_pipe(SET_ASIDE, f"aside {number}", config={"key": keys[number]})
    nlp.add_pipe(VOTE, config={"keys": keys})
    return nlp


def test_an_entity_is_what_more_than_half_find() -> None:
    nlp = make_pipeline(
        {"Gao": "LOCATION", "Barkhane": "MILITARY"},
        {"Gao": "LOCATION", "Barkhane": "EVENT"},
        {"Gao": "ORGANIZATION", "Kidal": "LOCATION"},
    )
    doc = nlp("Barkhane quitte Gao pour Kidal")
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("Gao", "LOCATION")]
    assert not doc.spans


def test_each_finds_a_document_without_entities() -> None:
    wider = {"Gao et Kidal": "LOCATION"}
    nlp = make_pipeline(wider, {"Gao": "LOCATION"}, {"Gao": "LOCATION"})
    # Where the first one's span stood, the others could not find a shorter one.
    assert [entity.text for entity in nlp("Gao et Kidal").ents] == ["Gao"]


def test_a_text_without_entities_and_an_empty_one_stay_without() -> None:
    nlp = make_pipeline(*[{word: "LOCATION"} for word in ("Gao", "Alep", "Goma")])
    assert [doc.ents for doc in nlp.pipe(["À Gao.", ""])] == [(), ()]


@given(st.lists(token_spans(), min_size=1, max_size=5))
def test_agreed_spans_never_overlap_and_are_those_of_a_majority(
    readings: list[list[TokenSpan]],
) -> None:
    kept = sorted(agreed(readings))
    assert all(left.end <= right.start for left, right in pairwise(kept))
    for span in {span for reading in readings for span in reading}:
        votes = sum(span in reading for reading in readings)
        assert (span in kept) == (votes > len(readings) / 2)

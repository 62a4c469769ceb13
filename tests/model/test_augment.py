"""Variants of training examples keep their labels, and their words where they should."""

import random
from pathlib import Path

import pytest
from spacy.tokens import DocBin
from spacy.training import Example

from balise.docbin import make_doc, new_french
from balise.errors import BaliseError
from balise.ledger import Ledger
from balise.model.augment import Augmenter, create_noise, create_replace_mentions
from markup import markup

NLP = new_french()
MARKED = (
    "Le chef de l'[Armée](MILITARY) a « fui » à [Deir ez-Zor](LOCATION), près d'[Alep](LOCATION).",
    "À [Gao](LOCATION), près d'[Idlib](LOCATION), [Goïta](PERSON) parle de l'[Otan](MILITARY).",
)


def example(marked: str) -> Example:
    text, spans = markup(marked)
    reference = make_doc(NLP, "a", text, spans, Ledger())
    return Example(NLP.make_doc(text), reference)


def variants(augment: Augmenter, marked: str, times: int = 60) -> list[Example]:
    random.seed(0)
    return [variant for _ in range(times) for variant in augment(NLP, example(marked))]


def spans(variant: Example) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in variant.reference.ents]


def test_noise_respells_the_words_and_keeps_the_labels() -> None:
    made = variants(create_noise(1.0), MARKED[0])
    texts = {variant.reference.text for variant in made}
    plain = markup(MARKED[0])[0]
    assert texts == {
        plain.upper(),
        plain.lower(),
        "Le chef de l'Armee a « fui » a Deir ez-Zor, pres d'Alep.",
        plain.replace("'", "’"),
        plain.replace("«", '"').replace("»", '"'),
    }
    for variant in made:
        assert [label for _, label in spans(variant)] == ["MILITARY", "LOCATION", "LOCATION"]
        assert variant.predicted.text == variant.reference.text


def test_a_level_is_the_share_of_the_examples_that_are_varied() -> None:
    plain = markup(MARKED[1])[0]
    made = variants(create_noise(0.25), MARKED[1], 400)
    assert len(made) == 400
    changed = sum(variant.reference.text != plain for variant in made) / 400
    # « quotes » changes nothing in this sentence: four fifths of a quarter.
    assert changed == pytest.approx(0.2, abs=0.06)
    assert {variant.reference.text for variant in variants(create_noise(0.0), MARKED[1])} == {plain}


@pytest.fixture
def path(tmp_path: Path) -> str:
    docs = [example(marked).reference for marked in MARKED]
    DocBin(docs=docs).to_disk(tmp_path / "train.spacy")
    return str(tmp_path / "train.spacy")


def test_a_mention_is_replaced_by_one_of_its_label_behind_the_same_word(path: str) -> None:
    made = {
        variant.reference.text
        for variant in variants(create_replace_mentions(0.5, path), MARKED[0], 300)
    }
    chiefs, places = ("l'Armée", "l'Otan"), ("Deir ez-Zor", "Gao")
    # Behind « à » there are Deir ez-Zor and (« À ») Gao, behind « d' » Alep and Idlib.
    assert made == {
        f"Le chef de {chief} a « fui » à {place}, près d'{town}."
        for chief in chiefs
        for place in places
        for town in ("Alep", "Idlib")
    }


def test_a_replaced_mention_has_the_label_and_the_words_of_the_other(path: str) -> None:
    for variant in variants(create_replace_mentions(1.0, path), MARKED[1]):
        assert [label for _, label in spans(variant)] == [
            "LOCATION",
            "LOCATION",
            "PERSON",
            "MILITARY",
        ]
        assert spans(variant)[0][0] in ("Gao", "Deir ez-Zor")
        assert spans(variant)[2][0] == "Goïta"  # no other person follows a comma


def test_without_examples_to_draw_from_nothing_is_replaced() -> None:
    plain = markup(MARKED[0])[0]
    made = variants(create_replace_mentions(1.0, None), MARKED[0], 5)
    assert {variant.reference.text for variant in made} == {plain}


def test_a_seed_decides(path: str) -> None:
    first, second = (variants(create_replace_mentions(0.5, path), MARKED[1]) for _ in range(2))
    assert [v.reference.text for v in first] == [v.reference.text for v in second]


def test_noise_keeps_groups_of_spans_and_mentions_that_may_overlap_are_not_replaced() -> None:
    text, spans = markup("l’[aéroport de [Gao](LOCATION)](FACILITY)")
    reference = make_doc(NLP, "a", text, spans, Ledger(), "sc")
    given = Example(NLP.make_doc(text), reference)
    for _ in range(8):
        (varied,) = create_noise(1.0)(NLP, given)
        assert [(one.start, one.end, one.label_) for one in varied.reference.spans["sc"]] == [
            (one.start, one.end, one.label_) for one in reference.spans["sc"]
        ]
    with pytest.raises(BaliseError, match=r"that may overlap \(groups sc\)"):
        list(create_replace_mentions(1.0, None)(NLP, given))

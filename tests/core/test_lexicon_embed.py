"""The lexicon's layer: which tokens it marks, how it starts, learns and travels."""

from typing import Any

import numpy as np
import pytest
from spacy.ml.models.tok2vec import MultiHashEmbed
from thinc.api import Adam, Model

from balise.docbin import new_french
from balise.lexicon_embed import PLACES, build_lexicon_embed, fill_names

NLP = new_french()
LABELS = ["ARMED_GROUP", "WEAPON"]
EXACT = {"ARMED_GROUP": [["EI"], ["État", "islamique"]]}
LOWER = {"WEAPON": [["missile"], ["missile", "de", "croisière"]], "ARMED_GROUP": [["talibans"]]}


def make(width: int = 8) -> Model[Any, Any]:
    embed = MultiHashEmbed(width, ["NORM"], [50], include_static_vectors=False)
    model = build_lexicon_embed(embed, width, LABELS)
    model.initialize([NLP.make_doc("un mot")])
    return model


def places(model: Model[Any, Any], text: str) -> list[int]:
    """Read the places of a text's tokens off the layer: each place gets its number as vector."""
    table = next(layer for layer in model.walk() if layer.name == PLACES)
    before = model.predict([NLP.make_doc(text)])[0]
    table.set_param("E", np.arange(5, dtype="f")[:, None].repeat(8, axis=1))
    after = model.predict([NLP.make_doc(text)])[0]
    return [round(float(row[0])) for row in after - before]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 1 and 2: first and further of an ARMED_GROUP; 3 and 4: of a WEAPON.
        ("Les Talibans ont un Missile de croisière", [0, 1, 0, 0, 3, 4, 4]),
        ("un missile de plus", [0, 3, 0, 0]),
        ("l'EI, ei", [0, 1, 0, 0]),
        ("l'État islamique", [0, 1, 2]),
        ("état islamique", [0, 0]),
        ("", []),
    ],
)
def test_a_name_marks_its_tokens_the_longest_first(text: str, expected: list[int]) -> None:
    model = make()
    fill_names(model, EXACT, LOWER)
    assert places(model, text) == expected


def test_it_starts_as_the_embedding_alone() -> None:
    model = make()
    docs = [NLP.make_doc("Les talibans."), NLP.make_doc("")]
    plain = model.layers[0].predict(docs)
    fill_names(model, EXACT, LOWER)
    for one, other in zip(model.predict(docs), plain, strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_learns_what_a_place_is_worth_and_the_embedding_learns_as_before() -> None:
    model, docs = make(), [NLP.make_doc("Les talibans."), NLP.make_doc("un missile")]
    fill_names(model, EXACT, LOWER)
    _, backprop = model.begin_update(docs)
    gradients = [np.ones((len(doc), 8), dtype="f") for doc in docs]
    backprop(gradients)
    table = next(layer for layer in model.walk() if layer.name == PLACES)
    # Place 0 stands three times (Les, « . », un), 1 and 3 once.
    np.testing.assert_array_equal(table.get_grad("E")[:, 0], [3, 1, 0, 1, 0])
    model.finish_update(Adam(0.1))
    assert (table.get_param("E")[[0, 1, 3]] < 0).all()
    assert (table.get_param("E")[[2, 4]] == 0).all()


def test_the_names_travel_with_the_weights() -> None:
    model = make()
    fill_names(model, EXACT, LOWER)
    other = make()
    other.from_bytes(model.to_bytes())
    assert places(other, "l'EI et un missile") == [0, 1, 0, 0, 3]
    assert places(model.copy(), "l'EI") == [0, 1]


def test_new_names_take_the_place_of_old_ones() -> None:
    model = make()
    fill_names(model, EXACT, LOWER)
    model.predict([NLP.make_doc("EI")])
    fill_names(model, {}, {"WEAPON": [["mot"]]})
    assert places(model, "EI mot") == [0, 3]


def test_unknown_labels_and_models_without_the_layer_are_refused() -> None:
    with pytest.raises(ValueError, match="has no label LIEU"):
        fill_names(make(), {"LIEU": [["Gao"]]}, {})
    with pytest.raises(ValueError, match=r"has no layer balise\.LexiconEmbed\.v1"):
        fill_names(make().layers[0], EXACT, LOWER)

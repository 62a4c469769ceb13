"""Each distinct word is embedded once: the same vectors as one by one, learnt as before."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.ml.models.tok2vec import MultiHashEmbed
from spacy.tokens import Doc
from thinc.api import Model

from balise.distinct_words import build_distinct_words
from balise.docbin import new_french

NLP = new_french()
WORDS = ["Gao", "gao", "GAO", "c'est-à-dire", "l'", "Bamako", "Tirs", "à", "l'an", "M.", "2016"]


def embed() -> Model[Any, Any]:
    return MultiHashEmbed(
        8, ["NORM", "PREFIX", "SUFFIX", "SHAPE"], [50] * 4, include_static_vectors=False
    )


def make() -> tuple[Model[Any, Any], Model[Any, Any]]:
    plain = embed()
    plain.initialize([NLP.make_doc("un mot")])
    return plain, build_distinct_words(plain)


PLAIN, DISTINCT = make()


@given(st.lists(st.lists(st.sampled_from(WORDS))))
def test_every_token_gets_the_vector_it_had(texts: list[list[str]]) -> None:
    docs = [NLP.make_doc(" ".join(words)) for words in texts]
    found = DISTINCT.predict(docs)
    assert [each.shape for each in found] == [(len(doc), 8) for doc in docs]
    for one, other in zip(found, PLAIN.predict(docs), strict=True):
        # The order of the additions of a product depends on its shape.
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_norm_of_its_own_makes_another_word() -> None:
    docs = [Doc(NLP.vocab, words=["Gao", "Gao"]), Doc(NLP.vocab, words=["gao"])]
    docs[0][1].norm_ = "ville"
    first, second = DISTINCT.predict(docs)[0]
    assert not np.allclose(first, second)
    np.testing.assert_allclose(PLAIN.predict(docs)[0][1], second, rtol=1e-5, atol=1e-6)


def test_repeated_words_are_computed_once() -> None:
    seen: list[int] = []

    def forward(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Any, Any]:
        seen.extend(len(doc) for doc in docs)
        return [np.zeros((len(doc), 8), dtype="f") for doc in docs], None

    counting = build_distinct_words(Model("count", forward))
    counting.predict([NLP.make_doc("Gao Gao Gao"), NLP.make_doc("Gao Tirs")])
    assert seen == [2]


def test_it_learns_as_before() -> None:
    plain, distinct = make()
    docs = [NLP.make_doc("Gao et Gao"), NLP.make_doc("")]
    gradients = [np.ones((len(doc), 8), dtype="f") for doc in docs]
    tables = [layer for layer in plain.walk() if layer.has_param("E")]
    assert len(tables) == 4
    for model in (distinct, plain):
        _, backprop = model.begin_update(docs)
        backprop(gradients)
    twice = [table.get_grad("E").copy() for table in tables]
    _, backprop = plain.begin_update(docs)
    backprop(gradients)
    for table, before in zip(tables, twice, strict=True):
        np.testing.assert_allclose(table.get_grad("E"), before * 1.5, rtol=1e-5)


def test_a_pass_without_training_teaches_nothing() -> None:
    docs = [NLP.make_doc("Gao")]
    _, backprop = DISTINCT(docs, is_train=False)
    with pytest.raises(ValueError, match="is_train=True"):
        backprop([np.ones((1, 8), dtype="f")])


@pytest.mark.parametrize("profile", ["fast", "accurate", "spancat"])
def test_the_profiles_wrap_a_layer_that_reads_text_and_norm_alone(profile: str) -> None:
    folder = Path(__file__).parents[2] / "scripts" / "balise" / "model" / "configs"
    config = (folder / f"{profile}.cfg").read_text(encoding="utf-8")
    [inner] = re.findall(r'DistinctWords\.v1"\n\n\[.*\.embed\]\n((?:\S.*\n)+)', config)
    assert 'architectures = "spacy.MultiHashEmbed.v2"' in inner
    assert 'attrs = ["NORM", "PREFIX", "SUFFIX", "SHAPE"]' in inner

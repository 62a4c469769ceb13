"""A layer's products are numpy's where it reads and thinc's where it learns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from thinc.api import Model, NumpyOps, fix_random_seed

from balise.numpy_blas import build_numpy_blas

WORDS = [np.random.default_rng(0).normal(size=(words, 8)).astype("f") for words in (50, 3)]


def encoder() -> Model[Any, Any]:
    fix_random_seed(0)
    layer = MaxoutWindowEncoder(width=8, window_size=1, maxout_pieces=3, depth=2)
    layer.initialize(WORDS)
    return layer


def test_it_reads_as_the_layer_does_and_bears_its_width() -> None:
    layer = encoder()
    expected = layer.predict(WORDS)
    wrapped = build_numpy_blas(layer)
    for one, other in zip(wrapped.predict(WORDS), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    assert wrapped.get_dim("nO") == 8


def test_it_learns_to_the_bit_as_the_layer_does_whatever_was_read_before() -> None:
    plain, wrapped = encoder(), build_numpy_blas(encoder())
    wrapped.predict(WORDS)
    grads = []
    for model in (plain, wrapped):
        output, backprop = model.begin_update(WORDS)
        backprop([np.ones_like(each) for each in WORDS])
        inner = [layer for layer in model.walk() if layer.has_param("W")]
        grads.append([*output, *(layer.get_grad("W") for layer in inner)])
    assert len(grads[0]) == 4
    for one, other in zip(*grads, strict=True):
        np.testing.assert_array_equal(one, other)


def test_numpy_multiplies_where_it_reads_and_only_there() -> None:
    wrapped = build_numpy_blas(encoder())
    for is_train, expected in ((False, False), (True, True), (False, False)):
        wrapped(WORDS, is_train)
        assert {each.ops.use_blis for each in wrapped.layers[0].walk()} == {expected}


def test_another_library_of_a_layer_is_left_alone() -> None:
    class Ops(NumpyOps):
        """What thinc takes on another processor."""

    layer, ops = encoder(), Ops()
    for each in layer.walk():
        each.ops = ops
    build_numpy_blas(layer).predict(WORDS)
    assert {each.ops for each in layer.walk()} == {ops}


@pytest.mark.parametrize("profile", ["fast", "accurate", "spancat"])
def test_the_profiles_read_with_it(profile: str) -> None:
    folder = Path(__file__).parents[2] / "scripts" / "balise" / "model" / "configs"
    config = (folder / f"{profile}.cfg").read_text(encoding="utf-8")
    assert 'tok2vec.encode]\n@architectures = "balise.NumpyBlas.v1"' in config

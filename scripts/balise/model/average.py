"""The weights of several trainings become their mean: one pipeline, as fast as each.

Wortsman et al. (2022), « Model soups: averaging weights of multiple fine-tuned models improves
accuracy without increasing inference time », average trainings that started from the same weights.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balise.errors import BaliseError
from balise.model.predict import load_pipeline

if TYPE_CHECKING:
    from spacy.language import Language
    from thinc.api import Model


def average(paths: Sequence[Path]) -> "Language":
    """Average the weights of pipelines that have the same components, layers and labels.

    Raises:
        BaliseError: a pipeline cannot be loaded, or differs from the first in more than weights.
    """
    import numpy as np

    first, *others = [load_pipeline(str(path)) for path in paths]
    layers = {path: _layers(nlp) for path, nlp in zip(paths, (first, *others), strict=True)}
    for path, nlp in zip(paths[1:], others, strict=True):
        if _shape(nlp) != _shape(first):
            raise BaliseError(
                path,
                f"has other components, layers or labels than {paths[0]}",
                "average trainings of one config on the same gold, with different seeds",
            )
    for same in zip(*layers.values(), strict=True):
        for name in same[0].param_names:
            # Adding up in double precision makes the mean the same in any order.
            weights = np.stack([layer.get_param(name) for layer in same]).astype(np.float64)
            same[0].set_param(name, weights.mean(axis=0).astype(np.float32))
    return first


def _layers(nlp: "Language") -> "list[Model]":
    return [
        layer
        for _, pipe in nlp.pipeline
        if hasattr(pipe, "model")
        for layer in pipe.model.walk()
        if layer.param_names
    ]


def _shape(nlp: "Language") -> tuple[object, ...]:
    weights = [
        (layer.name, name, layer.get_param(name).shape)
        for layer in _layers(nlp)
        for name in layer.param_names
    ]
    labels = [nlp.pipe_labels.get(name) for name in nlp.pipe_names]
    return (*nlp.pipe_names, *weights, *map(str, labels))

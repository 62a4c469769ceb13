"""The weights of a recogniser, for the tests that compare pipelines."""

import numpy as np
from spacy.language import Language


def weights(
    nlp: Language, name: str = "ner"
) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """List a recogniser's weights, layer by layer."""
    layers = [layer for layer in nlp.get_pipe(name).model.walk() if layer.param_names]
    return [layer.get_param(param) for layer in layers for param in layer.param_names]

"""An embedding is computed once for each distinct word of a batch, and given to all its tokens.

In a batch of news three tokens in four repeat another one. This file imports spaCy and thinc
alone: `balise model package` ships it inside the model's wheel.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model
from thinc.types import Floats2d

Docs = Sequence[Doc]
Vectors = list[Floats2d]


@registry.architectures("balise.DistinctWords.v1")  # type: ignore[untyped-decorator]
def build_distinct_words(embed: Model[Any, Any]) -> Model[Any, Any]:
    """Compute `embed`, which reads a token's text and norm alone, once for each that differ.

    So do `spacy.MultiHashEmbed.v2` with the attributes NORM, PREFIX, SUFFIX and SHAPE, and static
    vectors: such a layer gives one word the same vector wherever it stands. In training every
    token is computed, as dropout differs from token to token.
    """
    return Model("balise_distinct_words", _forward, init=_init, layers=[embed])


def _forward(
    model: Model[Any, Any], docs: Docs, is_train: bool
) -> tuple[Vectors, Callable[[Vectors], Docs]]:
    embed = model.layers[0]
    if is_train or not any(len(doc) for doc in docs):
        vectors, backprop = embed(docs, is_train)
        return vectors, backprop
    words, rows = _distinct(docs)
    each, _ = embed([words], is_train)
    table, found, start = each[0], [], 0
    for doc in docs:
        found.append(table[model.ops.asarray(rows[start : start + len(doc)])])
        start += len(doc)

    def refuse(_: Vectors) -> Docs:
        raise ValueError("balise.DistinctWords.v1 learns only from a pass with is_train=True")

    return found, refuse


# thinc names the arguments when it calls this.
def _init(
    model: Model[Any, Any],
    X: Docs | None = None,  # noqa: N803
    Y: Vectors | None = None,  # noqa: N803
) -> None:
    model.layers[0].initialize(X, Y)


def _distinct(docs: Docs) -> tuple[Doc, NDArray[numpy.intp]]:
    """Make a document of the distinct words, and say which of them each token is."""
    tokens = numpy.concatenate([doc.to_array([ORTH, NORM]) for doc in docs])
    # One number for both, as rows are much slower to sort; equal by chance once in 2^64 pairs.
    mixed = tokens[:, 0] ^ (tokens[:, 1] * numpy.uint64(0x9E3779B97F4A7C15))
    _, first, rows = numpy.unique(mixed, return_index=True, return_inverse=True)
    vocab = docs[0].vocab
    kept = tokens[first]
    words = Doc(vocab, words=[vocab.strings[int(orth)] for orth in kept[:, 0]])
    # A token's norm may be its own: the tokenizer's exceptions set it.
    words.from_array([NORM], kept[:, 1].reshape(-1, 1))
    return words, rows

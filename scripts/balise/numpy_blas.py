"""A layer reads with numpy's matrix products, and learns with thinc's.

thinc multiplies matrices with BLIS, which knows no kernel for many a processor and is then three
times as slow as the OpenBLAS inside numpy. OpenBLAS uses every core, and its last bits depend on
how many there are, so that training keeps to BLIS: the same seed gives the same weights. This file
imports thinc and spaCy alone: `balise model package` ships it inside the model's wheel.
"""

from collections.abc import Callable
from typing import Any

from spacy.util import registry
from thinc.api import Model, NumpyOps
from thinc.types import Floats2d

Vectors = list[Floats2d]

_READS = NumpyOps(use_blis=False)
_LEARNS = NumpyOps()


@registry.architectures("balise.NumpyBlas.v1")  # type: ignore[untyped-decorator]
def build_numpy_blas(layer: Model[Any, Any]) -> Model[Any, Any]:
    """Wrap `layer`: outside training its products, and its layers', are numpy's.

    On a GPU, and where thinc has a library of its own for the processor, it changes nothing.
    """
    return Model(
        "balise_numpy_blas",
        _forward,
        init=_init,
        layers=[layer],
        dims={name: layer.maybe_get_dim(name) for name in layer.dim_names},
    )


def _forward(
    model: Model[Any, Any], words: Vectors, is_train: bool
) -> tuple[Vectors, Callable[[Vectors], Vectors]]:
    layer = model.layers[0]
    for each in layer.walk():
        if type(each.ops) is NumpyOps:
            each.ops = _LEARNS if is_train else _READS
    output, backprop = layer(words, is_train)
    return output, backprop


# thinc names the arguments when it calls this.
def _init(
    model: Model[Any, Any],
    X: Vectors | None = None,  # noqa: N803
    Y: Vectors | None = None,  # noqa: N803
) -> None:
    model.layers[0].initialize(X, Y)

"""Training starts from another pipeline's token vectors instead of random ones."""

from collections.abc import Callable

from spacy.language import Language
from spacy.util import load_model, registry


@registry.callbacks("balise.copy_tok2vec.v1")  # type: ignore[untyped-decorator]
def create_copy_tok2vec(source: str, component: str) -> Callable[[Language], None]:
    """Make the callback that copies the tok2vec weights of `source`'s component into ours.

    Both components bear the name `component` and their tok2vec layers the same shape; spaCy's
    own `source =` would bring the other pipeline's labels along.

    Raises:
        ValueError: the layers differ in shape.
    """

    def copy(nlp: Language) -> None:
        other = load_model(source, enable=[component])
        layers = nlp.get_pipe(component).model.get_ref("tok2vec").walk()
        others = other.get_pipe(component).model.get_ref("tok2vec").walk()
        for layer, model in zip(layers, others, strict=True):
            for name in model.param_names:
                if layer.get_param(name).shape != model.get_param(name).shape:
                    raise ValueError(f"{source}: {model.name}.{name} has another shape")
                layer.set_param(name, model.get_param(name).copy())

    return copy

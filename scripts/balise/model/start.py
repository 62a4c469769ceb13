"""Training starts from another pipeline's recogniser instead of random weights."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.util import load_model, registry

from balise.lexicon import any_case, load_lexicon
from balise.lexicon_embed import PLACES, fill_names

if TYPE_CHECKING:
    from spacy.pipeline import EntityRecognizer
    from thinc.api import Model


@registry.callbacks("balise.copy_tok2vec.v1")  # type: ignore[untyped-decorator]
def create_copy_tok2vec(
    source: str, component: str, target: str | None = None
) -> Callable[[Language], None]:
    """Make the callback that copies the tok2vec weights of `source`'s component into ours.

    Both components bear the name `component` and their tok2vec layers the same shape; spaCy's
    own `source =` would bring the other pipeline's labels along. With `target`, the name of a
    span categorizer of ours, `component` is a recogniser, whose tok2vec ends in a layer of its
    own: that one is left behind.

    Raises:
        ValueError: the layers differ in shape.
    """

    def copy(nlp: Language) -> None:
        ours, theirs = nlp.get_pipe(target or component), load_model(source, enable=[component])
        tok2vec = theirs.get_pipe(component).model.get_ref("tok2vec")
        _copy_weights(
            source, tok2vec.layers[0] if target else tok2vec, ours.model.get_ref("tok2vec")
        )

    return copy


@registry.callbacks("balise.copy_ner.v1")  # type: ignore[untyped-decorator]
def create_copy_ner(
    source: str, components: list[str], labels: dict[str, str]
) -> Callable[[Language], None]:
    """Make the callback that copies a whole recogniser: tok2vec, hidden layer and actions.

    It is `source`'s component `ner`, and becomes the start of each of ours. `labels` maps labels
    of ours to the label of `source` whose actions theirs start from: B-PERSON scores at first as
    B-PER does. The actions of labels that it does not name start at random.

    Raises:
        ValueError: the layers differ in shape, or a label is not one of `source`'s.
    """

    def copy(nlp: Language) -> None:
        theirs: EntityRecognizer = load_model(source, enable=["ner"]).get_pipe("ner")
        for component in components:
            ours: EntityRecognizer = nlp.get_pipe(component)
            for layer in ("tok2vec", "lower"):
                _copy_weights(source, *(pipe.model.get_ref(layer) for pipe in (theirs, ours)))
            _copy_actions(source, theirs, ours, labels)

    return copy


@registry.callbacks("balise.fill_lexicon.v1")  # type: ignore[untyped-decorator]
def create_fill_lexicon(path: str | None, components: list[str]) -> Callable[[Language], None]:
    """Make the callback that fills components' `balise.LexiconEmbed.v1` from the lexicon.

    Without a path the layer knows no name, and stays without effect.

    Raises:
        BaliseError: the lexicon is missing or broken.
        ValueError: the component's model has no such layer.
    """

    def fill(nlp: Language) -> None:
        if path is None:
            return
        exact: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        lower: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for entry in load_lexicon(Path(path)).entries:
            for form, label in entry.forms():
                words = tuple(token.text for token in nlp.make_doc(form))
                if any_case(form):
                    lower[label].add(tuple(word.lower() for word in words))
                else:
                    exact[label].add(words)
        for component in components:
            fill_names(nlp.get_pipe(component).model, _listed(exact), _listed(lower))

    return fill


def _listed(names: Mapping[str, set[tuple[str, ...]]]) -> dict[str, list[tuple[str, ...]]]:
    return {label: sorted(each) for label, each in names.items()}


def _copy_weights(source: str, theirs: "Model", ours: "Model") -> None:
    layers, others = (
        [each for each in model.walk(order="dfs_pre") if each.param_names and each.name != PLACES]
        for model in (ours, theirs)
    )
    for mine, other in zip(layers, others, strict=True):
        for name in other.param_names:
            if mine.get_param(name).shape != other.get_param(name).shape:
                raise ValueError(f"{source}: {other.name}.{name} has another shape")
            mine.set_param(name, other.get_param(name).copy())


def _copy_actions(
    source: str, theirs: "EntityRecognizer", ours: "EntityRecognizer", labels: Mapping[str, str]
) -> None:
    foreign = sorted(set(labels.values()) - set(theirs.labels))
    if foreign:
        raise ValueError(f"{source}: has no label {', '.join(foreign)}")
    rows = {name: row for row, name in enumerate(_actions(theirs))}
    upper, other = ours.model.get_ref("upper"), theirs.model.get_ref("upper")
    weights, bias = upper.get_param("W").copy(), upper.get_param("b").copy()
    for place, action in enumerate(_actions(ours)):
        move, _, label = action.partition("-")
        name = f"{move}-{labels[label]}" if label in labels else action if not label else ""
        if name in rows:
            weights[place] = other.get_param("W")[rows[name]]
            bias[place] = other.get_param("b")[rows[name]]
    upper.set_param("W", weights)
    upper.set_param("b", bias)


def _actions(recogniser: "EntityRecognizer") -> list[str]:
    """Name the actions of a recogniser in the order of its scores, as « B-PER » or « O »."""
    return [recogniser.moves.get_class_name(row) for row in range(recogniser.moves.n_moves)]

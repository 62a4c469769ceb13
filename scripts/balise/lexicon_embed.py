"""A token's embedding also tells in what kind of name of the lexicon the token stands.

This file imports spaCy and thinc alone: `balise model package` ships it inside the model's wheel,
and the names travel in the model, so that no lexicon is needed to load it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.attrs import LOWER, ORTH
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Embed, Model, zero_init
from thinc.types import Floats2d, Ints1d

NAME, PLACES = "balise_lexicon_embed", "balise_lexicon_places"
Names = Mapping[str, Sequence[Sequence[str]]]
"""A label's names, each as the texts of its tokens."""

Docs = Sequence[Doc]
Vectors = list[Floats2d]


class _Name(NamedTuple):
    """The ids of a name's words, which are the same in every vocabulary, and its label's number."""

    words: list[int]
    label: int


class _Index(NamedTuple):
    """Names by their first word, the longest first; `source` is what they were made from."""

    source: tuple[Names, Names]
    exact: Mapping[int, Sequence[_Name]]
    lower: Mapping[int, Sequence[_Name]]


@registry.architectures("balise.LexiconEmbed.v1")  # type: ignore[untyped-decorator]
def build_lexicon_embed(embed: Model[Any, Any], width: int, labels: list[str]) -> Model[Any, Any]:
    """Add to each token's embedding a learnt vector for its place in a name of the lexicon.

    A place is « first of an ARMED_GROUP », « further in a WEAPON » and so on, or none. The vectors
    begin as zero, so that the layer starts as `embed` alone. `fill_names` gives it the names; of
    those that overlap the earlier one is taken, and of those that begin together the longest.
    """
    places: Model[Ints1d, Floats2d] = Embed(nO=width, nV=1 + 2 * len(labels), initializer=zero_init)
    places.name = PLACES
    known: list[_Index] = []

    def forward(
        model: Model[Any, Any], docs: Docs, is_train: bool
    ) -> tuple[Vectors, Callable[[Vectors], Docs]]:
        source = model.attrs["exact"], model.attrs["lower"]
        if not known or known[-1].source[0] is not source[0]:
            known[:] = [_make_index(source, model.attrs["labels"])]
        return _add_places(model, docs, known[-1], is_train)

    attrs = {"labels": labels, "exact": {}, "lower": {}}
    return Model(NAME, forward, init=_init, layers=[embed, places], dims={"nO": width}, attrs=attrs)


def fill_names(model: Model[Any, Any], exact: Names, lower: Names) -> None:
    """Give a model's layer its names by label, as they are written and in small letters.

    Raises:
        ValueError: the model has no such layer, or the layer does not know a label.
    """
    layers = [layer for layer in model.walk() if layer.name == NAME]
    if not layers:
        raise ValueError("the model has no layer balise.LexiconEmbed.v1")
    for layer in layers:
        unknown = sorted({*exact, *lower} - set(layer.attrs["labels"]))
        if unknown:
            raise ValueError(f"balise.LexiconEmbed.v1 has no label {', '.join(unknown)}")
        for attribute, names in (("exact", exact), ("lower", lower)):
            layer.attrs[attribute] = {
                label: sorted([*words] for words in names[label]) for label in sorted(names)
            }


# thinc names the arguments when it calls this.
def _init(
    model: Model[Any, Any],
    X: Docs | None = None,  # noqa: N803
    Y: Vectors | None = None,  # noqa: N803
) -> None:
    embed, places = model.layers
    embed.initialize(X, Y)
    places.initialize()


def _add_places(
    model: Model[Any, Any], docs: Docs, index: _Index, is_train: bool
) -> tuple[Vectors, Callable[[Vectors], Docs]]:
    embed, places = model.layers
    vectors, back_to_docs = embed(docs, is_train)
    ids = model.ops.asarray1i([place for doc in docs for place in _find_places(doc, index)])
    added, back_to_places = places(ids, is_train)
    summed, at = [], 0
    for each in vectors:
        summed.append(each + added[at : at + len(each)])
        at += len(each)

    def backprop(gradients: Vectors) -> Docs:
        back_to_places(model.ops.xp.concatenate(gradients))
        found: Docs = back_to_docs(gradients)
        return found

    return summed, backprop


def _make_index(source: tuple[Names, Names], labels: Sequence[str]) -> _Index:
    exact: dict[int, list[_Name]] = {}
    lower: dict[int, list[_Name]] = {}
    for names, by_first in zip(source, (exact, lower), strict=True):
        for label, each in names.items():
            for words in each:
                name = _Name([get_string_id(word) for word in words], labels.index(label))
                by_first.setdefault(name.words[0], []).append(name)
        for found in by_first.values():
            found.sort(key=lambda name: (-len(name.words), name))
    return _Index(source, exact, lower)


def _find_places(doc: Doc, index: _Index) -> list[int]:
    """Give each token 0, or for a name of the label at n 1 + 2n for its first and 2 + 2n after."""
    exact: list[int]
    lower: list[int]
    exact, lower = doc.to_array([ORTH, LOWER]).T.tolist()
    places, at = [0] * len(doc), 0
    while at < len(doc):
        if exact[at] not in index.exact and lower[at] not in index.lower:
            at += 1
            continue
        found = max(
            (
                name
                for words, names in ((exact, index.exact), (lower, index.lower))
                for name in names.get(words[at], ())
                if words[at : at + len(name.words)] == name.words
            ),
            key=lambda name: len(name.words),
            default=None,
        )
        if found is None:
            at += 1
            continue
        end = at + len(found.words)
        places[at:end] = [1 + 2 * found.label] + [2 + 2 * found.label] * (len(found.words) - 1)
        at = end
    return places

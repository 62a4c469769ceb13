"""Texts that nobody annotated are labelled by pipelines: silver, to train on beside gold."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.doc_spans import find_group, read_doc
from balise.errors import BaliseError
from balise.files import read_text
from balise.model.predict import Watch
from balise.near import near_duplicates
from balise.records import Article, Span
from balise.text import normalise, sha256

if TYPE_CHECKING:
    from spacy.language import Language


class Silver(msgspec.Struct, frozen=True):
    """A text and the spans that pipelines agree on."""

    id: str
    text: str
    spans: tuple[Span, ...]


class Unlabelled(msgspec.Struct, frozen=True):
    """Texts by their file's name, and the names of those too near to a text that is kept apart."""

    texts: Mapping[str, str]
    held_back: tuple[str, ...]


def load_unlabelled(folder: Path, kept_apart: Sequence[Article]) -> Unlabelled:
    """Read the texts (`*.txt`) of a folder, without those that resemble one that is kept apart.

    `kept_apart` are the articles that a model is chosen or tested on: their near-duplicates would
    teach it the answers (see `near_duplicates`). Of an article whose text is not here only the
    very text is known, by its hash.

    Raises:
        BaliseError: the folder holds no text that may be used.
    """
    found = {path.stem: read_text(path) for path in sorted(folder.glob("*.txt"))}
    marked = {f"u {name}": text for name, text in found.items()}
    marked |= {f"k {one.id}": one.text for one in kept_apart if one.text is not None}
    held = {
        name.removeprefix("u ")
        for pair in near_duplicates(marked)
        for name, other in ((pair.left, pair.right), (pair.right, pair.left))
        if name.startswith("u ") and other.startswith("k ")
    }
    hashes = {one.sha256 for one in kept_apart}
    held |= {name for name, text in found.items() if hashes & _hashes(text)}
    texts = {name: text for name, text in found.items() if name not in held}
    if not texts:
        raise BaliseError(
            folder,
            f"no text to learn from: {len(found)} files *.txt, {len(held)} of them resemble "
            "articles of dev or test",
            "name a folder of other texts",
        )
    return Unlabelled(texts, tuple(sorted(held)))


def _hashes(text: str) -> set[str]:
    """Hash a file's text as it is and as an article would hold it: no line break ends that."""
    plain = normalise(text)
    return {sha256(each) for each in (text, plain, plain.strip())}


def label_texts(
    pipelines: "Sequence[Language]", texts: Mapping[str, str], watch: Watch
) -> list[Silver]:
    """Label texts with the spans that more than half of the pipelines find (see `agreed`)."""
    from balise.vote import agreed

    readings = []
    for number, nlp in enumerate(pipelines, start=1):
        group = find_group(nlp, f"pipeline {number}")
        docs = watch(nlp.pipe(texts.values()), f"Pipeline {number} labels", len(texts))
        readings.append([read_doc(doc, group) for doc in docs])
    return [
        Silver(name, text, tuple(sorted(agreed(found))))
        for (name, text), found in zip(texts.items(), zip(*readings, strict=True), strict=True)
    ]

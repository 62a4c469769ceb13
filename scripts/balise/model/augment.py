"""Training examples are varied: as wire copy misspells them, and with other mentions in place.

The augmenters are spaCy's kind: each example goes in, and it or its variant comes out, drawn with
Python's `random`, which spaCy seeds. A variant keeps its tokens' labels and, where its words
only look different, its groups of spans.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Span
from spacy.util import registry

from balise.errors import BaliseError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example

Augmenter = Callable[["Language", "Example"], Iterator["Example"]]
Word = tuple[str, bool, str]
"""A token's text, whether a space follows it, and its BIO tag."""

_ACCENTS = str.maketrans("àâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ", "aaaceeeeiioouuuyAAACEEEEIIOOUUUY")
_APOSTROPHES = str.maketrans("’'", "'’")
_QUOTES = {"«": '"', "»": '"', "“": '"', "”": '"', '"': "”"}


def _without_accents(word: str) -> str:
    return word.translate(_ACCENTS)


def _other_apostrophe(word: str) -> str:
    return word.translate(_APOSTROPHES)


def _other_quotes(word: str) -> str:
    return _QUOTES.get(word, word)


_NOISES = (str.upper, str.lower, _without_accents, _other_apostrophe, _other_quotes)


@registry.augmenters("balise.noise.v1")  # type: ignore[untyped-decorator]
def create_noise(level: float) -> Augmenter:
    """Make the augmenter that respells a share `level` of the examples.

    A variant is all in capitals, all in small letters, without accents, or with the other kind of
    apostrophes or of quotation marks; each is as likely.
    """

    def augment(nlp: "Language", example: "Example") -> Iterator["Example"]:
        if random.random() >= level:  # noqa: S311 - a variant, not a secret
            yield example
        else:
            noise = random.choice(_NOISES)  # noqa: S311
            words = _words(example.reference)
            variant = _example(nlp, [(noise(word), space, tag) for word, space, tag in words])
            for group, spans in example.reference.spans.items():
                variant.reference.spans[group] = [
                    Span(variant.reference, span.start, span.end, span.label) for span in spans
                ]
            yield variant

    return augment


@registry.augmenters("balise.replace_mentions.v1")  # type: ignore[untyped-decorator]
def create_replace_mentions(level: float, path: str | None) -> Augmenter:
    """Make the augmenter that puts other mentions in the place of a share `level` of the spans.

    `path` is the DocBin of the training examples. A mention is replaced by one of the same label
    that stands there behind the same word, so that « l' », « du » and « aux » still fit; where
    there is none it stays. It knows entities only.

    Raises:
        BaliseError: an example has groups of spans, which may overlap.
    """
    pool: dict[tuple[str, str], list[list[Word]]] = {}

    def augment(nlp: "Language", example: "Example") -> Iterator["Example"]:
        if not pool and path:
            pool.update(_gather(nlp, Path(path)))
        doc = example.reference
        if doc.spans:
            raise BaliseError(
                "balise.replace_mentions.v1",
                f"cannot replace mentions that may overlap (groups {', '.join(doc.spans)})",
                "leave this augmenter out of the config of a span categorizer",
            )
        old, new, at = _words(doc), [], 0
        changed = False
        for span in doc.ents:
            others = pool.get((span.label_, _before(doc, span.start)), [])
            if others and random.random() < level:  # noqa: S311
                *inner, (word, _, tag) = random.choice(others)  # noqa: S311
                new += [*old[at : span.start], *inner, (word, old[span.end - 1][1], tag)]
                at, changed = span.end, True
        yield _example(nlp, new + old[at:]) if changed else example

    return augment


def _gather(nlp: "Language", path: Path) -> dict[tuple[str, str], list[list[Word]]]:
    """Collect the mentions of the training examples by label and by the word before them."""
    from spacy.tokens import DocBin

    found: dict[tuple[str, str], dict[str, list[Word]]] = defaultdict(dict)
    for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
        words = _words(doc)
        for span in doc.ents:
            key = span.label_, _before(doc, span.start)
            found[key][span.text] = words[span.start : span.end]
    return {key: list(mentions.values()) for key, mentions in found.items()}


def _before(doc: "Doc", start: int) -> str:
    return doc[start - 1].lower_ if start else ""


def _words(doc: "Doc") -> list[Word]:
    return [
        (
            token.text,
            bool(token.whitespace_),
            f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O",
        )
        for token in doc
    ]


def _example(nlp: "Language", words: Sequence[Word]) -> "Example":
    from spacy.tokens import Doc
    from spacy.training import Example

    texts, spaces, tags = (list(column) for column in zip(*words, strict=True))
    reference = Doc(nlp.vocab, words=texts, spaces=spaces, ents=tags)
    return Example(nlp.make_doc(reference.text), reference)

"""What each column of the configs means, for the card and for Croissant."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from balise.dataset.rows import ANNOTATORS, BIO, SPANS, STANDOFF

if TYPE_CHECKING:
    from datasets import Features

CONFIGS = {
    SPANS: "Every article whose text goes out, with its text and its gold spans.",
    BIO: "The same articles in tokens, each with its BIO tag.",
    ANNOTATORS: "Every confirmed reading of an article, the adjudicator's too, under a pseudonym.",
    STANDOFF: "Every article without its words: where it stands, and its gold spans as offsets.",
}

_MEANINGS = {
    "id": "The article's id; stable between versions.",
    "text": "The text as it was annotated: NFC, line feeds, the title first where there is one.",
    "title": "The article's title, which its text begins with.",
    "sha256": "SHA-256 of the annotated text's UTF-8.",
    "length": "Length of the annotated text in code points.",
    "normalisation": "How the text was normalised before it was hashed.",
    "language": "The text's language (ISO 639-1).",
    "source": "The collection that the article comes from.",
    "url": "Where the article was published.",
    "path": "The article's file in the collection that it comes from.",
    "published": "Day of publication; of a synthetic article, the day at which it is situated.",
    "country": "Country of the main scene (ISO 3166).",
    "event": "The event that the article tells of; articles of one event share a split.",
    "register": "The register of the press that the text is in or imitates.",
    "synthetic": "Whether a language model wrote the text for this corpus.",
    "license": "Licence of the text (SPDX).",
    "license_url": "Address of that licence.",
    "rights_holder": "Who holds the rights in the text, where it is known.",
    "attribution": "Whom to credit for the text.",
    "publishable": "`full` where the text goes out in `spans`, else `standoff`.",
    "decision": "How the gold spans were decided: single, agreed, majority or adjudicated.",
    "annotators": "Pseudonyms of those whose readings the gold rests on.",
    "salt": "Salt of the row's hashes.",
    "spans": "The gold spans, by their start.",
    "spans.start": "First code point of the span.",
    "spans.end": "Code point after the span's last one.",
    "spans.label": "The span's label.",
    "spans.text": "The span's words, `text[start:end]`.",
    "tokens": "The tokens, white space apart.",
    "ner_tags": "The tag of each token, as a number into the names in `labels.json`.",
    "token_starts": "First code point of each token.",
    "token_ends": "Code point after each token's last one.",
    "tokenizer": "The tokenizer that cut the text.",
    "article": "The id of the article that was read.",
    "batch": "The batch in which the article was given to the annotator.",
    "annotator": "Pseudonym of the annotator.",
}

_OTHERWISE = {
    (ANNOTATORS, "id"): "The reading's id: article, batch and annotator.",
    (ANNOTATORS, "spans"): "The spans of this reading, by their start; not gold.",
    (ANNOTATORS, "spans.text"): "The span's words; null where the text does not go out.",
    (STANDOFF, "spans.surface"): "Salted hash of the span's words; null where the text was absent.",
    (STANDOFF, "spans.before"): "Salted hashes of up to five tokens before the span.",
    (STANDOFF, "spans.after"): "Salted hashes of up to five tokens after the span.",
}


class Column(msgspec.Struct, frozen=True):
    """One column, or one field of a column of structs (`spans.start`).

    `kind` is a word of Arrow's (string, int32, bool, struct), or `label` for a number with a name;
    `depth` says in how many lists it stands in its row or struct.
    """

    config: str
    name: str
    kind: str
    depth: int
    meaning: str

    @property
    def type(self) -> str:
        """The type as the card shows it."""
        return "list of " * self.depth + self.kind


def list_columns(features: Mapping[str, "Features"], config: str) -> list[Column]:
    """List a config's columns in the order in which they stand, each before its own fields.

    Raises:
        KeyError: nobody wrote down what a column means.
    """
    return list(_walk(config, "", features[config]))


def _walk(config: str, prefix: str, fields: Mapping[str, object]) -> Iterator[Column]:
    from datasets import ClassLabel, List, Value

    for field, feature in fields.items():
        name, inside, depth = f"{prefix}{field}", feature, 0
        while isinstance(inside, List):
            inside, depth = inside.feature, depth + 1
        kind = "struct"
        if isinstance(inside, Value):
            kind = inside.dtype
        elif isinstance(inside, ClassLabel):
            kind = "label"
        meaning = _OTHERWISE.get((config, name)) or _MEANINGS[name]
        yield Column(config, name, kind, depth, meaning)
        if isinstance(inside, dict):
            yield from _walk(config, f"{name}.", inside)

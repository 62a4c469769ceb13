"""Licences: one in the card, its text beside it, one in each row whose text goes out."""

import re
from collections.abc import Iterator

from balise.dataset.acceptance import has_licence
from balise.dataset.build import CARD, LICENSE_FILE
from balise.dataset.checks.subject import Subject
from balise.dataset.rows import BIO, SPANS

_SPELT = {
    "cc": "creative",
    "by": "attribution",
    "sa": "sharealike",
    "nc": "noncommercial",
    "nd": "noderivatives",
}
"""The parts of a Creative Commons id, as its legal code spells them."""


def licence_problems(subject: Subject) -> Iterator[str]:
    """Yield where a reader would not know what may be done with the data."""
    licence = subject.card.values.get("license") if subject.card else None
    if not isinstance(licence, str) or not has_licence(licence):
        yield f"{CARD}: no licence in the front matter; name one of the Hub's"
    text = subject.standing.texts.get(LICENSE_FILE, "")
    if not text.strip():
        yield f"{LICENSE_FILE} is missing or empty; put the licence's text or its address there"
    elif isinstance(licence, str) and (lacking := list(_unnamed(licence, text))):
        yield (
            f"{LICENSE_FILE} does not name the card's {licence} ({', '.join(lacking)} is missing); "
            "let both say the same"
        )
    for config in (SPANS, BIO):
        for part in subject.standing.of(config):
            for row in part.each_row("id", "license"):
                if not has_licence(row.get("license")):
                    yield (
                        f"{part.place}, row {row.get('id')}: no licence; name the article's in the "
                        "corpus, or make it 'standoff'"
                    )


def _unnamed(licence: str, text: str) -> Iterator[str]:
    """Yield the parts of a licence's id that its text does not name, short or spelt out."""
    words = {word.strip(".") for word in re.findall(r"[\w.]+", text.lower())}
    for part in licence.lower().split("-"):
        if not {part, _SPELT.get(part, part)} & words:
            yield part

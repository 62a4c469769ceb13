"""What a pipeline has seen in training: the mentions of its parts of the split, by label."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

import msgspec

from balise.model.reference import Sources
from balise.splits import ALL_PARTS, load_splits
from balise.stores import load_articles, load_gold

if TYPE_CHECKING:
    from spacy.language import Language

_PARTS = ("train",)


class Known(msgspec.Struct, frozen=True):
    """The surfaces of the training spans with their labels, and how many spans a label has.

    `without_text` counts training articles whose text is not here: their surfaces are not known.
    """

    parts: tuple[str, ...]
    labels: Mapping[str, Set[str]]
    spans: Mapping[str, int]
    without_text: int


def training_parts(nlp: "Language") -> tuple[str, ...]:
    """Tell which parts a pipeline says that it was trained on; `train` where it says nothing."""
    described: Any = nlp.meta.get("balise")
    parts = described.get("parts") if isinstance(described, dict) else None
    named = [part for part in parts or () if part in ALL_PARTS and part.startswith("train")]
    return tuple(named) or _PARTS


def load_known(sources: Sources, parts: tuple[str, ...]) -> Known:
    """Read what the gold of some parts of the split holds."""
    splits = load_splits(sources.splits)
    ids = {id_ for part in parts for id_ in splits.part(part)}
    articles = load_articles(sources.corpus, sources.texts)
    labels: dict[str, set[str]] = defaultdict(set)
    spans: Counter[str] = Counter()
    without_text = 0
    for record in load_gold(sources.gold):
        if record.article in ids:
            spans.update(span.label for span in record.spans)
            text = articles[record.article].text if record.article in articles else None
            if text is None:
                without_text += 1
                continue
            for span in record.spans:
                labels[text[span.start : span.end]].add(span.label)
    return Known(parts, labels, spans, without_text)

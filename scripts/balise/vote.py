"""Several entity recognisers of one pipeline vote: an entity is what more than half of them find.

The pipeline is « ner, set aside, ner, set aside, …, vote »: each recogniser finds a document
without entities, as if it were alone. This file imports spaCy alone: `balise model package` ships
it inside the model's wheel.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc, Span

SET_ASIDE, VOTE = "balise_set_aside", "balise_vote"
Reading = TypeVar("Reading")


def agreed(readings: Sequence[Iterable[Reading]]) -> Collection[Reading]:
    """Give the spans, edges and label, that more than half of the readings have.

    Such spans never overlap where no reading's own do: any two were found in one reading together.
    """
    votes = Counter(span for reading in readings for span in set(reading))
    return [span for span, count in votes.items() if 2 * count > len(readings)]


@Language.factory(  # type: ignore[untyped-decorator]
    SET_ASIDE, requires=["doc.ents"], assigns=["doc.spans"], default_config={"key": "first"}
)
def create_set_aside(nlp: Language, name: str, key: str) -> Callable[[Doc], Doc]:
    """Make the component that moves a document's entities to the span group `key`."""

    def set_aside(doc: Doc) -> Doc:
        doc.spans[key] = doc.ents
        doc.set_ents([], default="missing")
        return doc

    return set_aside


@Language.factory(  # type: ignore[untyped-decorator]
    VOTE, requires=["doc.ents", "doc.spans"], assigns=["doc.ents"], default_config={"keys": []}
)
def create_vote(nlp: Language, name: str, keys: list[str]) -> Callable[[Doc], Doc]:
    """Make the component that lets a document's entities and the span groups `keys` vote."""

    def vote(doc: Doc) -> Doc:
        groups = [doc.ents, *(doc.spans.pop(key) for key in keys)]
        kept = agreed([[(each.start, each.end, each.label_) for each in one] for one in groups])
        doc.set_ents([Span(doc, start, end, label) for start, end, label in sorted(kept)])
        return doc

    return vote

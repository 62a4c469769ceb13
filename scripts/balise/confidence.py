"""How sure a spaCy pipeline's entity recogniser is of what it reads, and of what gold reads."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from balise.errors import BaliseError
from balise.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc


_AT_ONCE = 64


class ScoredSpan(NamedTuple):
    """A span that the recogniser found, and how probable it holds it to be, from 0 to 1."""

    span: Span
    probability: float


class Confidence(NamedTuple):
    """The recogniser's spans in a text, and its surprise at its own reading.

    `surprise` is the mean over tokens of the negative natural logarithm of the probability of
    what was decided there, « no span » included: 0 where every decision is certain.
    """

    spans: tuple[ScoredSpan, ...]
    surprise: float


def recognisers(nlp: "Language") -> "list[EntityRecognizer]":
    """List a pipeline's transition-based entity recognisers (`ner`, `beam_ner`)."""
    from spacy.pipeline import EntityRecognizer

    return [pipe for _, pipe in nlp.pipeline if isinstance(pipe, EntityRecognizer)]


def find_recogniser(nlp: "Language", place: object) -> "EntityRecognizer":
    """Return the one transition-based entity recogniser of a pipeline.

    Raises:
        BaliseError: it has none, as a pipeline of rules, or several.
    """
    found = recognisers(nlp)
    if len(found) != 1:
        raise BaliseError(
            place,
            f"has {len(found)} components `ner`, and one must say how unsure it is (its "
            f"components: {', '.join(nlp.pipe_names) or 'none'})",
            "give a pipeline with one, such as `balise model train --profile fast` makes",
        )
    return found[0]


def read_with_confidence(
    nlp: "Language", ner: "EntityRecognizer", texts: Iterable[str]
) -> Iterator[Confidence]:
    """Turn texts into the spans that `ner` finds in them, each with its probability.

    At each token the recogniser scores its actions (begin, in, last, unit, out) and takes the
    best that is valid; the softmax of the valid ones' scores is what it was trained to make
    probabilities of. A span's probability is the product over its tokens, and the mean over all
    tokens is the maximum normalized log-probability of Shen et al., "Deep Active Learning for
    Named Entity Recognition" (ICLR 2018), which a long text does not win by its length.

    spaCy's beam search (`beam_parse`, `scored_ents`) gives probabilities too, of whole readings
    of a text among the few best, and tells wrong spans from right ones less well:
    tests/benchmarks/bench_select.py.
    """
    waiting = iter(texts)
    while batch := list(islice(waiting, _AT_ONCE)):
        docs = [_prepare(nlp, ner, text) for text in batch]
        for doc, path in zip(docs, _walk(ner, docs), strict=True):
            surprise = -sum(log for _, log in path) / len(path) if path else 0.0
            yield Confidence(tuple(_spans(doc, path)), surprise)


def _prepare(nlp: "Language", ner: "EntityRecognizer", text: str) -> "Doc":
    doc = _run_before(nlp, ner, nlp.make_doc(text))
    if doc.ents:
        # Learns the labels of what a ruler found before, as spaCy does when it runs the component.
        ner.predict([doc])
    return doc


def _run_before(nlp: "Language", ner: "EntityRecognizer", doc: "Doc") -> "Doc":
    """Run the components before the recogniser, which may listen to one of them."""
    for _, pipe in nlp.pipeline:
        if pipe is ner:
            break
        doc = pipe(doc)
    return doc


def gold_confidence(nlp: "Language", ner: "EntityRecognizer", doc: "Doc") -> list[float]:
    """Give how probable `ner` holds the gold reading of each token, given gold before it.

    `doc.ents` are gold; the components before `ner` read the words anew, without it. The
    probability is that of gold's action at the token, as in `read_with_confidence`; it is 0 where
    the recogniser cannot take it, as for a label that it does not know. It is the
    « self-confidence » by which confident learning ranks labels (Northcutt, Jiang & Chuang 2021),
    of one token at a time.
    """
    from spacy.tokens import Doc

    words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
    bare = _run_before(nlp, ner, Doc(doc.vocab, words=words, spaces=spaces))
    # The recogniser would take entities that are there already, gold's or a ruler's, for settled.
    bare.set_ents([], default="missing")
    [path] = _walk(ner, [bare], [_gold_actions(doc)])
    return [math.exp(log) for _, log in path]


def _gold_actions(doc: "Doc") -> list[str]:
    actions = ["O"] * len(doc)
    for span in doc.ents:
        if len(span) == 1:
            actions[span.start] = f"U-{span.label_}"
        else:
            actions[span.start : span.end] = [
                f"B-{span.label_}",
                *[f"I-{span.label_}"] * (len(span) - 2),
                f"L-{span.label_}",
            ]
    return actions


def _walk(
    ner: "EntityRecognizer", docs: "Sequence[Doc]", forced: Sequence[Sequence[str]] | None = None
) -> list[list[tuple[str, float]]]:
    """List the action at each token of each document, with the logarithm of its probability.

    The action is the best that is valid, or the one of `forced`. Where that is not valid its
    logarithm is minus infinity, and the best is taken in its place.
    """
    import numpy as np

    moves = ner.moves
    names = [moves.get_class_name(number) for number in range(moves.n_moves)]
    numbers = {name: number for number, name in enumerate(names)}
    paths: list[list[tuple[str, float]]] = [[] for _ in docs]
    if not any(len(doc) for doc in docs):
        return paths
    states, model = moves.init_batch(docs), ner.model.predict(docs)
    going = [at for at, state in enumerate(states) if not state.is_final()]
    while going:
        # All documents take a step together: the model is asked once for all of them.
        every = model.predict([states[at] for at in going]).astype(float)
        for at, scores in zip(going, every, strict=True):
            state, path = states[at], paths[at]
            valid = np.array([moves.is_valid(state, name) for name in names])
            scores[~valid] = -np.inf
            logs = scores - np.logaddexp.reduce(scores)
            best = int(logs.argmax())
            wanted = forced[at][len(path)] if forced else names[best]
            chosen = numbers.get(wanted, -1)
            possible = chosen >= 0 and bool(valid[chosen])
            path.append((wanted, float(logs[chosen]) if possible else -math.inf))
            moves.apply_transition(state, wanted if possible else names[best])
        going = [at for at in going if not states[at].is_final()]
    return paths


def _spans(doc: "Doc", path: list[tuple[str, float]]) -> list[ScoredSpan]:
    found: list[ScoredSpan] = []
    first, log = 0, 0.0
    for number, (move, step) in enumerate(path):
        action, _, label = move.partition("-")
        if action in ("B", "U"):
            first, log = number, 0.0
        log += step
        if action in ("L", "U") and label:
            part = doc[first : number + 1]
            span = Span(part.start_char, part.end_char, label)
            found.append(ScoredSpan(span, math.exp(log)))
    return found

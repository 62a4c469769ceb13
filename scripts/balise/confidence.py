"""How sure a spaCy pipeline's entity recogniser is of what it reads, and of what gold reads."""

import math
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from balise.errors import BaliseError
from balise.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc


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
            "give a pipeline with one, such as `balise model train` makes",
        )
    return found[0]


def read_with_confidence(nlp: "Language", ner: "EntityRecognizer", text: str) -> Confidence:
    """Turn a text into the spans that `ner` finds in it, each with its probability.

    At each token the recogniser scores its actions (begin, in, last, unit, out) and takes the
    best that is valid; the softmax of the valid ones' scores is what it was trained to make
    probabilities of. A span's probability is the product over its tokens, and the mean over all
    tokens is the maximum normalized log-probability of Shen et al., "Deep Active Learning for
    Named Entity Recognition" (ICLR 2018), which a long text does not win by its length.

    spaCy's beam search (`beam_parse`, `scored_ents`) gives probabilities too, of whole readings
    of a text among the few best, and tells wrong spans from right ones less well:
    tests/benchmarks/bench_select.py.
    """
    doc = nlp.make_doc(text)
    for _, pipe in nlp.pipeline:
        if pipe is ner:
            break
        doc = pipe(doc)
    if doc.ents:
        # Learns the labels of what a ruler found before, as spaCy does when it runs the component.
        ner.predict([doc])
    path = _best_path(ner, doc)
    surprise = -sum(log for _, log in path) / len(path) if path else 0.0
    return Confidence(tuple(_spans(doc, path)), surprise)


def gold_confidence(ner: "EntityRecognizer", doc: "Doc") -> list[float]:
    """Give how probable `ner` holds the gold reading of each token, given gold before it.

    `doc.ents` are gold. The probability is that of gold's action at the token, as in
    `read_with_confidence`; it is 0 where the recogniser cannot take it, as for a label that it
    does not know. It is the « self-confidence » by which confident learning ranks labels
    (Northcutt, Jiang & Chuang 2021), of one token at a time.
    """
    from spacy.tokens import Doc

    words, spaces = [token.text for token in doc], [bool(token.whitespace_) for token in doc]
    # The recogniser would take entities that are there already for settled.
    bare = Doc(doc.vocab, words=words, spaces=spaces)
    gold = _gold_actions(doc)
    return [
        sum(math.exp(log) for move, log in options if move == action)
        for action, options in zip(gold, _options(ner, bare, gold), strict=True)
    ]


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


def _best_path(ner: "EntityRecognizer", doc: "Doc") -> list[tuple[str, float]]:
    """List the action taken at each token with the logarithm of its probability."""
    return [max(options, key=itemgetter(1)) for options in _options(ner, doc)]


def _options(
    ner: "EntityRecognizer", doc: "Doc", forced: Sequence[str] | None = None
) -> Iterator[list[tuple[str, float]]]:
    """List the valid actions at each token with the logarithms of their probabilities.

    The best is taken, or the one of `forced` where it is valid.
    """
    import numpy as np

    moves = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
    [state] = ner.moves.init_batch([doc])
    model = ner.model.predict([doc])
    at = 0
    while not state.is_final():
        valid = [number for number, move in enumerate(moves) if ner.moves.is_valid(state, move)]
        scores = model.predict([state])[0][valid].astype(float)
        logs = (scores - np.logaddexp.reduce(scores)).tolist()
        options = [(moves[number], log) for number, log in zip(valid, logs, strict=True)]
        yield options
        names = [name for name, _ in options]
        chosen = forced[at] if forced and forced[at] in names else names[int(scores.argmax())]
        ner.moves.apply_transition(state, chosen)
        at += 1


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

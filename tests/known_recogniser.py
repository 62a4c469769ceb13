"""Recognisers whose doubts are known without asking them."""

import math
import random
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example

from markup import markup

SURE = "Tirs à [Gao](LOCATION) , calme ."
"""The lesson that `contradicted` was taught in one way only."""

UNSURE = "Le convoi de [Alpha]({label}) passe ."
"""The lesson that it was taught under two labels, equally often."""

SHAPE = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
}
"""A recogniser's model as spaCy's and ours have it, without its tok2vec."""

LISTENER = {
    "model": SHAPE
    | {
        "nO": None,
        "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"},
    }
}


def with_odds(**odds: float) -> Language:
    """Make a recogniser of LOCATION that gives its actions the same odds at every token.

    The last layer's weights are 0, so that its biases alone, the logarithms of the odds, are the
    scores; an action's probability is its odds over the sum of those of the valid actions.
    """
    nlp = spacy.blank("fr")
    ner = nlp.add_pipe("ner")
    ner.add_label("LOCATION")
    nlp.initialize()
    last = ner.model.get_ref("upper")
    moves = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
    bias = [math.log(odds.get(move[0], 1)) for move in moves]
    last.set_param("W", last.get_param("W") * 0)
    last.set_param("b", last.ops.asarray1f(bias))
    return nlp


def contradicted(folder: Path, *, listens: bool = False) -> Path:
    """Train a recogniser that is sure of `SURE`, and of « Alpha » in `UNSURE` cannot be.

    Where it `listens`, its embedding is a component of its own, as spaCy's `init config` has it.
    """
    nlp = spacy.blank("fr")
    nlp.meta["name"] = "contredit"
    if listens:
        nlp.add_pipe("tok2vec")
    nlp.add_pipe("ner", config=LISTENER if listens else {})
    lessons = [SURE, SURE, *(UNSURE.format(label=label) for label in ("PERSON", "WEAPON"))]
    examples = []
    for lesson in lessons:
        text, spans = markup(lesson)
        entities = [(span.start, span.end, span.label) for span in spans]
        examples.append(Example.from_dict(nlp.make_doc(text), {"entities": entities}))
    spacy.util.fix_random_seed(0)
    random.seed(0)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(60):
        nlp.update(examples, sgd=optimizer, drop=0.0)
    nlp.to_disk(folder)
    return folder

"""How many of a hundred errors planted into gold stand among the first two hundred suspects.

Run with `pytest -s tests/benchmarks/bench_suspects.py`; it trains five models, for about twenty
minutes. cleanlab ranks tokens by the same models' probabilities beside `balise model suspects`.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spacy
from cleanlab.token_classification.filter import find_label_issues
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.training import Example

from balise.docbin import make_doc, token_edges
from balise.jsonl import read_jsonl, write_jsonl
from balise.labels import load_labels
from balise.ledger import Ledger
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.suspects import Suspect, find_suspects
from balise.model.trials import Found, Setup, Trial, run_trial
from balise.records import Gold, Span
from balise.stores import load_articles

ROOT = Path(__file__).parents[2]
PLANTED, FIRST = 100, 200
KINDS = ("missed", "label", "edge", "one too many")


def plant(records: list[Gold], texts: dict[str, str], seed: int) -> dict[tuple[str, int, int], str]:
    """Plant errors of four kinds, one an article at most; give their places and kinds."""
    chance = random.Random(seed)
    labels = sorted({span.label for record in records for span in record.spans})
    planted = {}
    for number, at in enumerate(chance.sample(range(len(records)), PLANTED)):
        record, kind = records[at], KINDS[number % len(KINDS)]
        spans = list(record.spans)
        victim = chance.choice(spans)
        spans.remove(victim)
        wrong = _spoil(victim, kind, texts[record.article], spans, labels, chance)
        spans = sorted([*spans, *wrong])
        records[at] = Gold(
            record.article, record.sha256, record.annotators, record.decision, None, tuple(spans)
        )
        place = wrong[-1] if wrong else victim
        planted[record.article, place.start, place.end] = kind
    return planted


def _spoil(
    victim: Span,
    kind: str,
    text: str,
    others: Sequence[Span],
    labels: Sequence[str],
    chance: random.Random,
) -> list[Span]:
    """Make of a span what an annotator's slip would make of it; the wrong span stands last."""
    if kind == "missed":
        return []
    if kind == "label":
        other = chance.choice([label for label in labels if label != victim.label])
        return [Span(victim.start, victim.end, other)]
    if kind == "edge":
        return [_shift(victim, text, others)]
    taken = [*others, victim]
    words = [
        (start, end)
        for start, end in _words(text)
        if end - start > 3 and all(end <= span.start or span.end <= start for span in taken)
    ]
    start, end = chance.choice(words)
    return [victim, Span(start, end, chance.choice(labels))]


def _shift(victim: Span, text: str, others: Sequence[Span]) -> Span:
    """Take the next word in, or where a span stands there leave the last one out."""
    after = next(((s, e) for s, e in _words(text) if s >= victim.end), None)
    if after and all(after[1] <= span.start or span.end <= after[0] for span in others):
        return Span(victim.start, after[1], victim.label)
    cut = text.rfind(" ", victim.start, victim.end)
    return Span(victim.start, cut if cut > victim.start else victim.end - 1, victim.label)


def _words(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        bare = word.rstrip(".,;:!?»)")
        if bare:
            found.append((start, start + len(bare)))
    return found


class Places(NamedTuple):
    """Ranges of an article that a ranking puts at one place of its list."""

    article: str
    ranges: tuple[tuple[int, int], ...]


def covers(places: Places, planted: tuple[str, int, int]) -> bool:
    """Tell whether a place of a ranking touches a planted error."""
    article, start, end = planted
    return places.article == article and any(a < end and start < b for a, b in places.ranges)


def show(name: str, ranking: Sequence[Places], planted: Mapping[tuple[str, int, int], str]) -> None:
    """Print how many planted errors the first places of a ranking touch."""
    print(f"\n{name}: {len(ranking)} places")
    for first in (50, 100, FIRST, 400, len(ranking)):
        hit = {each for each in planted if any(covers(one, each) for one in ranking[:first])}
        kinds = Counter(planted[each] for each in hit)
        shown = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS)
        print(f"among the first {first:5}: {len(hit):3} of {PLANTED} ({shown})")


class Reading(NamedTuple):
    """An article as a token classifier that never saw it reads it.

    `edges` are the tokens' in code points, `given` gold's class of each, `probabilities` the
    model's of every class (tokens, classes).
    """

    article: str
    edges: list[tuple[int, int]]
    given: list[int]
    probabilities: NDArray[np.float64]


def read_as_classifier(ner: Any, doc: Doc, article: str, classes: Sequence[str]) -> Reading:
    """Make BIO classes of the recogniser's actions, each after gold's own; `doc.ents` are gold.

    So does `balise model suspects` ask: after its own mistakes the model's doubts are about itself.
    """
    moves = ner.moves
    bare = Doc(doc.vocab, [token.text for token in doc], [bool(t.whitespace_) for t in doc])
    names = [moves.get_class_name(number) for number in range(moves.n_moves)]
    [state], model = moves.init_batch([bare]), ner.model.predict([bare])
    rows = []
    for action in moves.get_oracle_sequence(Example(bare, doc)):
        [scores] = model.predict([state]).astype(float)
        scores[[not moves.is_valid(state, name) for name in names]] = -np.inf
        chances = np.exp(scores - np.logaddexp.reduce(scores))
        row = np.zeros(len(classes))
        for name, chance in zip(names, chances, strict=True):
            move, _, label = name.partition("-")
            tag = f"{'B' if move in 'BU' else 'I'}-{label}" if label else "O"
            row[classes.index(tag)] += chance
        rows.append(row)
        moves.apply_transition(state, names[action])
    tags = [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc]
    given = [classes.index(tag) for tag in tags]
    return Reading(article, list(token_edges(doc)), given, np.array(rows))


def rank_by_cleanlab(readings: Sequence[Reading]) -> list[Places]:
    """Rank tokens as `find_label_issues` does; those of one run share the place of the first."""
    ranked = find_label_issues(
        [reading.given for reading in readings], [reading.probabilities for reading in readings]
    )
    issues = set(ranked)
    places, seen = [], set()
    for sentence, token in ranked:
        if (sentence, token) in seen:
            continue
        first = last = token
        while (sentence, first - 1) in issues:
            first -= 1
        while (sentence, last + 1) in issues:
            last += 1
        seen |= {(sentence, at) for at in range(first, last + 1)}
        edges = readings[sentence].edges
        places.append(Places(readings[sentence].article, ((edges[first][0], edges[last][1]),)))
    return places


def test_planted_errors_among_the_first_suspects(tmp_path: Path) -> None:
    texts = {
        id_: article.text
        for id_, article in load_articles(ROOT / "corpus").items()
        if article.text is not None
    }
    records = [
        record
        for record in read_jsonl(ROOT / "annotations" / "gold.jsonl", Gold)
        if record.article in texts
    ]
    planted = plant(records, texts, seed=0)
    write_jsonl(tmp_path / "gold.jsonl", records)
    sources = Sources(
        tmp_path / "gold.jsonl",
        ROOT / "corpus",
        ROOT / "corpus" / "splits.json",
        ROOT / "annotations" / "labels.toml",
        "gold",
    )
    gold = {record.article: record for record in records}
    classes = ["O", *(f"{tag}-{n}" for n in load_labels(sources.labels).names for tag in "BI")]
    readings: list[Reading] = []

    def run(setup: Setup, trials: Sequence[Trial], _jobs: int) -> Iterator[Found]:
        """Let the models that `suspects` asks be asked by cleanlab too."""
        for trial in trials:
            found = run_trial(setup, trial, keep=tmp_path / trial.name)
            nlp = spacy.load(tmp_path / trial.name)
            for id_ in trial.reads:
                doc = make_doc(nlp, id_, texts[id_], gold[id_].spans, Ledger())
                readings.append(read_as_classifier(nlp.get_pipe("ner"), doc, id_, classes))
            yield found

    setup = Setup(sources, "planted", Recipe(lexicon=ROOT / "corpus" / "lexicon"))
    found = find_suspects(setup, tmp_path / "suspects.jsonl", run=run)
    print(f"\n{len(records)} articles, {PLANTED} errors planted")
    show("balise model suspects", [_places(each) for each in found], planted)
    show("cleanlab's find_label_issues", rank_by_cleanlab(readings), planted)


def _places(suspect: Suspect) -> Places:
    spans = [span for span in (suspect.gold, suspect.predicted) if span is not None]
    return Places(suspect.article, tuple((span.start, span.end) for span in spans))

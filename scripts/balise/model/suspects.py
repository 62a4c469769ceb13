"""Gold spans that cross-validated models doubt, the likeliest annotation errors first.

Every article is read by a model that never saw it nor another article on its event. Where that
model reads otherwise than gold, it is asked how probable it holds gold's reading; the least
probable come first. This is confident learning's ranking by self-confidence (Northcutt, Jiang &
Chuang 2021, « Confident learning »), over the errors of the model in place of single tokens.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import write_files
from balise.jsonl import encode_jsonl
from balise.labels import LabelScheme, load_labels
from balise.model.folds import deal_folds
from balise.model.predict import Watch, unwatched
from balise.model.recipe import learned_recognisers, load_settings
from balise.model.reference import Sources, check_gold
from balise.model.trials import Found, Runner, Setup, Trial, name_beside, run_trials
from balise.pairing import Entity, pair_spans
from balise.records import Article, Gold, Span
from balise.sentences import uncut_sentences
from balise.span_errors import ErrorKind, SpanError, find_errors
from balise.spans import require_text
from balise.stores import find_article, load_articles, load_gold

FOLDS = 5
_CHOOSES = 0.1


class Suspect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place where gold may be wrong, with the sentence around it; offsets are the article's.

    `kind` says how the model's reading differs: as for a model's errors, but here it is gold that
    is held to account, so a `missed` gold span may be one too many, and a `spurious` predicted one
    a span that the annotators missed. `probability` is the model's of gold's reading, and
    `surfaces` are the words of both spans.
    """

    article: str
    rank: int
    probability: float
    kind: ErrorKind
    gold: Span | None
    predicted: Span | None
    surfaces: tuple[str | None, str | None]
    sentence: str


def find_suspects(
    setup: Setup,
    out: Path,
    *,
    folds: int = FOLDS,
    jobs: int = 1,
    seed: int = 0,
    watch: Watch = unwatched,
    run: Runner = run_trials,
) -> list[Suspect]:
    """Rank the places where models of the other folds doubt gold, and write them to `out`.

    Every gold article whose text is here is read once. Beside `out` stands a list of the
    articles' ids, the most doubtful first, which `balise tasks make --articles` takes.

    Raises:
        UsageError: `out` cannot be written (see `name_beside`), there are fewer events than folds,
            or the recipe trains not one recogniser.
        BaliseError: the scheme lets spans overlap, a text or a span is at fault, or a training
            fails (see `train`).
    """
    list_ = name_beside(setup, out, ".txt")
    labels = load_labels(setup.sources.labels)
    _require_recogniser(setup, labels)
    records, articles = _load(setup.sources, labels)
    deal = deal_folds(list(articles.values()), folds, seed)
    trials = list(_plan(deal, seed))
    found = watch(run(setup, trials, jobs), "Trainings", len(trials))
    suspects = [suspect for each in found for suspect in _doubt(each, records, articles)]
    ranked = [
        msgspec.structs.replace(suspect, rank=rank)
        for rank, suspect in enumerate(
            sorted(suspects, key=lambda each: (each.probability, each.article)), start=1
        )
    ]
    ids = dict.fromkeys(suspect.article for suspect in ranked)
    write_files({out: encode_jsonl(ranked), list_: "".join(f"{id_}\n" for id_ in ids)})
    return ranked


def _require_recogniser(setup: Setup, labels: LabelScheme) -> None:
    if labels.overlapping:
        raise BaliseError(
            setup.sources.labels,
            "its spans may overlap, and only a recogniser of flat ones says how probable gold is",
            "`balise model evaluate` lists every error of a span categorizer in its report.json",
        )
    found = learned_recognisers(load_settings(setup.recipe, Path(), Path(), 0))
    if len(found) != 1:
        raise UsageError(
            "--profile",
            f"trains {len(found)} recognisers, and one must say how probable gold is",
            "train with `--profile fast`",
        )


def _load(sources: Sources, labels: LabelScheme) -> tuple[dict[str, Gold], dict[str, Article]]:
    known = load_articles(sources.corpus, sources.texts)
    records, articles = {}, {}
    for record in load_gold(sources.gold):
        article = find_article(known, record.article, sources.gold)
        if article.text is not None:
            check_gold(record, article.text, labels, sources.gold)
            records[record.article], articles[record.article] = record, article
    if not records:
        raise BaliseError(sources.gold, "no gold article has a text here", "bring the texts")
    return records, articles


def _plan(deal: Sequence[tuple[str, ...]], seed: int) -> Iterator[Trial]:
    """Train on all folds but one; a tenth of what trains chooses the best state in its place."""
    for number, reads in enumerate(deal):
        others = [id_ for at, hand in enumerate(deal) if at != number for id_ in hand]
        random.Random(seed).shuffle(others)  # noqa: S311
        chooses = max(1, round(_CHOOSES * len(others)))
        yield Trial(
            f"fold {number + 1}",
            tuple(sorted(others[chooses:])),
            reads,
            seed,
            tuple(sorted(others[:chooses])),
            doubts=True,
        )


def _doubt(
    found: Found, records: Mapping[str, Gold], articles: Mapping[str, Article]
) -> Iterator[Suspect]:
    gold = {
        Entity(id_, span.start, span.end, span.label)
        for id_ in found.trial.reads
        for span in records[id_].spans
    }
    for error in find_errors(pair_spans(gold, found.spans)):
        text = require_text(articles[error.article], error.article)
        yield Suspect(
            error.article,
            0,
            _probability(error, found.doubts[error.article]),
            error.kind,
            error.gold,
            error.predicted,
            (_surface(text, error.gold), _surface(text, error.predicted)),
            _sentence(text, error),
        )


def _probability(error: SpanError, doubts: Sequence[tuple[int, int, float]]) -> float:
    """Give the least of the probabilities of gold's reading over the tokens of either span."""
    spans = [span for span in (error.gold, error.predicted) if span is not None]
    return min(
        (
            probability
            for start, end, probability in doubts
            if any(start < span.end and span.start < end for span in spans)
        ),
        default=1.0,
    )


def _surface(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


def _sentence(text: str, error: SpanError) -> str:
    spans = [span for span in (error.gold, error.predicted) if span is not None]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    places = uncut_sentences(text, spans)
    first = max(place for place in places if place <= start)
    last = min(place for place in places if place >= end)
    return text[first:last].strip()

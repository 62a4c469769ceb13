"""`balise model`: split, train, evaluate, compare and package."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli import compare, curve, evaluate, publish, refine, suspects
from balise.cli.common import (
    BUILD,
    CORPUS,
    GOLD,
    LABELS,
    SPLITS,
    TEXTS,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    Seed,
    SplitsFile,
    TextsDir,
    command,
    summarise,
)
from balise.cli.training_options import (
    Camembert,
    Config,
    ProfileName,
    Real,
    Steps,
    read_recipe,
)
from balise.errors import BaliseError, UsageError
from balise.jsonl import write_json
from balise.model import split, train
from balise.model.camembert import CAMEMBERT
from balise.model.reference import Sources
from balise.outputs import READ_HERE, refuse_inputs
from balise.splits import ALL_PARTS, PARTS, RealRule, load_splits
from balise.stores import article_files, load_articles, load_gold

app = typer.Typer(
    name="model",
    help="Split the gold, train a spaCy pipeline on it, measure it and package it.",
    no_args_is_help=True,
)

MODEL = BUILD / "model" / "conflict_news"


@command(app, "split", example="balise model split --seed 0")
def split_command(
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    out: Annotated[Path, typer.Option(help="Where the split is written.")] = SPLITS,
    real: Annotated[
        list[str] | None,
        typer.Option(
            "--real",
            metavar="SOURCE",
            help="A source of real articles, which get parts of their own; repeatable "
            "(else as the split says that stands there, or splits.json in --corpus).",
        ),
    ] = None,
    test_from: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="Real articles published from this day on are kept for testing."
        ),
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Split the gold articles 70/10/20; one event or near-duplicate texts never straddle parts."""
    refuse_inputs("--out", out, [gold, *article_files(corpus)], READ_HERE)
    rule = _real_rule(real, test_from, out if out.is_file() else corpus / SPLITS.name)
    made = split.split(load_gold(gold), load_articles(corpus, texts), seed, rule)
    write_json(out, made)
    sizes = {part: len(made.part(part)) for part in ALL_PARTS if part in PARTS or made.part(part)}
    summarise(
        as_json,
        {"splits": str(out), "articles": sizes},
        f"{out}: " + ", ".join(f"{number} articles in {part}" for part, number in sizes.items()),
    )


def _real_rule(sources: list[str] | None, test_from: str | None, old: Path) -> RealRule | None:
    if (sources is None) != (test_from is None):
        raise UsageError(
            "--real and --test-from",
            "only one of the two is given",
            "name the sources of real articles, and the day from which theirs test",
        )
    if sources is not None and test_from is not None:
        return RealRule(tuple(sorted(sources)), test_from)
    if not old.is_file():
        return None
    try:
        return load_splits(old).real
    except BaliseError as error:
        raise BaliseError(
            error.place,
            f"the split that stands there cannot say which articles are real ({error.problem})",
            "delete it, or give --real and --test-from",
        ) from error


@command(app, "train", example="balise model train --out build/model/conflict_news")
def train_command(
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    out: Annotated[Path, typer.Option(help="Folder of the trained pipeline.")] = MODEL,
    profile: ProfileName = "fast",
    camembert: Camembert = CAMEMBERT,
    config: Config = None,
    real: Real = False,
    texts: TextsDir = TEXTS,
    seed: Seed = 0,
    steps: Steps = None,
    as_json: AsJson = False,
) -> None:
    """Train a pipeline in spaCy's own loop, started from a model that knows French."""
    done = train.train_from(
        Sources(gold, corpus, splits, labels, "train", texts),
        out,
        sys.stderr,
        read_recipe(profile, config, steps, corpus, real=real, camembert=camembert),
        seed,
    )
    doubled = (
        f"{done.doubled} spans stand on the same tokens as another, and this pipeline finds one of "
        'each such two; for both, take a config with `factory = "spancat"`'
    )
    summarise(
        as_json,
        {"trained": msgspec.to_builtins(done)},
        f"{done.model}: trained on {done.articles['train']} articles with "
        f"{done.spans['train']} spans; {done.snapped} snapped to tokens, {done.dropped} dropped",
        *([doubled] if done.doubled else []),
        f"micro-F1 on dev, on which step {done.step} was chosen: {done.dev_f1:.3f}",
        f"Measure it with `balise model evaluate {done.model}`",
    )


evaluate.register(app)
compare.register(app)
curve.register(app)
suspects.register(app)
publish.register(app)
refine.register(app)

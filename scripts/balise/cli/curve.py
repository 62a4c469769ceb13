"""`balise model curve`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

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
    print_table,
    progress,
    summarise,
)
from balise.cli.training_options import Config, Jobs, ProfileName, Real, Steps, read_recipe
from balise.labels import load_labels
from balise.model.curve import MORE, SEEDS, SHARES, measure_curve
from balise.model.reference import Sources
from balise.model.trials import Setup
from balise.pages import show_difference, show_estimate

CURVE = BUILD / "model" / "curve.json"


def register(app: typer.Typer) -> None:
    """Add `curve` to the group `balise model`."""
    command(app, "curve", "balise model curve --jobs 2")(curve)


def curve(
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    texts: TextsDir = TEXTS,
    split: Annotated[str, typer.Option(help="The part to score on.")] = "dev",
    share: Annotated[
        list[float], typer.Option("--share", help="Share of the training articles; repeatable.")
    ] = [*SHARES],  # noqa: B006  # typer copies it
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each size.")] = SEEDS,
    more: Annotated[int, typer.Option(min=1, help="How many more articles to look ahead.")] = MORE,
    real: Real = False,
    profile: ProfileName = "fast",
    config: Config = None,
    steps: Steps = None,
    jobs: Jobs = 1,
    out: Annotated[Path, typer.Option(help="JSON file; its page is written beside it.")] = CURVE,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Train on growing shares of the articles; show the learning curve and what more would add."""
    sources = Sources(gold, corpus, splits, labels, split, texts)
    recipe = read_recipe(profile, config, steps, corpus, real=real)
    found = measure_curve(
        Setup(sources, load_labels(labels).version, recipe),
        out,
        shares=share,
        seeds=seeds,
        more=more,
        jobs=jobs,
        seed=seed,
        watch=progress,
    )
    if not as_json:
        print_table(
            f"Strict F1 on {found.tested} articles of {found.part}",
            ["training articles", "F1 (95 %)"],
            [[point.articles, show_estimate(point.f1)] for point in found.points],
        )
    ahead = found.forecast
    summarise(
        as_json,
        msgspec.to_builtins(found),
        f"{ahead.more} articles more would add {show_difference(ahead.gain)} and lead to "
        f"{show_estimate(ahead.f1)}",
        f"written: {out}, {out.with_suffix('.html')}",
    )

"""`balise model refine`."""

import sys
from collections.abc import Mapping
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
from balise.cli.training_options import Config, ProfileName, Real, Steps, read_recipe
from balise.errors import UsageError
from balise.model.reference import Sources
from balise.model.refine import Refined
from balise.model.refine import refine as refine_models


def register(app: typer.Typer) -> None:
    """Add `refine` to the group `balise model`."""
    command(
        app,
        "refine",
        "balise model refine build/model/a/model-best build/model/b/model-best "
        "--unlabelled texts/ --out build/model/refined",
    )(refine)


def refine(
    models: Annotated[
        list[Path], typer.Argument(metavar="MODEL...", help="Trainings with different seeds.")
    ],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    texts: TextsDir = TEXTS,
    unlabelled: Annotated[
        Path | None,
        typer.Option(help="Folder of texts (*.txt) for the trainings to label together."),
    ] = None,
    vote: Annotated[
        bool, typer.Option("--vote", help="Try the trainings' vote too: slower by their number.")
    ] = False,
    refit: Annotated[
        bool,
        typer.Option(
            "--refit",
            help="Do the best one's trainings again, on train and dev together, for the steps that "
            "were best on dev or for --steps.",
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of the refined pipeline.")] = BUILD
    / "model"
    / "refined",
    profile: ProfileName = "fast",
    config: Config = None,
    real: Real = False,
    steps: Steps = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Make one pipeline of several trainings: average, distil, vote, and keep the best on dev.

    With --refit, dev then trains too.
    """
    if refit:
        given = {"--config": config, "--seed": seed}
        _refuse_beside_refit(given | {"--profile": profile != "fast"})
    done = refine_models(
        models,
        Sources(gold, corpus, splits, labels, "dev", texts),
        out,
        sys.stderr,
        read_recipe(profile, config, steps, corpus, real=real),
        seed,
        unlabelled=unlabelled,
        vote=vote,
        refit=refit,
        watch=progress,
    )
    if not as_json:
        print_table(
            "Strict F1 on dev",
            ["candidate", "F1"],
            [[each.name, f"{each.dev_f1:.3f}"] for each in done.candidates],
        )
    summarise(
        as_json,
        msgspec.to_builtins(done),
        f"{done.model}: {done.kept}, the best on dev",
        *_refitted(done),
        *(
            [f"{done.silver} texts labelled, {done.held_back} held back: they resemble dev or test"]
            if unlabelled
            else []
        ),
        *(
            [
                f"{done.without_text} articles of dev or test have no text here: texts that only "
                "resemble them are not held back; `balise dataset rehydrate --texts DIR` brings it"
            ]
            if done.without_text
            else []
        ),
    )


def _refuse_beside_refit(options: Mapping[str, object]) -> None:
    for name, value in options.items():
        if value:
            raise UsageError(
                name,
                "is for what is distilled; trainings are done again as they were done",
                "leave it or --refit out",
            )


def _refitted(done: Refined) -> list[str]:
    """Say what `--refit` did, and where to measure it; nothing without it."""
    number = len(done.refits)
    if not number:
        return []
    were = "training was" if number == 1 else "trainings were"
    return [
        f"{number} {were} done again on train and dev, which can no longer tell how well they do",
        f"Measure it with `balise model evaluate {done.model}`",
    ]

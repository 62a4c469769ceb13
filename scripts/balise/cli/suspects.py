"""`balise model suspects`."""

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
from balise.cli.training_options import Config, Jobs, ProfileName, Steps, read_recipe
from balise.labels import load_labels
from balise.model.reference import Sources
from balise.model.suspects import FOLDS, Suspect, find_suspects
from balise.model.trials import Setup
from balise.records import Span

SUSPECTS = BUILD / "model" / "suspects.jsonl"


def register(app: typer.Typer) -> None:
    """Add `suspects` to the group `balise model`."""
    command(app, "suspects", "balise model suspects --jobs 2")(suspects)


def suspects(
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    texts: TextsDir = TEXTS,
    folds: Annotated[int, typer.Option(min=2, help="Models, each blind to its own part.")] = FOLDS,
    profile: ProfileName = "fast",
    config: Config = None,
    steps: Steps = None,
    jobs: Jobs = 1,
    out: Annotated[
        Path, typer.Option(help="JSONL file; a list of articles is written beside it.")
    ] = SUSPECTS,
    show: Annotated[int, typer.Option(min=0, help="How many to show.")] = 20,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """List the gold spans that models doubt which never saw their articles: likely errors."""
    setup = Setup(
        Sources(gold, corpus, splits, labels, "gold", texts),
        load_labels(labels).version,
        read_recipe(profile, config, steps, corpus),
    )
    found = find_suspects(setup, out, folds=folds, jobs=jobs, seed=seed, watch=progress)
    if not as_json and show:
        print_table(
            f"The likeliest errors of {gold}",
            ["gold", "model", "p(gold)", "article"],
            [_row(each) for each in found[:show]],
        )
    ids = out.with_suffix(".txt")
    summarise(
        as_json,
        {"suspects": msgspec.to_builtins(found[:show]), "found": len(found), "file": str(out)},
        f"{len(found)} places where a model reads otherwise: {out}",
        f"Look them over in Doccano: head -20 {ids} > build/relire.txt; balise tasks make --batch "
        f"relire --annotators NAME --articles build/relire.txt --suggest {gold}",
    )


def _row(suspect: Suspect) -> list[object]:
    start = min(span.start for span in (suspect.gold, suspect.predicted) if span is not None)
    return [
        _show(suspect.surfaces[0], suspect.gold),
        _show(suspect.surfaces[1], suspect.predicted),
        f"{suspect.probability:.3f}",
        f"{suspect.article}:{start}",
    ]


def _show(surface: str | None, span: Span | None) -> str:
    return "–" if span is None else f"{surface} ({span.label})"

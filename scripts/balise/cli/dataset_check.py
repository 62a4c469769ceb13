"""`balise dataset check`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import (
    ANNOTATIONS,
    CORPUS,
    DATASET,
    GOLD,
    LABELS,
    SPLITS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    SplitsFile,
    TextsDir,
    command,
    print_table,
    progress,
    summarise,
)
from balise.dataset.check import CheckResult, check_dataset
from balise.dataset.checks.findings import ACCEPTED
from balise.dataset.release import Inputs


def register(app: typer.Typer) -> None:
    """Add `check` to the group `balise dataset`."""
    command(app, "check", "balise dataset check build/dataset")(check)


def check(
    folder: Annotated[Path, typer.Argument(help="The dataset's folder.")] = DATASET,
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    annotations: AnnotationsDir = ANNOTATIONS,
    as_json: AsJson = False,
) -> None:
    """Find offline what the Hub or a careful publisher would refuse; exit 1 where there is any.

    Secrets, personal data, duplicates and events that straddle splits can be accepted on purpose,
    in corpus/accepted.tsv. Needs the extra balise[release].
    """
    result = check_dataset(
        folder,
        Inputs(gold, corpus, splits, labels, texts, annotations),
        lambda names: progress(names, "Checking"),
    )
    if not as_json:
        print_table(
            "Checks",
            ("check", "findings", "accepted"),
            ((f"{run.name}: {run.what}", run.findings, run.accepted) for run in result.checks),
        )
    summarise(as_json, msgspec.to_builtins(result), *_lines(result))
    if result.problems:
        raise typer.Exit(1)


def _lines(result: CheckResult) -> list[str]:
    count = len(result.problems)
    compared = ", ".join(f"{rows} rows of {config}" for config, rows in result.rows.items())
    return [
        *result.problems,
        *(
            f"accepted: {one.check} {one.place} {one.mark} ({one.reason})"
            for one in result.accepted
        ),
        *(
            f"{ACCEPTED}: nothing found for {one.check} {one.place} {one.mark}; remove the line "
            "unless its text is not here"
            for one in result.idle
        ),
        f"{compared} compared, {len(result.checks)} checks, "
        f"{count} problem{'' if count == 1 else 's'}",
    ]

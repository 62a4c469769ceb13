"""`balise annotations audit`: what became of a batch's suggestions."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.annotations.audit import audit_batch
from balise.bootstrap import RESAMPLES
from balise.cli.auditing_tables import print_audit
from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    LABELS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    LabelsFile,
    Seed,
    command,
    progress,
    summarise,
)
from balise.labels import load_labels

AUDIT = BUILD / "annotations" / "audit.json"


def register(app: typer.Typer) -> None:
    """Add `audit` to the group `balise annotations`."""
    command(app, "audit", "balise annotations audit b1")(audit)


def audit(
    batch: Annotated[str, typer.Argument(help="The batch; made with --suggest.")],
    out: Annotated[Path, typer.Option(help="JSON file to write.")] = AUDIT,
    tasks: Annotated[Path, typer.Option(help="Folder of the batches.")] = BUILD / "tasks",
    corpus: CorpusDir = CORPUS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    seed: Seed = 0,
    resamples: Annotated[
        int, typer.Option(min=100, max=100_000, help="Resamples of the bootstrap.")
    ] = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Say what annotators made of a batch's suggestions, and what showing these changed."""
    made = audit_batch(
        batch,
        annotations,
        tasks,
        corpus,
        load_labels(labels),
        out,
        seed=seed,
        resamples=resamples,
        track=lambda reads: progress(reads, "Comparing"),
    )
    if not as_json:
        print_audit(made)
    lines = []
    if made.unconfirmed:
        lines.append(f"left out: {made.unconfirmed} readings that are not confirmed")
    if made.unassigned:
        lines.append(
            f"left out: {made.unassigned} readings that the batch does not ask their annotator "
            "for; nobody knows what they saw"
        )
    summarise(as_json, msgspec.to_builtins(made), *lines, f"written: {out}")

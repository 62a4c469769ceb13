"""`balise annotations`: foreign files in, readings checked, gold made, files out."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from balise.annotations.exporting import export_records
from balise.annotations.gold import make_gold
from balise.annotations.importing import (
    choose_reader,
    import_readings,
    parse_map,
    reading_path,
)
from balise.cli import adjudicating, auditing, quality
from balise.cli.common import (
    ANNOTATIONS,
    CORPUS,
    DISAGREEMENTS,
    LABELS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    LabelsFile,
    TextsDir,
    command,
    progress,
    summarise,
)
from balise.errors import UsageError
from balise.labels import load_labels
from balise.offsets import Unit

app = typer.Typer(
    name="annotations",
    help="Foreign files → readings → gold: import, check, decide, export.",
    no_args_is_help=True,
)

GOLD = "gold.jsonl"


@command(
    app,
    "import",
    "balise annotations import --format doccano --offsets utf16 --approved export.zip "
    "--batch b1 --annotator anne",
)
def import_(
    file: Annotated[Path, typer.Argument(help="The foreign file; for brat a folder too.")],
    format_: Annotated[
        Literal["doccano", "conll", "spacy", "brat"], typer.Option("--format", help="Its format.")
    ],
    batch: Annotated[str, typer.Option(help="The batch's name, and its folder's.")],
    annotator: Annotated[str, typer.Option(help="Whose reading it is.")],
    offsets: Annotated[
        Unit | None,
        typer.Option(
            help="What a Doccano export counts in: utf16 without grapheme mode, grapheme with it."
        ),
    ] = None,
    approved: Annotated[
        bool,
        typer.Option(
            "--approved",
            help="The Doccano export was made with `Export only approved documents`; without "
            "it, its documents count as unread and never become gold.",
        ),
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OLD=NEW", help="Rename a label; may be repeated."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite readings that differ.")
    ] = False,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Turn a foreign file into one annotator's readings, with a ledger of its spans."""
    scheme = load_labels(labels)
    made = import_readings(
        file,
        choose_reader(format_, offsets, approved=approved, overlapping=scheme.overlapping),
        f"import:{format_}",
        reading_path(annotations, batch, annotator),
        corpus,
        scheme,
        parse_map(map_ or [], scheme),
        replace=replace,
        track=lambda documents: progress(documents, "Importing"),
        texts=texts,
    )
    ledger = made.ledger
    lines = [
        f"{made.articles} articles, {ledger.spans_out} spans "
        f"({ledger.kept} kept, {ledger.trimmed} trimmed, {ledger.dropped} dropped)"
    ]
    if made.unconfirmed:
        lines.append(
            f"{made.unconfirmed} are not confirmed and will not be gold: of an unread document "
            "nobody knows; --approved says that a Doccano export holds approved documents only"
        )
    if made.set_aside:
        lines.append(f"{made.set_aside} relations, events or attributes were passed over")
    lines.append(f"{made.path} is unchanged" if made.unchanged else f"→ {made.path}")
    values = msgspec.to_builtins(made)
    values["ledger"].pop("entries")
    summarise(as_json, values, *lines)


@command(app, "gold", "balise annotations gold")
def gold(
    out: Annotated[
        Path | None, typer.Option(help="The gold file (annotations/gold.jsonl).")
    ] = None,
    undecided: Annotated[
        Path, typer.Option("--disagreements", help="What readers left undecided.")
    ] = DISAGREEMENTS,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Turn confirmed readings into gold: single, agreed, by majority, or adjudicated."""
    out = out or annotations / GOLD
    made = make_gold(annotations, corpus, load_labels(labels), out, undecided, texts)
    decisions = ", ".join(f"{count} {name}" for name, count in made.decisions.items())
    lines = [f"{made.articles} articles ({decisions or 'none'}), {made.spans} spans → {out}"]
    if made.unconfirmed:
        lines.append(f"{made.unconfirmed} unconfirmed readings were left out")
    if made.disagreements:
        lines.append(f"{len(made.disagreements)} articles are left out, undecided → {undecided}:")
        lines.extend(f"  {article}" for article in made.disagreements)
    summarise(as_json, msgspec.to_builtins(made), *lines)


@command(app, "export", "balise annotations export --format spacy --out build/gold.spacy")
def export(
    format_: Annotated[
        Literal["doccano", "spacy", "jsonl"],
        typer.Option("--format", help="The new file's format."),
    ],
    out: Annotated[Path, typer.Option(help="The new file.")],
    gold_file: Annotated[
        Path | None, typer.Option("--gold", help="Gold to export (annotations/gold.jsonl).")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="Export readings: their batch; with --annotator.")
    ] = None,
    annotator: Annotated[str | None, typer.Option(help="Whose readings to export.")] = None,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Turn gold, or one annotator's readings, into a file for another tool."""
    readings = _readings_to_export(gold_file, batch, annotator, annotations)
    made = export_records(
        format_,
        readings or gold_file or annotations / GOLD,
        corpus,
        out,
        is_gold=readings is None,
        track=lambda examples: progress(examples, "Exporting"),
        texts=texts,
        overlapping=format_ == "spacy" and load_labels(labels).overlapping,
    )
    lines = [f"{made.articles} articles, {made.spans} spans → {made.path}"]
    if made.ledger is not None:
        lines.append(f"tokens: {made.ledger.snapped} spans snapped, {made.ledger.dropped} dropped")
    if made.unconfirmed:
        lines.append(f"{made.unconfirmed} unconfirmed readings were left out")
    if made.without_text:
        lines.append(f"{len(made.without_text)} articles without text here were left out:")
        lines.extend(f"  {article}" for article in made.without_text)
    values = msgspec.to_builtins(made)
    if made.ledger is not None:
        values["ledger"].pop("entries")
    summarise(as_json, values, *lines)


def _readings_to_export(
    gold_file: Path | None, batch: str | None, annotator: str | None, annotations: Path
) -> Path | None:
    if batch is None and annotator is None:
        return None
    if batch is None or annotator is None:
        raise UsageError("--batch", "readings have a batch and an annotator", "name both")
    if gold_file is not None:
        raise UsageError("--gold", "given beside --batch and --annotator", "choose one of the two")
    return reading_path(annotations, batch, annotator)


quality.register(app)
auditing.register(app)
adjudicating.register(app)

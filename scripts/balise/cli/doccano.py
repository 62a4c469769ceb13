"""`balise doccano`: a server of our own, and what goes to it and comes back."""

import shlex
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.batches import load_batch
from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    LABELS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    LabelsFile,
    TextsDir,
    command,
    print_table,
    summarise,
)
from balise.doccano import connect, credentials, database, progress, pull, push, server
from balise.errors import UsageError
from balise.labels import load_labels
from balise.stores import load_articles

app = typer.Typer(
    name="doccano",
    help="Run Doccano on loopback; send tasks to it and bring readings back.",
    no_args_is_help=True,
)

HomeDir = Annotated[Path, typer.Option("--home", help="Folder of the server's data and secrets.")]
TasksDir = Annotated[Path, typer.Option("--tasks", help="Folder of the batches.")]
BatchName = Annotated[str, typer.Argument(metavar="BATCH", help="The batch's name.")]
HOME = BUILD / "doccano"
TASKS = BUILD / "tasks"


@command(app, "up", example="balise doccano up --port 8000")
def up_command(
    context: typer.Context,
    home: HomeDir = HOME,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8000,
    database_url: Annotated[
        str | None,
        typer.Option(
            envvar="BALISE_DATABASE_URL",
            help="PostgreSQL instead of SQLite; a password belongs in the variable.",
        ),
    ] = None,
    python: Annotated[
        str | None, typer.Option(help="The Python 3.8 to 3.11 that Doccano gets.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Install, start and check a Doccano bound to 127.0.0.1; one that runs is left alone."""
    source = context.get_parameter_source("database_url")
    typed = source is not None and source.name == "COMMANDLINE"
    if typed and database.has_password(database_url or ""):
        raise UsageError(
            "--database-url",
            "holds a password, and arguments are seen by every user of the machine",
            "set BALISE_DATABASE_URL instead",
        )
    state = server.up(home, port, database_url, python)
    summarise(
        as_json,
        {"url": state.url, "user": credentials.ADMIN, "secrets": str(home / "secrets.json")},
        f"Doccano answers at {state.url}",
        f"Log in as {credentials.ADMIN}; its password is in {home / 'secrets.json'}",
        "Stop it with `balise doccano down"
        + ("`" if home == HOME else f" --home {shlex.quote(str(home))}`"),
    )


@command(app, "down", example="balise doccano down")
def down_command(home: HomeDir = HOME, as_json: AsJson = False) -> None:
    """Stop the Doccano of this folder; its data stays."""
    stopped = server.down(home)
    line = "Doccano is stopped" if stopped else f"No Doccano was running in {home}"
    summarise(as_json, {"stopped": stopped}, line)


@command(app, "push", example="balise doccano push premiers")
def push_command(
    batch: BatchName,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Send a batch to Doccano, one project an annotator, and read everything back."""
    logins = credentials.Logins(home)
    done = push.push(tasks / batch, connect.connect(home), logins, load_labels(labels))
    summarise(
        as_json,
        {"pushed": done, "logins": str(logins.path)},
        *(
            f"{one.project}: {one.added} documents added with {one.suggestions} suggested spans, "
            f"read back and equal; {one.there} were there already"
            for one in done
        ),
        f"The annotators' passwords are in {logins.path}",
    )


@command(app, "progress", example="balise doccano progress premiers")
def progress_command(
    batch: BatchName, tasks: TasksDir = TASKS, home: HomeDir = HOME, as_json: AsJson = False
) -> None:
    """Show how many documents each annotator has confirmed, and the spans by label."""
    found = progress.progress(load_batch(tasks / batch), connect.connect(home))
    if as_json:
        summarise(as_json, {"progress": msgspec.to_builtins(found)})
        return
    columns = ("annotator", "documents", "confirmed", "spans")
    print_table(
        f"Batch {batch}",
        columns,
        [(one.annotator, one.documents, one.confirmed, one.spans) for one in found],
    )
    print_table(
        "Spans by label, suggestions included",
        ("label", *(one.annotator for one in found)),
        [
            (label, *(one.labels.get(label, 0) for one in found))
            for label in sorted({label for one in found for label in one.labels})
        ],
    )


@command(app, "pull", example="balise doccano pull premiers")
def pull_command(
    batch: BatchName,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Bring the confirmed readings of a batch back, with a ledger of every span."""
    done = pull.pull(
        load_batch(tasks / batch),
        connect.connect(home),
        load_articles(corpus, texts),
        load_labels(labels),
        annotations,
    )
    lines = []
    for one in done:
        ledger = one.ledger
        lines.append(
            f"{one.path}: {one.confirmed} confirmed ({one.added} new, {one.changed} changed, "
            f"{one.unchanged} unchanged), {one.unconfirmed} not confirmed and left out; "
            f"{ledger.spans_in} spans came, {ledger.kept} kept, {ledger.trimmed} trimmed, "
            f"{ledger.dropped} dropped"
        )
        if one.withdrawn:
            lines.append(
                f"{one.path}: no longer confirmed, earlier reading kept: {', '.join(one.withdrawn)}"
            )
    summarise(as_json, {"pulled": msgspec.to_builtins(done)}, *lines)

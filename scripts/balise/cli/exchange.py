"""`balise doccano push`, `progress` and `pull`: what goes to Doccano and what comes back."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Group
from rich.live import Live

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
    make_table,
    print_table,
    progress,
    summarise,
)
from balise.cli.decisions import decisions_json, gold_again, outdated_documents
from balise.doccano.adjudication import join_adjudication
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.findings import Finding
from balise.doccano.progress import Progress, Watch
from balise.doccano.pull import Pulled, pull
from balise.doccano.push import push
from balise.files import locked
from balise.labels import load_labels
from balise.stores import load_articles

HomeDir = Annotated[Path, typer.Option("--home", help="Folder of the server's data and secrets.")]
TasksDir = Annotated[Path, typer.Option("--tasks", help="Folder of the batches.")]
BatchName = Annotated[str, typer.Argument(metavar="BATCH", help="The batch's name.")]
HOME = BUILD / "doccano"
TASKS = BUILD / "tasks"
ASIDE = BUILD / "set-aside"
_COLUMNS = ("annotator", "assigned", "confirmed", "spans", "spans/article", "last activity")


def register(app: typer.Typer) -> None:
    """Add `push`, `progress` and `pull` to the group `balise doccano`."""
    command(app, "push", "balise doccano push premiers")(push_command)
    command(app, "progress", "balise doccano progress premiers --watch 30")(progress_command)
    command(app, "pull", "balise doccano pull premiers")(pull_command)


def push_command(
    batch: BatchName,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Send what a batch lacks in Doccano, one project an annotator, and read everything back."""
    with locked(home):
        logins = Logins(home)
        done = push(tasks / batch, connect(home), logins, load_labels(labels))
    lines = []
    for one in done:
        lines.append(
            f"{one.project}: {one.added} documents added with {one.suggestions} suggested spans, "
            f"read back and equal; {one.there} were there already and are as they were"
        )
        lines += _say(one.findings)
    lines.append(f"The annotators' passwords are in {logins.path}")
    summarise(as_json, {"pushed": msgspec.to_builtins(done), "logins": str(logins.path)}, *lines)


def progress_command(
    batch: BatchName,
    watch: Annotated[
        float | None,
        typer.Option(min=1, help="Look again every so many seconds, until Ctrl-C."),
    ] = None,
    activity: Annotated[
        bool, typer.Option(help="Ask for the last activity: one request a document.")
    ] = True,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Show how many documents each annotator has confirmed, when last, and the spans by label."""
    server = connect(home)
    joined, _ = join_adjudication(load_batch(tasks / batch), tasks, server)
    watched = Watch(
        joined,
        server,
        load_labels(labels),
        activity=activity,
        track=lambda items: progress(items, "Looking") if watch is None else items,
    )
    found = watched.look()
    if as_json:
        summarise(True, {"progress": msgspec.to_builtins(found)})
    elif watch is None:
        for title, columns, rows in _progress_tables(batch, found):
            print_table(title, columns, rows)
    else:
        _watch(batch, watched, found, watch)
    if not as_json:
        summarise(False, {}, *(line for one in found for line in _say(one.findings)))


def _watch(batch: str, watched: Watch, found: list[Progress], seconds: float) -> None:
    def tables() -> Group:
        return Group(*(make_table(*each) for each in _progress_tables(batch, found)))

    try:
        with Live(tables(), auto_refresh=False) as live:
            while True:
                time.sleep(seconds)
                found[:] = watched.look()
                live.update(tables(), refresh=True)
    except KeyboardInterrupt:
        return


def _progress_tables(
    batch: str, found: Sequence[Progress]
) -> Iterable[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    yield (
        f"Batch {batch}",
        _COLUMNS,
        [
            (
                one.annotator,
                one.assigned,
                one.confirmed,
                one.spans,
                "–" if one.spans_an_article is None else f"{one.spans_an_article:.1f}",
                (one.last_activity or "–")[:16].replace("T", " "),
            )
            for one in found
        ],
    )
    yield (
        "Spans by label, suggestions included",
        ("label", *(one.annotator for one in found)),
        [
            (label, *(one.labels.get(label, 0) for one in found))
            for label in sorted({label for one in found for label in one.labels})
        ],
    )


def pull_command(
    batch: BatchName,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    aside: Annotated[
        Path, typer.Option(help="Folder for documents that are at fault, as the server has them.")
    ] = ASIDE,
    gold: Annotated[
        bool, typer.Option("--gold/--no-gold", help="Make gold again when decisions came.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Bring the confirmed readings of a batch back, with a ledger of every span.

    What changed since the last pull is written and said. An adjudicator's decisions come too, and
    gold is made again with them. Exit 1 where something on the server is at fault, or gold cannot
    be made; everything else was pulled nevertheless.
    """
    scheme, articles, server = load_labels(labels), load_articles(corpus, texts), connect(home)
    joined, findings = join_adjudication(load_batch(tasks / batch), tasks, server)
    done = pull(joined, server, articles, scheme, annotations, aside)
    made = gold_again(done, joined.batch, annotations, corpus, scheme, texts) if gold else None
    findings += outdated_documents(server, joined, annotations, articles)
    lines = [line for one in done for line in _pulled_lines(one, aside / joined.batch)]
    lines += [*_say(findings), *(made.lines() if made else ())]
    values = {"pulled": msgspec.to_builtins(done), **decisions_json(made, findings)}
    summarise(as_json, values, *lines)
    findings += [finding for one in done for finding in one.findings]
    if any(finding.level == "fault" for finding in findings) or (made and made.problem):
        raise typer.Exit(1)


def _pulled_lines(one: Pulled, aside: Path) -> list[str]:
    ledger = one.ledger
    lines = [
        f"{one.path}: {one.confirmed} confirmed ({one.added} new, {one.changed} changed, "
        f"{one.unchanged} unchanged), {one.unconfirmed} not confirmed and left out; "
        f"{ledger.spans_in} spans came, {ledger.kept} kept, {ledger.trimmed} trimmed, "
        f"{ledger.dropped} dropped"
    ]
    for change in one.changes:
        comments = ", other comments" if change.comments else ""
        lines.append(
            f"  {change.article}: +{len(change.added)} −{len(change.removed)} spans{comments}"
        )
    if one.withdrawn:
        lines.append(f"  no longer confirmed, earlier reading kept: {', '.join(one.withdrawn)}")
    if one.set_aside:
        file = aside / f"{one.annotator}.jsonl"
        lines.append(f"  set aside in {file}: {', '.join(one.set_aside)}")
    return lines + _say(one.findings)


def _say(findings: Iterable[Finding]) -> list[str]:
    return [f"  {finding.level}: {finding}" for finding in findings]

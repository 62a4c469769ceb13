"""`balise annotations adjudicate`: what readers left undecided goes to an adjudicator."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer

from balise.annotations.adjudicate import Adjudication, make_adjudication
from balise.annotations.auto_majority import MajorityMade, decide_by_majority
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
    summarise,
)
from balise.cli.decisions import outdated_documents
from balise.cli.exchange import HOME, TASKS, BatchName, HomeDir, TasksDir
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.files import locked
from balise.labels import load_labels
from balise.stores import ADJUDICATION, load_articles

VOTES = BUILD / "annotations" / "majority.json"


def register(app: typer.Typer) -> None:
    """Add `adjudicate` to the group `balise annotations`."""
    command(app, "adjudicate", "balise annotations adjudicate b1")(adjudicate)


def adjudicate(
    batch: BatchName,
    auto: Annotated[
        Literal["majority"] | None,
        typer.Option(help="First let the votes of three and more readers decide, span by span."),
    ] = None,
    send: Annotated[
        bool, typer.Option("--push/--no-push", help="Send the folder to Doccano.")
    ] = True,
    votes: Annotated[Path, typer.Option(help="JSON file that lists what --auto decided.")] = VOTES,
    tasks: TasksDir = TASKS,
    home: HomeDir = HOME,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Make a Doccano project of a batch's disagreements, with each reading beside the text.

    Run again, it adds what became undecided since. `balise doccano pull` brings the decisions.
    """
    scheme = load_labels(labels)
    counted = None
    if auto:
        counted = decide_by_majority(batch, annotations, corpus, scheme, votes, texts)
    guideline = annotations / "guidelines.fr.md"
    made = make_adjudication(batch, annotations, corpus, tasks, scheme, guideline, texts)
    values: dict[str, Any] = {"batch": batch, **msgspec.to_builtins(made)}
    lines = [_made_line(batch, made)]
    if counted is not None:
        values["majority"] = msgspec.to_builtins(counted)
        lines = [*_votes_lines(counted, votes), *lines]
    if made.articles and send:
        with locked(home):
            logins = Logins(home)
            server = connect(home)
            [pushed] = push(Path(made.folder), server, logins, scheme)
        known = load_articles(corpus, texts)
        findings = outdated_documents(server, load_batch(Path(made.folder)), annotations, known)
        values |= {
            "pushed": msgspec.to_builtins(pushed),
            "findings": msgspec.to_builtins(findings),
            "logins": str(logins.path),
        }
        lines.append(
            f"{pushed.project}: {pushed.added} documents added, read back and equal; "
            f"{pushed.there} were there already and are as they were"
        )
        lines += [f"  {one.level}: {one}" for one in (*pushed.findings, *findings)]
        lines.append(
            f"Log in as {ADJUDICATION}; the password is in {logins.path}; "
            f"next: balise doccano pull {batch}"
        )
    elif made.articles:
        lines.append(f"→ {made.folder}; next: balise annotations adjudicate {batch}")
    summarise(as_json, values, *lines)


def _made_line(batch: str, made: Adjudication) -> str:
    if not made.undecided:
        return f"{batch}: every article is decided"
    return f"{batch}: undecided articles: {len(made.undecided)} ({len(made.added)} new)"


def _votes_lines(counted: MajorityMade, votes: Path) -> list[str]:
    lines = []
    for one in counted.counted.decided:
        new = " (new)" if one.article in counted.changed else ""
        lines.append(f"{one.article}: decided by the votes of {', '.join(one.readers)}{new}")
        lines += [f"  {comment}" for comment in one.comments]
    if counted.withdrawn:
        lines.append(f"votes hold no more, taken back: {', '.join(counted.withdrawn)}")
    total = len(counted.counted.decided)
    lines.append(
        f"decided by votes: {total} ({len(counted.changed)} new) → {counted.path}, {votes}; "
        "next: balise annotations gold"
    )
    return lines

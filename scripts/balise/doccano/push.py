"""A batch goes to Doccano: one project an annotator, read back and compared.

Every row carries the id of its push in `meta.push`, so that a push that fails can remove what it
sent and nothing else.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from balise.batches import (
    GUIDELINE_FILE,
    LABELS_FILE,
    Batch,
    DoccanoLabel,
    TaskRow,
    load_batch,
    load_rows,
)
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.findings import Finding, refuse_faults
from balise.doccano.leftovers import clear_leftovers
from balise.doccano.project import (
    Own,
    complete_project,
    create_project,
    find_own,
    refuse_rival,
)
from balise.doccano.sending import mark_verified, send_rows, verify_rows
from balise.doccano.standing import look
from balise.doccano.wire import read_spans
from balise.errors import BaliseError
from balise.files import read_text
from balise.jsonl import read_json
from balise.labels import LabelScheme
from balise.spans import check_spans, require_hash


class Pushed(msgspec.Struct, frozen=True):
    """What a push did for one annotator; `suggestions` counts the spans in the rows added.

    `there` documents were there already and are as their annotator left them; `findings` say what
    people changed in the project meanwhile.
    """

    annotator: str
    project: str
    added: int
    there: int
    suggestions: int
    findings: tuple[Finding, ...]


class _Project(msgspec.Struct):
    """One annotator's project during a push."""

    own: Own
    created: bool
    missing: list[TaskRow]
    findings: tuple[Finding, ...] = ()


class _Sources(msgspec.Struct, frozen=True):
    """What a push sends, checked."""

    batch: Batch
    guideline: str
    config: tuple[DoccanoLabel, ...]
    rows: Mapping[str, list[TaskRow]]
    labels: LabelScheme


def push(folder: Path, server: Server, logins: Logins, labels: LabelScheme) -> list[Pushed]:
    """Send a batch's missing rows to each annotator's project and prove that they arrived.

    Everything is checked before the first row goes out. Annotators become members only when all
    rows of all projects were read back and are what was sent; before that, a failure removes
    what this run made and nothing else. An annotator without articles gets no project.

    Raises:
        BaliseError: the batch is not in order, people changed a project in a way that needs a
            person, the server fails, or what it holds is not what was sent.
    """
    sources = _load(folder, labels)
    run = secrets.token_hex(4)
    projects: list[_Project] = []
    try:
        for annotator, rows in sources.rows.items():
            if rows:
                one = _open(server, sources, annotator, projects)
                send_rows(server, one.own.project, one.missing, run)
                verify_rows(server, one.own, one.missing, run)
    except BaseException as error:
        _undo(server, projects, run, error)
        raise
    for one in projects:
        _admit(server, one, run, logins)
    return [
        Pushed(
            one.own.mark.annotator,
            one.own.project.name,
            added=len(one.missing),
            there=len(sources.rows[one.own.mark.annotator]) - len(one.missing),
            suggestions=sum(len(row.label) for row in one.missing),
            findings=one.findings,
        )
        for one in projects
    ]


def _load(folder: Path, labels: LabelScheme) -> _Sources:
    batch = load_batch(folder)
    if batch.labels != labels.version:
        raise BaliseError(
            folder,
            f"made with label scheme {batch.labels}, the scheme now is {labels.version}",
            "make the batch again with `balise tasks make`",
        )
    return _Sources(
        batch,
        read_text(folder / GUIDELINE_FILE),
        read_json(folder / LABELS_FILE, tuple[DoccanoLabel, ...]),
        {name: _checked_rows(folder, batch, name, labels) for name in batch.annotators},
        labels,
    )


def _checked_rows(folder: Path, batch: Batch, annotator: str, labels: LabelScheme) -> list[TaskRow]:
    rows = load_rows(folder, batch, annotator)
    for row in rows:
        place = f"{folder} ({annotator}, {row.meta.article})"
        require_hash(row.text, row.meta.sha256, place)
        check_spans(row.text, read_spans(row.text, row.label, place), labels, place)
    return rows


def _open(server: Server, sources: _Sources, annotator: str, projects: list[_Project]) -> _Project:
    """Find or create a project, and see which rows it lacks."""
    batch, rows = sources.batch.batch, sources.rows[annotator]
    found = find_own(server, batch, annotator)
    own = found or create_project(
        server, batch, annotator, sources.guideline, overlapping=sources.labels.overlapping
    )
    one = _Project(own, created=found is None, missing=list(rows))
    projects.append(one)
    if own.mark.project is None:
        one.own = own = complete_project(server, own, sources.config)
        refuse_rival(server, own)
    if found:
        standing = look(server, own, [row.meta for row in rows], sources.labels)
        refuse_faults(standing.findings)
        by_article = {row.meta.article: row for row in rows}
        there = set(standing.documents)
        one.own, kept = clear_leftovers(
            server, standing.own, standing.leftovers, by_article, there, standing.place
        )
        there |= kept
        one.missing = [row for row in rows if row.meta.article not in there]
        one.findings = standing.findings
    return one


def _admit(server: Server, one: _Project, run: str, logins: Logins) -> None:
    """Record that a project was verified and let its annotator in."""
    # Without a new row too: documents of earlier pushes may be gone, and were said to be.
    one.own = mark_verified(server, one.own, run, len(one.missing))
    annotator, project = one.own.mark.annotator, one.own.project
    if not server.has_user(annotator):
        server.create_user(annotator, logins.create(annotator))
    if annotator not in [member.username for member in server.members(project)]:
        server.add_annotator(project, annotator)


def _undo(server: Server, projects: list[_Project], run: str, error: BaseException) -> None:
    """Remove what this run made, after the server's running task has ended."""
    try:
        server.settle()
        for one in projects:
            examples = server.examples(one.own.project)
            ids = [each.id for each in examples if each.row_meta.get("push") == run]
            # Another push may have gone on with a project that this one began.
            if one.created and len(ids) == len(examples):
                server.delete_project(one.own.project)
            elif ids:
                server.delete_examples(one.own.project, ids)
    except BaliseError:
        error.add_note(f"What push {run} sent could not be removed; the next push removes it.")

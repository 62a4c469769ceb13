"""A batch goes to Doccano: one project an annotator, read back and compared.

Every row carries the id of its push in `meta.push`, so that a push that fails can remove what it
sent and nothing else.
"""

import json
import secrets
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
from balise.doccano.project import (
    create_project,
    ensure_labels,
    mark_verified,
    project_name,
    verified_articles,
)
from balise.doccano.wire import ServerProject, read_spans
from balise.errors import BaliseError
from balise.files import read_text
from balise.jsonl import read_json
from balise.labels import LabelScheme
from balise.spans import check_spans, require_hash

_FILE_ROWS = 1000


class Pushed(msgspec.Struct, frozen=True):
    """What a push did for one annotator; `suggestions` counts the spans in the rows added."""

    annotator: str
    project: str
    added: int
    there: int
    suggestions: int


class _Share(msgspec.Struct):
    """One annotator's project during a push."""

    annotator: str
    project: ServerProject
    created: bool
    missing: list[TaskRow]


def push(folder: Path, server: Server, logins: Logins, labels: LabelScheme) -> list[Pushed]:
    """Send a batch's missing rows to each annotator's project and prove that they arrived.

    Everything is checked before the first row goes out. Annotators become members only when all
    rows of all projects were read back and are what was sent; before that, a failure removes
    what this run made and nothing else.

    Raises:
        BaliseError: the batch is not in order, the server fails, or what it holds is not what
            was sent.
    """
    batch = load_batch(folder)
    if batch.labels != labels.version:
        raise BaliseError(
            folder,
            f"made with label scheme {batch.labels}, the scheme now is {labels.version}",
            "make the batch again with `balise tasks make`",
        )
    guideline = read_text(folder / GUIDELINE_FILE)
    config = read_json(folder / LABELS_FILE, tuple[DoccanoLabel, ...])
    rows = {name: _checked_rows(folder, batch, name, labels) for name in batch.annotators}
    run = secrets.token_hex(4)
    shares: list[_Share] = []
    try:
        for annotator, own in rows.items():
            name = project_name(batch.batch, annotator)
            found = server.find_project(name)
            project = found or create_project(server, name, guideline)
            share = _Share(annotator, project, created=found is None, missing=own)
            shares.append(share)
            ensure_labels(server, project, config)
            if found:
                there = verified_articles(server, project)
                share.missing = [row for row in own if row.meta.article not in there]
            _upload(server, share, run)
            _verify(server, share, run)
    except BaseException as error:
        _undo(server, shares, run, error)
        raise
    for share in shares:
        _admit(server, share, run, logins)
    return [
        Pushed(
            share.annotator,
            share.project.name,
            added=len(share.missing),
            there=len(rows[share.annotator]) - len(share.missing),
            suggestions=sum(len(row.label) for row in share.missing),
        )
        for share in shares
    ]


def _admit(server: Server, share: _Share, run: str, logins: Logins) -> None:
    """Record that a share was verified and let its annotator in."""
    if share.missing:
        mark_verified(server, share.project, run)
    if not server.has_user(share.annotator):
        server.create_user(share.annotator, logins.create(share.annotator))
    server.add_annotator(share.project, share.annotator)


def _checked_rows(folder: Path, batch: Batch, annotator: str, labels: LabelScheme) -> list[TaskRow]:
    rows = load_rows(folder, batch, annotator)
    for row in rows:
        place = f"{folder} ({annotator}, {row.meta.article})"
        require_hash(row.text, row.meta.sha256, place)
        check_spans(row.text, read_spans(row.text, row.label, place), labels, place)
    return rows


def _upload(server: Server, share: _Share, run: str) -> None:
    for first in range(0, len(share.missing), _FILE_ROWS):
        lines = [
            json.dumps(
                {
                    "text": row.text,
                    "label": row.label,
                    "meta": {**msgspec.to_builtins(row.meta), "push": run},
                }
            )
            for row in share.missing[first : first + _FILE_ROWS]
        ]
        content = "".join(f"{line}\n" for line in lines).encode("ascii")
        server.upload(share.project, f"{share.project.name}-{first}.jsonl", content)


def _verify(server: Server, share: _Share, run: str) -> None:
    """Compare what this run sent with what the server now holds of it."""
    if not share.missing:
        return
    rows = server.export(share.project, confirmed_only=False)
    found = sorted(
        (str(row.meta.get("article")), row.text, tuple(sorted(row.label)), row.meta.get("sha256"))
        for row in rows
        if row.meta.get("push") == run
    )
    sent = sorted(
        (row.meta.article, row.text, tuple(sorted(row.label)), row.meta.sha256)
        for row in share.missing
    )
    if found != sent:
        different = {row[0] for row in found} ^ {row[0] for row in sent} or {
            row[0] for row, other in zip(sent, found, strict=False) if row != other
        }
        raise BaliseError(
            f"{server.url} (project {share.project.name})",
            f"{len(sent)} documents were sent and {len(found)} came back; these differ: "
            f"{', '.join(sorted(different)[:5])}",
            "push again; if it differs again, check the server's version and log",
        )


def _undo(server: Server, shares: list[_Share], run: str, error: BaseException) -> None:
    """Remove what this run made, after the server's running task has ended."""
    try:
        server.settle()
        for share in shares:
            if share.created:
                server.delete_project(share.project)
                continue
            examples = server.examples(share.project)
            if ids := [one.id for one in examples if one.row_meta.get("push") == run]:
                server.delete_examples(share.project, ids)
    except BaliseError:
        error.add_note(f"What push {run} sent could not be removed; the next push removes it.")

"""Rows are sent, read back, compared with what was sent, and only then called verified."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from balise.batches import TaskRow, reading_comments
from balise.doccano.client import Server
from balise.doccano.leftovers import is_touched
from balise.doccano.mark import Mark, read_mark
from balise.doccano.project import Own, write_mark
from balise.doccano.wire import ServerProject, ServerRow
from balise.errors import BaliseError

_FILE_ROWS = 1000
_TASK_ROWS = 5000
_TRIES = 3


def send_rows(server: Server, project: ServerProject, rows: Sequence[TaskRow], run: str) -> None:
    """Import rows, each with the id of the push, a thousand a file: Doccano reads as many at once.

    Up to five files are one task of the server's worker, which looks for tasks once a second.

    Raises:
        BaliseError: the server fails or refuses a row.
    """
    for start in range(0, len(rows), _TASK_ROWS):
        sent = []
        for first in range(start, min(start + _TASK_ROWS, len(rows)), _FILE_ROWS):
            lines = [_encode(row, run) for row in rows[first : first + _FILE_ROWS]]
            sent.append(server.send_file(f"{project.name}-{first}.jsonl", b"".join(lines)))
        server.import_file(project, f"{project.name}-{start}.jsonl", *sent)


def _encode(row: TaskRow, run: str) -> bytes:
    meta = {**msgspec.to_builtins(row.meta), "push": run}
    return json.dumps({"text": row.text, "label": row.label, "meta": meta}).encode("ascii") + b"\n"


def verify_rows(server: Server, own: Own, sent: Sequence[TaskRow], run: str) -> None:
    """Compare what this run sent with what the server now holds of it, and add its comments.

    Rows of a push that was cut off can arrive until now; those are removed.

    Raises:
        BaliseError: something differs, or another push sent the same articles meanwhile.
    """
    if not sent:
        return
    place = f"{server.url} (project {own.project.name})"
    rows = server.export(own.project, confirmed_only=False)
    ours = [row for row in rows if row.meta.get("push") == run]
    _refuse_difference(ours, sent, place)
    by_article = {row.meta.article: row for row in sent}
    twice = [
        row for row in rows if row.meta.get("push") != run and row.meta.get("article") in by_article
    ]
    if twice:
        _remove_late(server, own, twice, by_article, place)
    for row in ours:
        for comment in reading_comments(by_article[str(row.meta["article"])].meta):
            server.comment(own.project, row.id, comment)


def _refuse_difference(found: Sequence[ServerRow], sent: Sequence[TaskRow], place: str) -> None:
    came = Counter(
        (
            str(row.meta.get("article")),
            row.text,
            tuple(sorted(row.label)),
            str(row.meta.get("sha256")),
        )
        for row in found
    )
    went = Counter(
        (row.meta.article, row.text, tuple(sorted(row.label)), row.meta.sha256) for row in sent
    )
    if came != went:
        different = sorted({row[0] for row in (came - went) + (went - came)})
        raise BaliseError(
            place,
            f"{len(sent)} documents were sent and {len(found)} came back; these differ: "
            f"{', '.join(different[:5])}",
            "push again; if it differs again, check the server's version and log",
        )


def _remove_late(
    server: Server,
    own: Own,
    rows: Sequence[ServerRow],
    sent: Mapping[str, TaskRow],
    place: str,
) -> None:
    """Remove documents that a cut-off push left while we sent the same articles."""
    now = _current_mark(server, own)
    if any(row.meta.get("push") in now.pushes or is_touched(row, sent) for row in rows):
        raise BaliseError(
            place,
            "another push sent the same articles at the same time",
            "run this again when it has ended",
        )
    server.delete_examples(own.project, [row.id for row in rows])


def mark_verified(server: Server, own: Own, run: str, count: int) -> Own:
    """Record in a project's mark that the `count` rows of a push are what was sent.

    `own.mark` says how many documents of each earlier push are there now. The mark is read again
    afterwards, because another push may write its own at the same moment.

    Raises:
        BaliseError: the mark does not stay, or is none any more.
    """
    for _ in range(_TRIES):
        now = _current_mark(server, own)
        pushes = {push: own.mark.pushes.get(push, there) for push, there in now.pushes.items()}
        pushes = {push: there for push, there in {**pushes, run: count}.items() if there}
        if now.pushes == pushes:
            return own._replace(mark=now)
        own = write_mark(server, own, msgspec.structs.replace(now, pushes=pushes))
    raise BaliseError(
        f"{server.url} (project {own.project.name})",
        "its description is being changed by someone else",
        "run this again when nobody else pushes",
    )


def _current_mark(server: Server, own: Own) -> Mark:
    project = server.project(own.project.id)
    if (mark := read_mark(project.description)) is None:
        raise BaliseError(
            f"{server.url} (project {project.name})",
            "its description was changed during the push",
            f"restore it to {own.mark.text!r} and push again",
        )
    return mark

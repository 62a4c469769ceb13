"""The adjudicator's project: asked for where it is, and held against the readings of today."""

from collections.abc import Mapping
from pathlib import Path

from balise.batches import BATCH_FILE, Batch, add_adjudication, adjudication_folder, load_batch
from balise.doccano.client import Server
from balise.doccano.findings import Finding
from balise.doccano.project import find_own, project_name
from balise.stores import ADJUDICATION

Shown = Mapping[str, Mapping[str, tuple[str, ...]]]
"""What the adjudicator is shown of each article: by annotator, what they marked."""


def join_adjudication(batch: Batch, tasks: Path, server: Server) -> tuple[Batch, list[Finding]]:
    """Give a batch its adjudicator beside its annotators, where both folder and project are there.

    A folder whose project is not on the server is a finding: it was never pushed, or somebody
    deleted the project.

    Raises:
        BaliseError: the folder is broken, or the server fails.
    """
    folder = adjudication_folder(tasks, batch.batch)
    if not (folder / BATCH_FILE).is_file():
        return batch, []
    adjudication = load_batch(folder)
    if find_own(server, batch.batch, ADJUDICATION) is None:
        name = project_name(batch.batch, ADJUDICATION)
        remedy = f"send it with `balise annotations adjudicate {batch.batch}`"
        return batch, [Finding("missing", server.url, f"no project {name!r}", remedy)]
    return add_adjudication(batch, adjudication), []


def find_outdated(server: Server, batch: str, today: Shown) -> list[Finding]:
    """Find the adjudicator's documents that show other readings than those of today.

    `today` holds the readings by article; documents of other articles are passed over. A
    document keeps what it was sent with, so that a decision can be seen to rest on readings that
    changed since.

    Raises:
        BaliseError: the server fails.
    """
    if (own := find_own(server, batch, ADJUDICATION)) is None:
        return []
    findings = []
    for one in server.examples(own.project):
        article = str(one.row_meta.get("article"))
        if article not in today or one.row_meta.get("push") not in own.mark.pushes:
            continue
        now = {annotator: list(marked) for annotator, marked in today[article].items()}
        sent = one.row_meta.get("readings")
        shown = sent if isinstance(sent, dict) else {}
        changed = sorted(
            annotator
            for annotator in now.keys() | shown.keys()
            if now.get(annotator) != shown.get(annotator)
        )
        if changed:
            since = "decided" if one.is_confirmed else "was given the article"
            findings.append(
                Finding(
                    "notice",
                    f"{server.url} (project {own.project.name}), document {one.id}, "
                    f"article {article}",
                    f"the readings changed since the adjudicator {since} ({', '.join(changed)})",
                    "if that matters, delete the document in Doccano and run `balise annotations "
                    f"adjudicate {batch}`, which sends it with the readings of today",
                )
            )
    return findings

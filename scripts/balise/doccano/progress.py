"""How far a batch's annotators are, as Doccano has it."""

import msgspec

from balise.batches import Batch
from balise.doccano.client import Server
from balise.doccano.project import project_name


class Progress(msgspec.Struct, frozen=True):
    """One annotator's share: documents, confirmed ones, and spans by label (suggestions too)."""

    annotator: str
    documents: int
    confirmed: int
    spans: int
    labels: dict[str, int]


def progress(batch: Batch, server: Server) -> list[Progress]:
    """Count each annotator's documents and spans.

    Raises:
        BaliseError: a project is missing, or the server fails.
    """
    found = []
    for annotator in batch.annotators:
        project = server.require_project(project_name(batch.batch, annotator))
        examples = server.examples(project)
        labels = server.label_counts(project)
        found.append(
            Progress(
                annotator=annotator,
                documents=len(examples),
                confirmed=sum(example.is_confirmed for example in examples),
                spans=sum(labels.values()),
                labels=labels,
            )
        )
    return found

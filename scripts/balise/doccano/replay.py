"""Recorded readings are entered into Doccano again, as their annotator would enter them.

A replay shows the way from a project to gold without a person; it is no annotation.
"""

from collections.abc import Iterable

import msgspec

from balise.doccano.client import Server
from balise.doccano.wire import ServerProject
from balise.errors import BaliseError
from balise.offsets import OffsetMap
from balise.records import Annotation
from balise.spans import require_hash


class Replayed(msgspec.Struct, frozen=True):
    """What became of the suggestions: spans kept as they were, deleted, and added."""

    documents: int
    kept: int
    deleted: int
    added: int


def replay(server: Server, project: ServerProject, readings: Iterable[Annotation]) -> Replayed:
    """Bring each document's spans to those of its recorded reading, comment and confirm it.

    `server` is the annotator's own session.

    Raises:
        BaliseError: a document has no recorded reading or another text, or the server fails.
    """
    recorded = {reading.article: reading for reading in readings}
    label_ids = {name: id_ for id_, name in server.label_types(project).items()}
    documents = kept = deleted = added = 0
    for example in server.examples(project):
        article = str(example.row_meta.get("article"))
        place = f"{server.url} (project {project.name}, article {article})"
        if article not in recorded:
            raise BaliseError(place, "has no recorded reading", "replay a batch that has one")
        reading = recorded[article]
        require_hash(example.text, reading.sha256, place)
        offsets = OffsetMap(example.text, "utf16")
        wanted = {
            (offsets.to_unit(span.start), offsets.to_unit(span.end), label_ids[span.label])
            for span in reading.spans
        }
        present = {
            (span.start_offset, span.end_offset, span.label): span.id
            for span in server.spans(project, example.id)
        }
        for span in present.keys() - wanted:
            server.delete_span(project, example.id, present[span])
        for span in sorted(wanted - present.keys()):
            server.add_span(project, example.id, span)
        for comment in reading.comments:
            server.comment(project, example.id, comment)
        server.confirm(project, example)
        documents += 1
        kept += len(present.keys() & wanted)
        deleted += len(present.keys() - wanted)
        added += len(wanted - present.keys())
    return Replayed(documents, kept, deleted, added)

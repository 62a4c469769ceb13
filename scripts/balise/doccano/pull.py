"""Confirmed documents come back from Doccano as readings, with a ledger of every span."""

from pathlib import Path

import msgspec

from balise.batches import Batch
from balise.doccano.client import Server
from balise.doccano.project import project_name
from balise.doccano.wire import ServerExample, ServerRow, read_spans
from balise.errors import BaliseError
from balise.files import write_files
from balise.jsonl import encode_json, encode_jsonl, read_jsonl
from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile
from balise.records import Annotation, Article
from balise.spans import accept_spans, require_hash
from balise.stores import find_article


class Pulled(msgspec.Struct, frozen=True):
    """What a pull found of one annotator, against what was there before.

    `withdrawn` lists the articles that were confirmed before and no longer are: their earlier
    reading is kept.
    """

    annotator: str
    path: str
    confirmed: int
    unconfirmed: int
    added: int
    changed: int
    unchanged: int
    withdrawn: tuple[str, ...]
    ledger: LedgerFile


def pull(
    batch: Batch,
    server: Server,
    articles: dict[str, Article],
    labels: LabelScheme,
    annotations: Path,
) -> list[Pulled]:
    """Write each annotator's confirmed readings to `<annotations>/<batch>/<annotator>.jsonl`.

    Offsets become code points, edges are trimmed, and the ledger stands beside the readings.
    Documents that nobody confirmed are counted and left out. Files that would come out the same
    are left alone, and either all files are written or none.

    Raises:
        BaliseError: a text changed under its spans, a document is not from a push, a label or
            an article is unknown, or the server fails.
    """
    contents: dict[Path, bytes | str] = {}
    results: list[Pulled] = []
    for annotator in batch.annotators:
        project = server.require_project(project_name(batch.batch, annotator))
        place = f"{server.url} (project {project.name})"
        examples = server.examples(project)
        _refuse_foreign(examples, place)
        rows = server.export(project, confirmed_only=True)
        path = annotations / batch.batch / f"{annotator}.jsonl"
        ledger = Ledger()
        readings = [
            _reading(row, annotator, f"doccano:{project.name}", articles, labels, ledger, place)
            for row in rows
        ]
        spans_in = sum(len(row.label) for row in rows)
        closed = ledger.close(spans_in, sum(len(reading.spans) for reading in readings))
        before = {old.article: old for old in read_jsonl(path, Annotation)} if path.exists() else {}
        now = _by_article(readings, place)
        merged = {**before, **now}
        content = encode_jsonl(merged[article] for article in sorted(merged))
        if not path.exists() or path.read_bytes() != content:
            contents[path] = content
            contents[path.with_suffix(".ledger.json")] = encode_json(closed)
        results.append(
            Pulled(
                annotator=annotator,
                path=str(path),
                confirmed=len(now),
                unconfirmed=len(examples) - len(rows),
                added=len(now.keys() - before.keys()),
                changed=sum(before.get(id_, new) != new for id_, new in now.items()),
                unchanged=sum(before.get(id_) == new for id_, new in now.items()),
                withdrawn=tuple(sorted(before.keys() - now.keys())),
                ledger=closed,
            )
        )
    write_files(contents)
    return results


def _refuse_foreign(examples: list[ServerExample], place: str) -> None:
    """Refuse confirmed documents that no push sent, before they make the export unreadable."""
    for example in examples:
        if example.is_confirmed and not {"article", "sha256"} <= example.row_meta.keys():
            raise BaliseError(
                f"{place}, document {example.id}",
                "is not from a push (no article id and hash in its metadata)",
                "remove it from the project, or add its text to the corpus and push that",
            )


def _reading(
    row: ServerRow,
    annotator: str,
    origin: str,
    articles: dict[str, Article],
    labels: LabelScheme,
    ledger: Ledger,
    place: str,
) -> Annotation:
    """Turn one exported document into a reading against the text that was sent."""
    id_, expected = str(row.meta["article"]), str(row.meta["sha256"])
    place = f"{place}, article {id_}"
    require_hash(row.text, expected, place)
    require_hash(row.text, find_article(articles, id_, place).sha256, place)
    spans = read_spans(row.text, row.label, place)
    accepted = accept_spans(id_, row.text, spans, labels, ledger, place)
    return Annotation(id_, expected, annotator, True, accepted, row.comments, origin)


def _by_article(readings: list[Annotation], place: str) -> dict[str, Annotation]:
    found: dict[str, Annotation] = {}
    for reading in readings:
        if reading.article in found:
            raise BaliseError(
                place, f"article {reading.article} is confirmed twice", "delete one document"
            )
        found[reading.article] = reading
    return found

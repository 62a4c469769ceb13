"""Confirmed documents come back from Doccano as readings, with a ledger of every span."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from balise.batches import Batch
from balise.doccano.client import Server
from balise.doccano.findings import Finding, fault
from balise.doccano.project import project_name, require_own
from balise.doccano.reading import Changed, Rows, compare, read_rows
from balise.doccano.standing import look
from balise.errors import BaliseError
from balise.files import clear_rests, locked, write_files
from balise.jsonl import encode_json, encode_jsonl, read_jsonl
from balise.labels import LabelScheme
from balise.ledger import LedgerFile
from balise.records import Annotation, Article
from balise.stores import ledger_path


class Pulled(msgspec.Struct, frozen=True):
    """What a pull found of one annotator, against what was there before.

    `withdrawn` lists the articles that were confirmed before and no longer are, `set_aside` those
    whose document is at fault: of both the earlier reading is kept. `changes` says how each
    reading that was there before differs now.
    """

    annotator: str
    path: str
    confirmed: int
    unconfirmed: int
    added: int
    changed: int
    unchanged: int
    withdrawn: tuple[str, ...]
    set_aside: tuple[str, ...]
    changes: tuple[Changed, ...]
    findings: tuple[Finding, ...]
    ledger: LedgerFile


def pull(
    batch: Batch,
    server: Server,
    articles: dict[str, Article],
    labels: LabelScheme,
    annotations: Path,
    aside: Path | None = None,
) -> list[Pulled]:
    """Write each annotator's confirmed readings to `<annotations>/<batch>/<annotator>.jsonl`.

    Offsets become code points, edges are trimmed, and the ledger stands beside the readings.
    Documents that nobody confirmed are counted and left out. Files that would come out the same
    are left alone, and either all files are written or none.

    What people changed on the server is listed in the findings. A document that is at fault is
    set aside: its earlier reading is kept, and what the server has of it goes to
    `<aside>/<batch>/<annotator>.jsonl` where `aside` is given. So is every document of a project
    that is at fault as a whole. Nothing is guessed.

    Raises:
        BaliseError: another pull is writing here, or the server fails; nothing was written.
    """
    with locked(annotations):
        contents: dict[Path, bytes | str] = {}
        results = []
        for annotator, share in batch.annotators.items():
            if share.articles:
                path = annotations / batch.batch / f"{annotator}.jsonl"
                clear_rests([path, ledger_path(path)])
                before = _before(path)
                rows = _fetch(batch, annotator, server, articles, labels)
                origin = _origin(batch, annotator)
                results.append(_merge(annotator, path, before, rows, origin, contents))
                if aside is not None and rows.set_aside:
                    name = aside / batch.batch / f"{annotator}.jsonl"
                    contents[name] = encode_jsonl(rows.set_aside)
        write_files(contents)
    return results


def _origin(batch: Batch, annotator: str) -> str:
    return f"doccano:{project_name(batch.batch, annotator)}"


def _before(path: Path) -> dict[str, Annotation]:
    return {old.article: old for old in read_jsonl(path, Annotation)} if path.exists() else {}


def _fetch(
    batch: Batch,
    annotator: str,
    server: Server,
    articles: Mapping[str, Article],
    labels: LabelScheme,
) -> Rows:
    """Read what one annotator confirmed, as far as it can be trusted."""
    try:
        own = require_own(server, batch.batch, annotator)
    except BaliseError as error:
        if error.place == server.url:
            return Rows(findings=(fault(error),))
        raise
    share = set(batch.annotators[annotator].articles)
    expected = [meta for meta in batch.articles if meta.article in share]
    # The server's worker exports while its web processes list.
    export = server.start_export(own.project, confirmed_only=True)
    standing = look(server, own, expected, labels)
    if standing.broken:
        return Rows(findings=standing.findings)
    origin = _origin(batch, annotator)
    rows = server.finish_export(own.project, export)
    return read_rows(rows, standing, annotator, origin, articles, labels)


def _merge(
    annotator: str,
    path: Path,
    before: dict[str, Annotation],
    rows: Rows,
    origin: str,
    contents: dict[Path, bytes | str],
) -> Pulled:
    """Compare what came with what was there, and say what is to be written."""
    now = {reading.article: reading for reading in rows.readings}
    aside = sorted({str(row.article) for row in rows.set_aside})
    merged = {**before, **now}
    content = encode_jsonl(merged[article] for article in sorted(merged))
    if now and (not path.exists() or path.read_bytes() != content):
        # Killed between the two, the next pull finds the readings changed and writes both again.
        contents[ledger_path(path)] = encode_json(rows.ledger)
        contents[path] = content
    changes = compare(before, now)
    # What was imported, or decided by votes, never was confirmed in the project.
    ours = {id_ for id_, reading in before.items() if reading.origin == origin}
    gone = ours - now.keys() - set(aside) if rows.trusted else set()
    return Pulled(
        annotator=annotator,
        path=str(path),
        confirmed=len(now),
        unconfirmed=rows.unconfirmed,
        added=len(now.keys() - before.keys()),
        changed=len(changes),
        unchanged=sum(before.get(id_) == new for id_, new in now.items()),
        withdrawn=tuple(sorted(gone)),
        set_aside=tuple(aside),
        changes=changes,
        findings=rows.findings,
        ledger=rows.ledger,
    )

"""Exported documents become readings, or are set aside with the reason."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from balise.batches import TaskMeta, reading_comments
from balise.doccano.findings import Finding, fault
from balise.doccano.standing import Standing
from balise.doccano.wire import ServerRow, read_spans
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile
from balise.records import Annotation, Article, Span
from balise.spans import accept_spans, require_hash
from balise.stores import find_article

NOTHING = LedgerFile(0, 0, 0, 0, 0, 0, ())


class SetAside(msgspec.Struct, frozen=True):
    """A document that was not taken, as the server has it; offsets in UTF-16 units."""

    article: str
    document: int
    problem: str
    text: str
    label: tuple[tuple[int, int, str], ...]
    comments: tuple[str, ...]


class Rows(msgspec.Struct, frozen=True):
    """What came of one annotator's project; it is not `trusted` where the project is at fault."""

    findings: tuple[Finding, ...]
    trusted: bool = False
    readings: tuple[Annotation, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    unconfirmed: int = 0
    ledger: LedgerFile = NOTHING


class Changed(msgspec.Struct, frozen=True):
    """How a reading differs from the one before: spans added and removed, and other comments."""

    article: str
    added: tuple[Span, ...]
    removed: tuple[Span, ...]
    comments: bool


def compare(before: Mapping[str, Annotation], now: Mapping[str, Annotation]) -> tuple[Changed, ...]:
    """List how the readings of articles that were read before differ now."""
    return tuple(
        Changed(
            id_,
            tuple(sorted(set(now[id_].spans) - set(before[id_].spans))),
            tuple(sorted(set(before[id_].spans) - set(now[id_].spans))),
            now[id_].comments != before[id_].comments,
        )
        for id_ in sorted(before.keys() & now.keys())
        if before[id_] != now[id_]
    )


def read_rows(
    rows: Sequence[ServerRow],
    standing: Standing,
    annotator: str,
    origin: str,
    articles: Mapping[str, Article],
    labels: LabelScheme,
) -> Rows:
    """Turn a project's confirmed documents into readings, with a ledger of their spans.

    Raises:
        BaliseError: the ledger does not balance, which is a defect of ours.
    """
    # The rows of a push that was cut off are nobody's yet.
    verified = [row for row in rows if row.meta.get("push") in standing.own.mark.pushes]
    times = Counter(str(row.meta.get("article")) for row in verified)
    findings = list(standing.findings)
    known = {(finding.place, finding.problem) for finding in findings}
    readings: list[Annotation] = []
    set_aside: list[SetAside] = []
    ledger = Ledger()
    spans_in = 0
    for row in verified:
        article = str(row.meta.get("article"))
        place = f"{standing.place}, document {row.id}, article {article}"
        own = Ledger()
        try:
            if times[article] > 1 or article in standing.doubtful:
                raise BaliseError(place, "is at fault", "see what is said of it above")
            reading = _reading(row, annotator, origin, articles, labels, own, place)
        except BaliseError as error:
            if article not in standing.doubtful and (error.place, error.problem) not in known:
                findings.append(fault(error))
            set_aside.append(
                SetAside(article, row.id, error.problem, row.text, row.label, row.comments)
            )
            continue
        ledger.add(own)
        spans_in += len(row.label)
        readings.append(reading)
    spans_out = sum(len(reading.spans) for reading in readings)
    confirmed = {row.id for row in verified}
    return Rows(
        tuple(findings),
        trusted=True,
        readings=tuple(sorted(readings, key=lambda reading: reading.article)),
        set_aside=tuple(set_aside),
        unconfirmed=sum(one.id not in confirmed for one in standing.documents.values()),
        ledger=ledger.close(spans_in, spans_out),
    )


def _reading(
    row: ServerRow,
    annotator: str,
    origin: str,
    articles: Mapping[str, Article],
    labels: LabelScheme,
    ledger: Ledger,
    place: str,
) -> Annotation:
    """Turn one exported document into a reading against the text that was sent."""
    id_, expected = str(row.meta["article"]), str(row.meta["sha256"])
    require_hash(row.text, expected, place)
    require_hash(row.text, find_article(articles, id_, place).sha256, place)
    spans = read_spans(row.text, row.label, place)
    accepted = accept_spans(id_, row.text, spans, labels, ledger, place)
    ours = reading_comments(TaskMeta(id_, expected, row.meta.get("readings", {})))
    comments = tuple(comment for comment in row.comments if comment not in ours)
    return Annotation(id_, expected, annotator, True, accepted, comments, origin)

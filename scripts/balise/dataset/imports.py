"""What was trimmed and dropped when readings came in, summed from the ledgers beside them."""

from collections import Counter
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.ledger import LedgerFile
from balise.stores import ledger_path, reading_files


class Import(msgspec.Struct, frozen=True):
    """The ledgers of one batch, added up; `files` of its readings have one, `without` have none.

    `reasons` counts the spans that did not stay as they came, by outcome and reason.
    """

    batch: str
    files: int
    without: int
    spans_in: int
    kept: int
    trimmed: int
    dropped: int
    spans_out: int
    reasons: dict[tuple[str, str], int]


def load_imports(annotations: Path) -> tuple[Import, ...]:
    """Sum up the ledgers of a folder of readings, batch by batch.

    Raises:
        BaliseError: a ledger is broken, or its totals do not add up.
    """
    batches: dict[str, list[Path]] = {}
    for path in reading_files(annotations):
        batches.setdefault(path.parent.name, []).append(ledger_path(path))
    return tuple(_sum(batch, paths) for batch, paths in batches.items())


def _sum(batch: str, paths: list[Path]) -> Import:
    ledgers = [_read(path) for path in paths if path.is_file()]

    def total(field: str) -> int:
        return sum(getattr(ledger, field) for ledger in ledgers)

    entries = [entry for ledger in ledgers for entry in ledger.entries]
    return Import(
        batch=batch,
        files=len(ledgers),
        without=len(paths) - len(ledgers),
        spans_in=total("spans_in"),
        kept=total("kept"),
        trimmed=total("trimmed"),
        dropped=total("dropped"),
        spans_out=total("spans_out"),
        reasons=dict(sorted(Counter((each.outcome, each.reason) for each in entries).items())),
    )


def _read(path: Path) -> LedgerFile:
    ledger = read_json(path, LedgerFile)
    listed: Counter[str] = Counter(entry.outcome for entry in ledger.entries)
    outcomes = {
        "trimmed": ledger.trimmed,
        "snapped": ledger.snapped,
        "dropped": ledger.dropped,
    }
    wrong = [name for name, count in outcomes.items() if listed[name] != count]
    if ledger.kept + ledger.trimmed + ledger.snapped != ledger.spans_out:
        wrong.append("spans_out")
    if ledger.spans_out + ledger.dropped != ledger.spans_in:
        wrong.append("spans_in")
    if wrong:
        raise BaliseError(
            path,
            f"does not add up ({', '.join(wrong)})",
            "import or pull the readings beside it again, with --replace where they are imported",
        )
    return ledger

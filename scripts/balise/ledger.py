"""The ledger: every span that comes in ends as kept, trimmed, snapped or dropped, with a reason."""

from collections import Counter
from typing import Literal

import msgspec

from balise.errors import BaliseError
from balise.records import Span

Outcome = Literal["kept", "trimmed", "snapped", "dropped"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one span that did not stay as it came; offsets in code points."""

    article: str
    label: str
    start: int
    end: int
    outcome: Outcome
    reason: str
    new_start: int | None = None
    new_end: int | None = None


class LedgerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A closed ledger as it is written beside its result: the totals and every change."""

    spans_in: int
    spans_out: int
    kept: int
    trimmed: int
    snapped: int
    dropped: int
    entries: tuple[Entry, ...]


class Ledger:
    """Count spans through one operation and prove at its end that none was lost."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.kept = 0

    def keep(self) -> None:
        """Count a span that went through unchanged."""
        self.kept += 1

    def move(
        self, article: str, old: Span, new: Span, outcome: Literal["trimmed", "snapped"], why: str
    ) -> None:
        """Count a span that goes on with other edges."""
        entry = Entry(article, old.label, old.start, old.end, outcome, why, new.start, new.end)
        self.entries.append(entry)

    def drop(self, article: str, span: Span, why: str) -> None:
        """Count a span that ends here."""
        self.entries.append(Entry(article, span.label, span.start, span.end, "dropped", why))

    def add(self, other: "Ledger") -> None:
        """Take over the counts of a part of the same operation."""
        self.entries += other.entries
        self.kept += other.kept

    def close(self, spans_in: int, spans_out: int) -> LedgerFile:
        """Check the totals against independent counts of what came in and what goes out.

        Raises:
            BaliseError: the ledger does not balance; the caller must write nothing.
        """
        totals = Counter(entry.outcome for entry in self.entries)
        changed = totals["trimmed"] + totals["snapped"]
        if self.kept + changed + totals["dropped"] != spans_in or self.kept + changed != spans_out:
            raise BaliseError(
                "ledger",
                f"{spans_in} spans in, {spans_out} out, but {self.kept} kept, {changed} changed "
                f"and {totals['dropped']} dropped",
                "nothing was written; this is a defect of balise, please report it",
            )
        return LedgerFile(
            spans_in=spans_in,
            spans_out=spans_out,
            kept=self.kept,
            trimmed=totals["trimmed"],
            snapped=totals["snapped"],
            dropped=totals["dropped"],
            entries=tuple(self.entries),
        )

import pytest

from balise.errors import BaliseError
from balise.ledger import Entry, Ledger
from balise.records import Span

OLD, NEW = Span(0, 5, "DATE"), Span(0, 4, "DATE")


def filled() -> Ledger:
    ledger = Ledger()
    ledger.keep()
    ledger.keep()
    ledger.move("a", OLD, NEW, "trimmed", "a comma")
    ledger.move("a", OLD, NEW, "snapped", "inside a token")
    ledger.drop("a", OLD, "duplicate")
    return ledger


def test_a_balanced_ledger_closes_with_its_totals_and_every_change() -> None:
    closed = filled().close(spans_in=5, spans_out=4)
    assert (closed.kept, closed.trimmed, closed.snapped, closed.dropped) == (2, 1, 1, 1)
    assert closed.entries == (
        Entry("a", "DATE", 0, 5, "trimmed", "a comma", 0, 4),
        Entry("a", "DATE", 0, 5, "snapped", "inside a token", 0, 4),
        Entry("a", "DATE", 0, 5, "dropped", "duplicate"),
    )


@pytest.mark.parametrize(("spans_in", "spans_out"), [(6, 4), (5, 3), (5, 5), (4, 4)])
def test_a_ledger_that_does_not_balance_is_refused(spans_in: int, spans_out: int) -> None:
    with pytest.raises(BaliseError, match=f"{spans_in} spans in, {spans_out} out, but 2 kept"):
        filled().close(spans_in, spans_out)


def test_an_empty_ledger_balances() -> None:
    assert Ledger().close(0, 0).entries == ()

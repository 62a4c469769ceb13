"""The ledgers of imports, summed for the card."""

import msgspec
import pytest

from balise.dataset.imports import Import, load_imports
from balise.errors import BaliseError
from balise.jsonl import read_json, write_json
from balise.ledger import LedgerFile
from dataset.project import Project


def test_the_ledgers_of_a_batch_are_added_up_with_their_reasons(telling: Project) -> None:
    [found] = load_imports(telling.readings)
    assert found == Import(
        batch="lot",
        files=2,
        without=1,
        spans_in=15,
        kept=13,
        trimmed=1,
        dropped=1,
        spans_out=14,
        reasons={
            ("dropped", "duplicate"): 1,
            ("trimmed", "space or punctuation at an edge"): 1,
        },
    )


@pytest.mark.parametrize(
    ("field", "value"), [("kept", 8), ("dropped", 0), ("trimmed", 2), ("spans_in", 8)]
)
def test_a_ledger_that_does_not_add_up_stops_the_build(
    telling: Project, field: str, value: int
) -> None:
    path = telling.readings / "lot" / "dupont.ledger.json"
    ledger = read_json(path, LedgerFile)
    write_json(path, msgspec.structs.replace(ledger, **{field: value}))
    with pytest.raises(BaliseError, match=r"dupont\.ledger\.json: does not add up"):
        telling.build()
    assert not telling.out.exists()

"""What follows when an adjudicator's decisions come back: gold, and readings that changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from balise.annotations.adjudicate import current_readings, not_in_gold
from balise.annotations.gold import GoldMade, make_gold
from balise.batches import Batch
from balise.cli.common import DISAGREEMENTS
from balise.doccano.adjudication import find_outdated
from balise.doccano.client import Server
from balise.doccano.findings import Finding, fault
from balise.doccano.pull import Pulled
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.records import Article
from balise.stores import ADJUDICATION


class GoldAgain(msgspec.Struct, frozen=True):
    """Gold as it was made again, or why it could not be."""

    path: str
    made: GoldMade | None
    problem: str | None

    def lines(self) -> list[str]:
        """Say it to a person."""
        if self.made is None:
            return [
                f"{self.path} is as it was: {self.problem}",
                "the decisions are kept; make gold with `balise annotations gold` when that is "
                "mended",
            ]
        decisions = ", ".join(f"{count} {name}" for name, count in self.made.decisions.items())
        left_out = len(self.made.disagreements)
        return [
            f"{self.path}: made again, {self.made.articles} articles ({decisions}), "
            f"{left_out} left undecided"
        ]


def outdated_documents(
    server: Server, batch: Batch, annotations: Path, articles: dict[str, Article]
) -> list[Finding]:
    """Find adjudicated documents whose readings changed; readings that are broken are a fault."""
    if ADJUDICATION not in batch.annotators:
        return []
    ids = [meta.article for meta in batch.articles]
    try:
        return find_outdated(server, batch.batch, current_readings(annotations, articles, ids))
    except BaliseError as error:
        return [fault(error)]


def gold_again(
    done: Sequence[Pulled],
    batch: str,
    annotations: Path,
    corpus: Path,
    labels: LabelScheme,
    texts: Path,
) -> GoldAgain | None:
    """Make gold where a pull brought decisions, or where it lacks one that came earlier."""
    gold = annotations / "gold.jsonl"
    came = [one for one in done if one.annotator == ADJUDICATION]
    try:
        if any(one.added or one.changed for one in came) or (
            came and not_in_gold(annotations, batch, gold)
        ):
            made = make_gold(annotations, corpus, labels, gold, DISAGREEMENTS, texts)
            return GoldAgain(str(gold), made, None)
    except BaliseError as error:
        return GoldAgain(str(gold), None, str(error))
    return None


def decisions_json(gold: GoldAgain | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """Turn what followed into the values that a command's summary adds."""
    return {"gold": msgspec.to_builtins(gold), "findings": msgspec.to_builtins(list(findings))}

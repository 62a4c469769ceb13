"""Confirmed readings become gold; what their readers left undecided is listed."""

from collections import Counter
from pathlib import Path

import msgspec

from balise.annotations.check import check_readings
from balise.annotations.decide import Disagreement, decide, group_readings
from balise.errors import BaliseError
from balise.files import write_files
from balise.jsonl import encode_jsonl
from balise.labels import LabelScheme
from balise.records import Gold
from balise.stores import load_articles


class GoldMade(msgspec.Struct, frozen=True):
    """What was decided and how; unconfirmed readings took no part."""

    articles: int
    spans: int
    decisions: dict[str, int]
    disagreements: tuple[str, ...]
    unconfirmed: int


def make_gold(
    annotations: Path, corpus: Path, labels: LabelScheme, out: Path, undecided: Path
) -> GoldMade:
    """Turn all confirmed readings into gold records, and the rest into disagreements.

    `out` gets one Gold an article, `undecided` one Disagreement an article; both are written
    together, sorted by article, and the readings stay as they are.

    Raises:
        BaliseError: a reading breaks a rule that `check` knows, none is confirmed, or two
            adjudications of an article differ; nothing is written.
    """
    found = check_readings(annotations, load_articles(corpus), labels)
    if found.problems:
        raise BaliseError(
            annotations,
            f"{len(found.problems)} problems in the readings, the first is: {found.problems[0]}",
            "see them all with `balise annotations check`",
        )
    readings = found.flat()
    groups = group_readings(readings)
    if not groups:
        raise BaliseError(
            annotations,
            f"none of {len(readings)} readings is confirmed",
            "let annotators confirm their documents, then pull or import again",
        )
    decided = [decide(group) for group in groups.values()]
    gold = [record for record in decided if isinstance(record, Gold)]
    open_ = [record for record in decided if isinstance(record, Disagreement)]
    write_files({undecided: encode_jsonl(open_), out: encode_jsonl(gold)})
    return GoldMade(
        len(gold),
        sum(len(record.spans) for record in gold),
        dict(sorted(Counter(record.decision for record in gold).items())),
        tuple(record.article for record in open_),
        sum(not reading.confirmed for reading in readings),
    )

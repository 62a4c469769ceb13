"""Confirmed readings become gold; what their readers left undecided is listed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.annotations.check import check_readings
from balise.annotations.decide import Disagreement, by_adjudicator, decide, group_readings
from balise.annotations.validity import read_lines
from balise.errors import BaliseError, UsageError
from balise.files import write_files
from balise.jsonl import encode_jsonl
from balise.labels import LabelScheme
from balise.outputs import refuse_inputs
from balise.records import Annotation, Gold
from balise.stores import ADJUDICATION, load_articles


class GoldMade(msgspec.Struct, frozen=True):
    """What was decided and how; unconfirmed readings took no part."""

    articles: int
    spans: int
    decisions: dict[str, int]
    disagreements: tuple[str, ...]
    unconfirmed: int


def make_gold(
    annotations: Path,
    corpus: Path,
    labels: LabelScheme,
    out: Path,
    undecided: Path,
    texts: Path | None = None,
) -> GoldMade:
    """Turn all confirmed readings into gold records, and the rest into disagreements.

    `out` gets one Gold an article, `undecided` one Disagreement an article; both are written
    together, sorted by article, and the readings stay as they are.

    Raises:
        UsageError: the two files are one, or one of them holds readings.
        BaliseError: a reading breaks a rule that `check` knows, none is confirmed, or two
            adjudications of an article differ, or `out` holds a decision that was made in gold
            itself and would be lost; nothing is written.
    """
    found = check_readings(annotations, load_articles(corpus, texts), labels)
    _refuse_targets(out, undecided, found.files)
    found.refuse_problems(annotations)
    readings = found.flat()
    groups = group_readings(readings)
    if not groups:
        raise BaliseError(
            annotations,
            f"none of {len(readings)} readings is confirmed",
            "let annotators confirm their documents, then pull or import again",
        )
    decided = [decide(group, overlapping=labels.overlapping) for group in groups.values()]
    gold = [record for record in decided if isinstance(record, Gold)]
    open_ = [record for record in decided if isinstance(record, Disagreement)]
    _keep_decisions(out, groups)
    write_files({undecided: encode_jsonl(open_), out: encode_jsonl(gold)})
    return GoldMade(
        len(gold),
        sum(len(record.spans) for record in gold),
        dict(sorted(Counter(record.decision for record in gold).items())),
        tuple(record.article for record in open_),
        sum(not reading.confirmed for reading in readings),
    )


def _refuse_targets(out: Path, undecided: Path, readings: Iterable[Path]) -> None:
    """Accept two files that are neither the same nor an annotator's, which are frozen."""
    if out.resolve() == undecided.resolve():
        raise UsageError("--disagreements", f"{undecided} is the gold file too", "name another")
    frozen = list(readings)
    for option, path in (("--out", out), ("--disagreements", undecided)):
        refuse_inputs(option, path, frozen, "holds an annotator's readings")


def _keep_decisions(out: Path, groups: Mapping[str, Sequence[Annotation]]) -> None:
    """Refuse to replace what a consistency pass decided in gold: no reading could bring it back."""
    decided, _ = read_lines(out, Gold) if out.exists() else ([], [])
    lost = [
        record.article
        for _, record in decided
        if record.decision == "adjudicated" and not by_adjudicator(groups.get(record.article, ()))
    ]
    if lost:
        raise BaliseError(
            out,
            f"{len(lost)} articles were decided in gold itself and would be lost: "
            f"{', '.join(lost)}",
            f"keep these decisions as readings in <batch>/{ADJUDICATION}.jsonl, or delete their "
            "lines here",
        )

"""A selection's two files: the list of ids that `balise tasks make` reads, and the reasons."""

from collections.abc import Set
from pathlib import Path

import msgspec

from balise.errors import BaliseError, UsageError
from balise.jsonl import read_jsonl
from balise.tasks.candidates import Sources

RECORDS = ".selection.jsonl"


class Selected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an article was chosen: by which strategy, with which score, from whose spans.

    `rank` is its place in the selection, from 1. `score` is the strategy's own (see each; null
    for chance), and `origin` names the suggester whose spans or doubts it rests on.
    """

    article: str
    rank: int
    strategy: str
    score: float | None
    reason: str
    origin: str | None
    seed: int


def records_file(out: Path, sources: Sources) -> Path:
    """Name the file of the reasons for a list of ids.

    Raises:
        UsageError: the list has no name, or stands where JSONL files are articles or readings.
    """
    if not out.name:
        raise UsageError("--out", f"{str(out)!r} is no name for a file", "choose another")
    above = out.resolve().parents
    if any(folder.resolve() in above for folder in (sources.corpus, sources.annotations)):
        raise UsageError(
            "--out", f"{out} is among articles or readings", "choose another, as build/tasks/b2.txt"
        )
    return out.with_name(out.name.removesuffix(".txt") + RECORDS)


def refuse_used(out: Path, records: Path, taken: Set[str]) -> None:
    """Accept a place that is free or holds a selection that nobody works on yet.

    Raises:
        BaliseError: another file stands there, or reasons that a batch rests on would be lost.
    """
    if out.exists() and not records.exists():
        raise BaliseError(out, "is no selection", "choose another --out, or remove it yourself")
    if not records.exists():
        return
    used = [each.article for each in read_jsonl(records, Selected)]
    if held := [article for article in used if article in taken]:
        raise BaliseError(
            records,
            f"says why {len(held)} articles were chosen that are now annotated or in a batch",
            "choose another --out, which keeps these reasons",
        )

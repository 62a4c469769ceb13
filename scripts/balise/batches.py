"""A batch: the articles that a group of annotators labels together, and its files for Doccano.

A batch's folder `build/tasks/<batch>/` holds `batch.json`, the annotators' task files,
`labels.json`, `guideline.md` and, where a suggester ran, `suggestions.jsonl` and `ledger.json`.
What its annotators left undecided is in `build/tasks/<batch>.adjudication/`, made alike.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.jsonl import read_json, read_jsonl
from balise.offsets import OffsetMap
from balise.records import Span
from balise.stores import ADJUDICATION
from balise.text import sha256

BATCH_FILE = "batch.json"
LABELS_FILE = "labels.json"
GUIDELINE_FILE = "guideline.md"
SUGGESTIONS_FILE = "suggestions.jsonl"
LEDGER_FILE = "ledger.json"

ROWS_PER_FILE = 1000
"""Doccano reads a file in batches of 1,000 rows and repeats what came before a broken one."""

NAME = re.compile(r"[a-z0-9-]+")
"""What batches and annotators that go to Doccano may be called."""


class TaskMeta(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What ties a task row to its article: the id, and the hash of the text it was made from.

    In an adjudicator's rows `readings` says what each reader marked that the others did not.
    """

    article: str
    sha256: str
    readings: dict[str, tuple[str, ...]] = {}


class TaskRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a Doccano import file; `label` holds `[start, end, label]` in UTF-16 units."""

    text: str
    label: tuple[tuple[int, int, str], ...]
    meta: TaskMeta


class DoccanoLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the label configuration, under Doccano's own keys; `description` is French."""

    text: str
    suffix_key: str
    background_color: str
    text_color: str
    description: str


class SuggesterName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which suggester filled the batch's rows, and in which version."""

    name: str
    version: str


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One annotator's part of a batch.

    `files` names the task files, `articles` the articles in the order of their rows, and `blind`
    those of them whose rows carry no suggestions although a suggester ran.
    """

    files: tuple[str, ...]
    articles: tuple[str, ...]
    blind: tuple[str, ...] = ()


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a batch is made of, and who reads what.

    `overlap` annotators read each article, assigned by `seed`; `labels` is the version of the
    label scheme. `suggester` is null where no row carries suggestions.
    """

    batch: str
    annotators: dict[str, Share]
    suggester: SuggesterName | None
    labels: str
    overlap: int
    seed: int
    articles: tuple[TaskMeta, ...]


def reading_comments(meta: TaskMeta) -> list[str]:
    """Turn the readings of an adjudicator's row into the comments that stand beside its text."""
    return [
        f"{annotator} : {' ; '.join(marked) or '—'}"
        for annotator, marked in sorted(meta.readings.items())
    ]


def encode_row(
    article: str,
    text: str,
    spans: Iterable[Span],
    readings: Mapping[str, tuple[str, ...]] | None = None,
) -> bytes:
    """Turn an article's text and spans (code points) into a line of a task file."""
    offsets = OffsetMap(text, "utf16")
    label = tuple(
        (offsets.to_unit(span.start), offsets.to_unit(span.end), span.label) for span in spans
    )
    return encode_task(TaskRow(text, label, TaskMeta(article, sha256(text), dict(readings or {}))))


def encode_task(row: TaskRow) -> bytes:
    """Turn a row into a line of ASCII JSON for Doccano.

    ASCII, because Doccano guesses the encoding of an upload that does not name it.
    """
    return json.dumps(msgspec.to_builtins(row), separators=(",", ":")).encode("ascii") + b"\n"


def split_rows(annotator: str, rows: Sequence[bytes]) -> dict[str, bytes]:
    """Spread an annotator's rows over task files, by their names."""
    return {
        f"{annotator}-{number:03}.jsonl": b"".join(rows[at : at + ROWS_PER_FILE])
        for number, at in enumerate(range(0, len(rows), ROWS_PER_FILE), start=1)
    }


def adjudication_folder(tasks: Path, batch: str) -> Path:
    """Name the folder of a batch's adjudication, which is a batch of one annotator."""
    return tasks / f"{batch}.{ADJUDICATION}"


def add_adjudication(batch: Batch, adjudication: Batch) -> Batch:
    """Give a batch its adjudicator beside its annotators."""
    articles = {meta.article: meta for meta in (*batch.articles, *adjudication.articles)}
    return msgspec.structs.replace(
        batch,
        annotators={**batch.annotators, **adjudication.annotators},
        articles=tuple(articles[id_] for id_ in sorted(articles)),
    )


def load_batch(folder: Path) -> Batch:
    """Read a batch's description from its folder.

    Raises:
        BaliseError: the folder holds no batch, or its description is broken.
    """
    if not (folder / BATCH_FILE).is_file():
        raise BaliseError(
            folder, f"no batch here ({BATCH_FILE})", "make one with `balise tasks make`"
        )
    return read_json(folder / BATCH_FILE, Batch)


def load_rows(folder: Path, batch: Batch, annotator: str) -> list[TaskRow]:
    """Read one annotator's rows of a batch, in the order of the files.

    Raises:
        BaliseError: the batch has no such annotator, or a file is missing, broken or holds other
            articles than the batch lists.
    """
    if annotator not in batch.annotators:
        raise BaliseError(
            folder / BATCH_FILE,
            f"no annotator {annotator!r} in this batch",
            f"choose one of {', '.join(batch.annotators)}",
        )
    share = batch.annotators[annotator]
    rows = [row for name in share.files for row in read_jsonl(folder / name, TaskRow)]
    known = {meta.article: meta.sha256 for meta in batch.articles}
    if [(row.meta.article, row.meta.sha256) for row in rows] != [
        (article, known.get(article)) for article in share.articles
    ]:
        raise BaliseError(
            folder,
            f"the task files of {annotator} do not hold the articles that {BATCH_FILE} lists",
            "make the batch again with `balise tasks make`",
        )
    return rows

"""Faults planted in a dataset folder, and what one check says of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from balise.dataset.check import CHECKS, read_subject
from balise.dataset.checks.findings import Finding
from balise.dataset.checks.probe import Loaded
from balise.dataset.manifest import MANIFEST, read_manifest
from balise.jsonl import write_json
from dataset.project import Project

SPANS_TRAIN = "spans/train-00000-of-00001.parquet"
BIO_TRAIN = "bio/train-00000-of-00001.parquet"
STANDOFF_TEST = "standoff/test-00000-of-00001.parquet"
READINGS_TEST = "annotators/test-00000-of-00001.parquet"


def find(project: Project, check: str) -> list[str]:
    """Run one check, as `check_dataset` has it, on a folder that nobody loads."""
    subject = read_subject(project.out, project.inputs, lambda _: Loaded((), (), (), {}))
    found = CHECKS[check][1](subject)
    return [each.message if isinstance(each, Finding) else each for each in found]


def edit(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the rows of a Parquet file and keep its schema, names of the labels included."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def restate(folder: Path) -> None:
    """Let the manifest name the Parquet files as they are."""
    manifest = read_manifest(folder)
    files = {name: hash_ for name, hash_ in manifest.files.items() if not name.endswith(".parquet")}
    for path in folder.rglob("*.parquet"):
        files[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    write_json(folder / MANIFEST, msgspec.structs.replace(manifest, files=files))


def edit_card(project: Project, old: str, new: str) -> None:
    """Replace a passage of the card, which must be there."""
    card = project.out / "README.md"
    text = card.read_text(encoding="utf-8")
    assert old in text
    card.write_text(text.replace(old, new, 1), encoding="utf-8")

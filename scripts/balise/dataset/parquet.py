"""Rows become Parquet bytes with explicit features: the same rows, the same bytes."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.rows import ANNOTATORS, BIO, ROWS, SPANS, STANDOFF
from balise.labels import LabelScheme

if TYPE_CHECKING:
    from datasets import Features

BATCH_SIZE = 1000
"""Rows to a row group; fixed, because it changes the bytes."""


class Table(msgspec.Struct, frozen=True):
    """One split of one config: its Parquet file and the figures that the card states.

    `content_hash` is over the rows alone, as JSON lines with the columns' names sorted.
    """

    content: bytes
    rows: int
    num_bytes: int
    content_hash: str


def config_features(labels: LabelScheme) -> dict[str, "Features"]:
    """Make the `datasets.Features` of each config."""
    from datasets import ClassLabel, Features, List, Value

    string, number, boolean = Value("string"), Value("int32"), Value("bool")
    strings, edges = List(string), {"start": number, "end": number, "label": string}
    provenance = {
        "source": string,
        "url": string,
        "published": string,
        "country": string,
        "event": string,
        "register": string,
        "synthetic": boolean,
        "license": string,
        "attribution": string,
        "decision": string,
        "annotators": strings,
    }
    shown = List({**edges, "text": string})
    columns = {
        SPANS: {
            "id": string,
            "text": string,
            "sha256": string,
            "length": number,
            "title": string,
            **provenance,
            "spans": shown,
        },
        BIO: {
            "id": string,
            "tokens": strings,
            "ner_tags": List(ClassLabel(names=tag_names(labels))),
            "token_starts": List(number),
            "token_ends": List(number),
            "tokenizer": string,
            "synthetic": boolean,
            "license": string,
            "attribution": string,
        },
        ANNOTATORS: {
            "id": string,
            "article": string,
            "batch": string,
            "annotator": string,
            "sha256": string,
            "synthetic": boolean,
            "license": string,
            "publishable": string,
            "spans": shown,
        },
        STANDOFF: {
            "id": string,
            "path": string,
            "sha256": string,
            "length": number,
            "normalisation": string,
            "language": string,
            **provenance,
            "license_url": string,
            "rights_holder": string,
            "publishable": string,
            "salt": string,
            "spans": List({**edges, "surface": string, "before": strings, "after": strings}),
        },
    }
    # In the rows' order, which is the Parquet files'.
    return {
        name: Features({field: columns[name][field] for field in row.__struct_fields__})
        for name, row in ROWS.items()
    }


def parquet_path(config: str, split: str) -> str:
    """Name the Parquet file of one split of one config, inside the folder."""
    return f"{config}/{split}-00000-of-00001.parquet"


def encode_table(rows: Sequence[msgspec.Struct], features: "Features") -> Table:
    """Turn the rows of one split into Parquet; it needs a row, an empty file cannot be loaded."""
    from datasets import Dataset

    dataset = Dataset.from_list([msgspec.to_builtins(row) for row in rows], features=features)
    buffer = io.BytesIO()
    with _without_progress_bars():
        dataset.to_parquet(buffer, batch_size=BATCH_SIZE)
    lines = b"".join(msgspec.json.encode(row, order="sorted") + b"\n" for row in rows)
    return Table(
        buffer.getvalue(), len(rows), dataset.data.nbytes, hashlib.sha256(lines).hexdigest()
    )


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    from datasets.utils import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    if are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()

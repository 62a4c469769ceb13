"""Rows become Parquet bytes with explicit features: the same rows, the same bytes."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.rows import ANNOTATORS, BIO, ROWS, SPANS, STANDOFF
from balise.labels import LabelScheme

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
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
    import pyarrow as pa
    from datasets import Dataset

    schema = features.arrow_schema
    columns = [_array([getattr(row, each.name) for row in rows], each.type) for each in schema]
    dataset = Dataset(pa.Table.from_arrays(columns, schema=schema))
    buffer = io.BytesIO()
    with _without_progress_bars():
        dataset.to_parquet(buffer, batch_size=BATCH_SIZE)
    lines = b"".join(msgspec.json.encode(row, order="sorted") + b"\n" for row in rows)
    return Table(
        buffer.getvalue(), len(rows), dataset.data.nbytes, hashlib.sha256(lines).hexdigest()
    )


def _array(values: Sequence[Any], type_: "pa.DataType") -> "pa.Array":
    """Turn values into an Arrow array, column by column; lists and structs are never null."""
    import pyarrow as pa

    if pa.types.is_list(type_):
        offsets = pa.array([0, *accumulate(map(len, values))], pa.int32())
        inner = _array([each for value in values for each in value], type_.value_type)
        return pa.ListArray.from_arrays(offsets, inner, type_)
    if pa.types.is_struct(type_):
        fields = list(type_)
        arrays = [_array([getattr(one, each.name) for one in values], each.type) for each in fields]
        return pa.StructArray.from_arrays(arrays, fields=fields)
    return pa.array(values, type=type_)


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

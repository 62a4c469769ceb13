"""Columns and tags that are not the config's, in the files and in the card alike."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.damage import BIO_TRAIN, READINGS_TEST, SPANS_TRAIN, STANDOFF_TEST, edit_card, find
from dataset.project import Project


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


def swapped(table: pa.Table) -> pa.Table:
    """Let the file name two tags the other way round."""
    meta = json.loads(table.schema.metadata[b"huggingface"])
    names = meta["info"]["features"]["ner_tags"]["feature"]["names"]
    names[1], names[2] = names[2], names[1]
    return table.replace_schema_metadata({b"huggingface": json.dumps(meta)})


def test_fresh_files_have_no_problem(built: Project) -> None:
    assert find(built, "features") == []


def test_a_column_of_text_that_no_config_has_is_found_by_its_type(copy_of_built: Project) -> None:
    rewrite(
        copy_of_built.out / STANDOFF_TEST,
        lambda table: table.replace_schema_metadata().append_column("text", pa.array(["Convoi"])),
    )
    remark = f"{STANDOFF_TEST}: standoff has no column text (string); remove it"
    assert remark in find(copy_of_built, "features")


def test_columns_that_are_missing_or_of_another_type_are_found(copy_of_built: Project) -> None:
    def plain(table: pa.Table) -> pa.Table:
        return table.replace_schema_metadata()

    rewrite(copy_of_built.out / READINGS_TEST, lambda table: plain(table).drop_columns("batch"))
    rewrite(
        copy_of_built.out / SPANS_TRAIN,
        lambda table: plain(table).set_column(3, "length", table["length"].cast(pa.string())),
    )
    assert find(copy_of_built, "features") == [
        f"{READINGS_TEST}: the column batch is missing; build the dataset again",
        f"{SPANS_TRAIN}: the column length has another type; build the dataset again",
    ]


def test_an_order_of_tags_that_card_and_file_share_is_found_in_both(copy_of_built: Project) -> None:
    rewrite(copy_of_built.out / BIO_TRAIN, swapped)
    edit_card(copy_of_built, "'1': B-PERSON\n          '2': I-PERSON",
              "'1': I-PERSON\n          '2': B-PERSON")  # fmt: skip
    found = find(copy_of_built, "features")
    assert len(found) == 2
    for place, problem in zip((BIO_TRAIN, "README.md"), found, strict=True):
        assert problem.startswith(f"{place}: tag 1 of ner_tags is I-PERSON, not B-PERSON; O comes")


def test_features_that_are_no_features_are_found(copy_of_built: Project) -> None:
    rewrite(
        copy_of_built.out / SPANS_TRAIN,
        lambda table: table.replace_schema_metadata({b"huggingface": b"{"}),
    )
    (problem,) = find(copy_of_built, "features")
    assert problem.startswith(f"{SPANS_TRAIN}: its features cannot be read")

"""Rows in Parquet, with `datasets` as the oracle of every byte."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Dataset

from balise.dataset.bio import Tagger
from balise.dataset.make_rows import annotator_row, span_row, standoff_row
from balise.dataset.parquet import BATCH_SIZE, TableWriter, each_row
from balise.dataset.release import Item, Reading
from balise.dataset.rows import ANNOTATORS, BIO, SPANS, STANDOFF
from balise.dataset.schema import config_features
from balise.errors import BaliseError
from balise.labels import LabelScheme
from dataset.project import FULL
from markup import gold

COUNT = 2 * BATCH_SIZE + 7
MARKED = (
    "L’[armée](MILITARY) à [Gao](LOCATION) 🙂.",
    "Rien.",
    "[Mali](LOCATION), [mardi](DATE), [Syrte](LOCATION)",
)


def read_row(item: Item) -> msgspec.Struct:
    """Make a row of `annotators`, of every second article without words."""
    article = item.article
    if int(article.id[-1]) % 2:
        item = msgspec.structs.replace(
            item, article=msgspec.structs.replace(article, publishable="standoff")
        )
    return annotator_row(
        item, Reading(article.id, article.sha256, "lot", "annotator-1", item.gold.spans)
    )


def rows(config: str, labels: LabelScheme) -> list[msgspec.Struct]:
    make: dict[str, Callable[[Item], msgspec.Struct]] = {
        SPANS: span_row,
        STANDOFF: standoff_row,
        BIO: Tagger(labels).row,
        ANNOTATORS: read_row,
    }
    found = []
    for number in range(COUNT):
        article, record = gold(f"a-{number:05}", MARKED[number % len(MARKED)], **FULL)
        found.append(make[config](Item(article, record, "train", ("annotator-1",))))
    return found


@pytest.mark.parametrize("config", [SPANS, BIO, ANNOTATORS, STANDOFF])
def test_a_file_written_in_groups_is_the_one_that_datasets_makes(
    config: str, labels: LabelScheme, tmp_path: Path
) -> None:
    features, made = config_features(labels)[config], rows(config, labels)
    with TableWriter(tmp_path / "x" / "ours.parquet", features) as writer:
        for row in made:
            writer.add(row)
        table = writer.finish()
    values = [msgspec.to_builtins(row) for row in made]
    Dataset.from_list(values, features=features).to_parquet(
        tmp_path / "theirs.parquet", batch_size=BATCH_SIZE
    )
    ours = (tmp_path / "x" / "ours.parquet").read_bytes()
    assert ours == (tmp_path / "theirs.parquet").read_bytes()
    assert pq.ParquetFile(tmp_path / "x" / "ours.parquet").num_row_groups == 3
    assert table is not None
    assert (table.rows, table.size) == (COUNT, len(ours))
    assert table.sha256 == hashlib.sha256(ours).hexdigest()
    lines = [
        json.dumps(each, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
        for each in values
    ]
    assert table.content_hash == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_without_a_row_there_is_no_file(labels: LabelScheme, tmp_path: Path) -> None:
    with TableWriter(tmp_path / "x.parquet", config_features(labels)[SPANS]) as writer:
        assert writer.finish() is None
    assert list(tmp_path.iterdir()) == []


def test_rows_are_read_group_by_group_and_in_the_columns_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": [f"{n}" for n in range(COUNT)], "n": range(COUNT)}), path)
    assert list(each_row(path)) == [{"id": f"{n}", "n": n} for n in range(COUNT)]
    assert next(each_row(path, ["n"])) == {"n": 0}
    with pytest.raises(BaliseError, match="no column absent"):
        next(each_row(path, ["n", "absent"]))


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(BaliseError, match=r"x\.parquet: cannot be read as Parquet"):
        list(each_row(path))

"""A damaged dataset: each fault is found and named."""

import json
from array import array
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from balise.dataset.checks.compare import decode_tags
from balise.dataset.checks.loaded import load_offline
from balise.errors import BaliseError
from balise.labels import load_labels
from dataset.damage import BIO_TRAIN, READINGS_TEST, SPANS_TRAIN, STANDOFF_TEST, edit, edit_card
from dataset.project import HIDDEN, LABELS, Project, snapshot

BIO_DEV = "bio/validation-00000-of-00001.parquet"


def assert_listed(project: Project, *expected: str) -> None:
    """Check the folder and look for a problem that holds each of the given texts."""
    problems = project.check().problems
    for text in expected:
        assert any(text in problem for problem in problems), (text, problems)


def test_a_fresh_build_has_no_problem(built: Project) -> None:
    before = snapshot(built.root)
    result = built.check()
    assert result.problems == ()
    assert result.rows == {"spans": 3, "bio": 3, "annotators": 5, "standoff": 4}
    assert snapshot(built.root) == before


def test_a_tampered_row_is_found_by_its_text_its_hash_and_its_surfaces(
    copy_of_built: Project,
) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[0]["text"] = rows[0]["text"].replace("Kharkiv", "Kherson")
        rows[1]["spans"][0]["label"] = "EVENT"

    edit(copy_of_built.out / SPANS_TRAIN, change)
    assert_listed(
        copy_of_built,
        f"{SPANS_TRAIN} is not the file that the manifest names",
        "spans/train, row neuf-a: text is ",
        "row neuf-a: its text does not have its sha256",
        "row neuf-a: surface 'Kharkiv' is not text[",
        "spans/train, row neuf-b: spans is ",
    )


def test_rows_that_are_missing_doubled_unknown_or_out_of_order_are_found(
    copy_of_built: Project,
) -> None:
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows.reverse())
    edit(copy_of_built.out / STANDOFF_TEST, lambda rows: rows[0].update(id="neuf-z"))
    edit(copy_of_built.out / BIO_TRAIN, lambda rows: rows[0].update(id="neuf-b"))
    assert_listed(
        copy_of_built,
        "spans/train: the rows are not sorted by id",
        "standoff/test: row neuf-d is missing",
        "standoff/test: row neuf-z should not be here",
        "bio/train: row neuf-b is there twice",
    )


def test_a_standoff_article_that_shows_a_surface_or_its_text_is_found_unquoted(
    copy_of_built: Project,
) -> None:
    def show(rows: list[dict[str, Any]]) -> None:
        rows[0]["spans"][0]["text"] = "Bangui"

    edit(copy_of_built.out / READINGS_TEST, show)
    path = copy_of_built.out / STANDOFF_TEST
    table = pq.read_table(path)
    pq.write_table(table.append_column("text", pa.array(["Le convoi secret"])), path)
    problems = copy_of_built.check().problems
    place = "annotators/test, row neuf-d/lot/annotator-2"
    assert f"{place}: its article is stand-off, but surfaces go out" in problems
    assert any("config standoff does not load" in problem for problem in problems)
    assert not [problem for problem in problems if "Bangui" in problem or "secret" in problem]


def test_hashes_that_are_not_those_of_the_text_are_found_where_the_text_is_here(
    copy_of_built: Project,
) -> None:
    edit(
        copy_of_built.out / STANDOFF_TEST,
        lambda rows: rows[0]["spans"][0].update(surface="0000", before=[]),
    )
    assert_listed(copy_of_built, "standoff/test, row neuf-d: spans is ")


def test_a_standoff_text_and_another_order_of_the_labels_in_the_card_are_found(
    copy_of_built: Project,
) -> None:
    sentence = HIDDEN.replace("[", "").replace("](LOCATION)", "").replace("](ARMED_GROUP)", "")
    edit_card(copy_of_built, "## Splits", f"{sentence}\n\n## Splits")
    edit_card(copy_of_built, "'1': B-PERSON", "'1': B-DATE")
    edit_card(copy_of_built, "'21': B-DATE", "'21': B-PERSON")
    assert_listed(
        copy_of_built,
        "README.md quotes neuf-d, which is stand-off",
        f"the features of bio are not those of {BIO_TRAIN} (ner_tags)",
        "bio: the tags are O, B-DATE, I-PERSON",
        "README.md is not the file that the manifest names",
    )


def test_files_that_are_changed_unknown_or_missing_are_found(copy_of_built: Project) -> None:
    for name, old, new in (
        ("ledger.json", '"snapped": 1', '"snapped": 2'),
        ("labels.json", f'"version": "{load_labels(LABELS).version}"', '"version": "0.9.0"'),
    ):
        path = copy_of_built.out / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (copy_of_built.out / "LICENSE").unlink()
    (copy_of_built.out / "notes.txt").write_text("", encoding="utf-8")
    assert_listed(
        copy_of_built,
        "ledger.json is not the file that the manifest names",
        "ledger.json is not the ledger of these rows",
        "labels.json is not the label scheme",
        "LICENSE is missing",
        "notes.txt is not in the manifest",
    )


def test_a_wrong_hash_in_the_manifest_is_found(copy_of_built: Project) -> None:
    path = copy_of_built.out / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["files"][BIO_DEV] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    problem = f"{BIO_DEV} is not the file that the manifest names (another sha256)"
    assert copy_of_built.check().problems == (problem,)


def test_a_card_without_a_default_config_or_with_a_wrong_number_of_rows_is_found(
    copy_of_built: Project,
) -> None:
    edit_card(copy_of_built, "  default: true\n", "")
    edit_card(copy_of_built, "num_examples: 2", "num_examples: 3")
    assert_listed(
        copy_of_built,
        "the default config must be spans alone, not []",
        "the default config does not load",
        "bio/train has 2 rows, not 3",
        "config bio does not load (NonMatchingSplitsSizesError",
        "bio: its splits are [], not ['train', 'validation']",
    )


def test_tags_that_are_wrong_out_of_range_or_not_bio_are_found(copy_of_built: Project) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[0]["ner_tags"] = [0] * len(rows[0]["ner_tags"])
        rows[1]["ner_tags"][0] = -1

    edit(copy_of_built.out / BIO_TRAIN, change)
    edit(copy_of_built.out / BIO_DEV, lambda rows: rows[0]["ner_tags"].__setitem__(0, 2))
    assert_listed(
        copy_of_built,
        "row neuf-a: its tags lack the gold's MILITARY",
        "row neuf-b: tag -1 of token 0 is none of the 23 tags",
        "row neuf-c: tag I-PERSON of token 0 continues O",
    )


def test_a_card_that_is_not_yaml_is_found(copy_of_built: Project) -> None:
    edit_card(copy_of_built, "license: cc-by-4.0", "license: [cc-by")
    assert_listed(copy_of_built, "README.md cannot be read as a card")


def test_parquet_that_is_broken_is_found(copy_of_built: Project) -> None:
    (copy_of_built.out / SPANS_TRAIN).write_bytes(b"PAR1 is not enough")
    assert_listed(copy_of_built, f"{SPANS_TRAIN} is not readable", "config spans does not load")


def test_parquet_with_text_that_is_no_utf_8_is_found(copy_of_built: Project) -> None:
    path = copy_of_built.out / SPANS_TRAIN
    table = pq.read_table(path)
    place = table.schema.get_field_index("text")
    ends = pa.py_buffer(array("i", [0, 1, 2]).tobytes())
    broken = pa.StringArray.from_buffers(2, ends, pa.py_buffer(b"\xff\xfe"))
    pq.write_table(table.set_column(place, table.schema.field(place), broken), path)
    problems = copy_of_built.check().problems
    assert f"{SPANS_TRAIN} cannot be read as Parquet" in problems[1]
    assert not [each for each in problems if "is missing" in each], problems


def test_gold_that_changed_after_the_build_is_found(copy_of_built: Project) -> None:
    text = copy_of_built.gold.read_text(encoding="utf-8")
    copy_of_built.gold.write_text(text.replace('"WEAPON"', '"EVENT"'), encoding="utf-8")
    assert_listed(
        copy_of_built, "manifest.json: was built from gold", "row neuf-b: its tags lack the gold's"
    )


def test_a_folder_without_a_dataset_is_an_error(built: Project, tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match=r"no dataset here .*`balise dataset build`"):
        built.check(tmp_path)


def test_tags_decode_as_seqeval_reads_them() -> None:
    from seqeval.scheme import IOB2, Entities

    names = ["O", "B-A", "I-A", "B-B", "I-B"]
    numbers = [1, 2, 1, 0, 3, 4, 4, 3, 1, 0]
    (entities,) = Entities([[names[number] for number in numbers]], IOB2).entities
    expected = [(entity.start, entity.end, entity.tag) for entity in entities]
    assert [(s.start, s.end, s.label) for s in decode_tags(numbers, names)] == expected
    assert len(expected) == 5


@pytest.mark.parametrize("written", [b"{", b'{"info": {"features": {"id": {"_type": "Nothing"}}}}'])
def test_features_that_are_none_are_a_finding_and_end_nothing(
    copy_of_built: Project, written: bytes
) -> None:
    path = copy_of_built.out / SPANS_TRAIN
    table = pq.read_table(path).replace_schema_metadata({b"huggingface": written})
    pq.write_table(table, path)
    problems = load_offline(copy_of_built.out).problems
    assert any("spans/train" in each and "features" in each for each in problems), problems

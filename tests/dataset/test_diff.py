"""Two datasets are compared by row, whatever configs they have."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import Result
from datasets import ClassLabel, Dataset, Features, List, Value
from typer.testing import CliRunner

from balise.cli.dataset import app
from balise.dataset.hub.contents import read_contents
from balise.dataset.hub.diff import Count, Diff, Names, diff_contents, smaller_gold
from balise.errors import BaliseError
from faults.publishing import NEW, OLD, REPO, Publishing

Rows = list[dict[str, Any]]


def write(folder: Path, version: str, **tables: Dataset) -> Path:
    """Write a dataset folder of tables named `config__split`."""
    for name, table in tables.items():
        config, split = name.split("__")
        (folder / config).mkdir(parents=True, exist_ok=True)
        table.to_parquet(folder / config / f"{split}-00000-of-00001.parquet")
    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.parquet")
    }
    manifest = json.dumps({"version": version, "files": files})
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    return folder


def table(rows: Rows, **features: Any) -> Dataset:
    return Dataset.from_list(rows, Features({"id": Value("string"), **features}))


def compare(old: Path, new: Path) -> Diff:
    return diff_contents(read_contents(old), read_contents(new))


def ids(**texts: str) -> Dataset:
    return table([{"id": i, "note": text} for i, text in texts.items()], note=Value("string"))


def test_rows_are_known_by_id_within_their_config_whatever_split_they_stand_in(
    tmp_path: Path,
) -> None:
    old = write(
        tmp_path / "old",
        "1.0.0",
        remarks__train=ids(stays="a", changes="b", goes="c", moves="d"),
        remarks__test=ids(other="e", both="f"),
    )
    new = write(
        tmp_path / "new",
        "1.1.0",
        remarks__train=ids(stays="a", changes="B", comes="g", both="F"),
        remarks__test=ids(other="e", moves="d"),
        # The same ids in another config are other rows.
        more__train=ids(goes="c"),
    )
    found = compare(old, new)
    assert (found.old, found.new) == ("1.0.0", "1.1.0")
    rows = {(each.config, each.split): each for each in found.rows}
    train, test = rows["remarks", "train"], rows["remarks", "test"]
    assert (train.added, train.removed) == (("comes",), ("goes",))
    assert train.changed == ("both", "changes")
    assert train.moved == {"both": "test"}
    assert (test.added, test.removed, test.changed) == ((), (), ())
    assert test.moved == {"moves": "train"}
    assert (train.rows, test.rows) == (Count(4, 4), Count(2, 2))
    assert rows["more", "train"].added == ("goes",)
    assert not found.empty


def test_nothing_differs_from_itself(tmp_path: Path) -> None:
    one = write(tmp_path / "one", "1.0.0", remarks__train=ids(a="a"))
    found = compare(one, one)
    assert found.empty
    assert smaller_gold(read_contents(one), read_contents(one), ()) == ""
    [split] = found.rows
    assert (split.added, split.changed, split.removed, split.moved) == ((), (), (), {})


def test_a_licence_that_is_a_number_of_a_name_counts_under_its_name(tmp_path: Path) -> None:
    licences = ClassLabel(names=["cc-by-4.0", "cc0-1.0"])
    rows = [{"id": "a", "license": 0}, {"id": "b", "license": 1}]
    one = write(tmp_path / "one", "1.0.0", spans__train=table(rows, license=licences))
    found = compare(one, one)
    assert found.licences == {"cc-by-4.0": Count(1, 1), "cc0-1.0": Count(1, 1)}


def test_a_column_of_times_can_go(tmp_path: Path) -> None:
    at = [{"id": "a", "at": datetime(2017, 10, 14, tzinfo=UTC)}]
    old = write(tmp_path / "old", "1.0.0", more__train=table(at, at=Value("timestamp[ns, tz=UTC]")))
    new = write(tmp_path / "new", "1.1.0", more__train=table([{"id": "a"}]))
    assert compare(old, new).columns == {"more": Names((), (), ("at",))}
    assert compare(old, old).empty


def test_a_tag_is_its_name_and_not_its_number(tmp_path: Path) -> None:
    def tags(names: list[str], *numbers: int) -> Dataset:
        return table([{"id": "x", "tags": list(numbers)}], tags=List(ClassLabel(names=names)))

    old = write(tmp_path / "old", "1.0.0", bio__train=tags(["O", "B-LOC"], 0, 1))
    same = write(tmp_path / "same", "1.1.0", bio__train=tags(["O", "B-DATE", "B-LOC"], 0, 2))
    other = write(tmp_path / "other", "1.1.0", bio__train=tags(["O", "B-DATE", "B-LOC"], 0, 1))
    assert compare(old, same).rows[0].changed == ()
    assert compare(old, same).columns == {"bio": Names((), ("tags",), ())}
    assert compare(old, other).rows[0].changed == ("x",)


def test_a_column_that_comes_or_goes_is_no_change_of_every_row(tmp_path: Path) -> None:
    string, number = Value("string"), Value("int32")
    rows = [{"id": "a", "n": 1, "w": "x"}, {"id": "b", "n": 2, "w": "y"}]
    old = write(tmp_path / "old", "1.0.0", t__train=table(rows, n=number, w=string))
    newer = [{"id": "a", "n": 1, "z": "x"}, {"id": "b", "n": 3, "z": "y"}]
    new = write(tmp_path / "new", "1.0.0", t__train=table(newer, n=number, z=string))
    found = compare(old, new)
    assert found.rows[0].changed == ("b",)
    assert found.columns == {"t": Names(("z",), (), ("w",))}


def spans(labels: dict[str, list[str]], licence: str | None = "CC-BY-4.0") -> Dataset:
    span = {"start": Value("int32"), "end": Value("int32"), "label": Value("string")}
    rows = [
        {
            "id": id_,
            "license": licence,
            "spans": [{"start": n, "end": n + 1, "label": each} for n, each in enumerate(names)],
        }
        for id_, names in labels.items()
    ]
    return table(rows, license=Value("string"), spans=List(span))


def test_the_gold_counts_once_where_it_stands_in_two_configs(tmp_path: Path) -> None:
    old = write(tmp_path / "old", "1.0.0", spans__train=spans({"a": ["LOC"], "b": ["LOC", "DATE"]}))
    new = write(
        tmp_path / "new",
        "2.0.0",
        spans__train=spans({"a": ["LOC"]}),
        standoff__train=spans({"a": ["LOC"], "b": ["LOC"]}, None),
        annotators__train=spans({"a/lot/1": ["LOC"], "a/lot/2": ["DATE"]}),
    )
    found = compare(old, new)
    assert (found.articles, found.spans) == (Count(2, 2), Count(3, 2))
    sides = read_contents(old), read_contents(new)
    assert smaller_gold(*sides, ()) == "2 gold spans instead of 3"
    assert smaller_gold(*sides, ("b",)) == ""
    assert found.licences == {"CC-BY-4.0": Count(2, 1), "unknown": Count(0, 1)}
    assert found.labels == {
        "annotators": {"DATE": Count(0, 1), "LOC": Count(0, 1)},
        "spans": {"DATE": Count(1, 0), "LOC": Count(2, 1)},
        "standoff": {"LOC": Count(0, 2)},
    }


def test_what_was_withdrawn_by_an_address_written_otherwise_is_no_loss(tmp_path: Path) -> None:
    url = "https://example.org/b"
    rows = [{"id": "a", "url": None, "spans": []}, {"id": "b", "url": url, "spans": []}]
    columns = {"url": Value("string"), "spans": List({"label": Value("string")})}
    old = write(tmp_path / "old", "1.0.0", standoff__train=table(rows, **columns))
    new = write(tmp_path / "new", "1.0.1", standoff__train=table(rows[:1], **columns))
    sides = read_contents(old), read_contents(new)
    assert smaller_gold(*sides, ("http://example.org/b/",)) == ""
    assert smaller_gold(*sides, ("http://example.org/c",)) == "1 gold articles instead of 2"


def test_lines_that_share_an_id_are_one_row(tmp_path: Path) -> None:
    def lines(*notes: str) -> Dataset:
        return table([{"id": "x", "note": note} for note in notes], note=Value("string"))

    old = write(tmp_path / "old", "1.0.0", t__train=lines("a", "b"))
    turned = write(tmp_path / "turned", "1.0.0", t__train=lines("b", "a"))
    fewer = write(tmp_path / "fewer", "1.0.0", t__train=lines("a"))
    assert compare(old, turned).rows[0].changed == ()
    assert compare(old, fewer).rows[0].changed == ("x",)


def test_a_table_without_ids_or_that_is_none_is_said(tmp_path: Path) -> None:
    bare = Dataset.from_list([{"text": "a"}])
    folder = write(tmp_path / "bare", "1.0.0", t__train=bare)
    with pytest.raises(BaliseError, match="its rows have no column `id`"):
        read_contents(folder)
    (folder / "t" / "train-00000-of-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(BaliseError, match="cannot be read as Parquet"):
        read_contents(folder)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["diff", *(str(word) for word in words)], env={"COLUMNS": "200"})


def test_folders_and_published_versions_are_compared_alike(publishing: Publishing) -> None:
    by_folder = run(publishing.old, publishing.new, "--json")
    assert by_folder.exit_code == 0, by_folder.output
    for side in (REPO, f"{REPO}@{OLD}"):
        assert run(side, publishing.new, "--json").output == by_folder.output
    shown = run(f"{REPO}@{OLD}", publishing.new).output
    assert f"{REPO}@{OLD} ({OLD}) → {publishing.new} ({NEW})" in " ".join(shown.split())
    for row in (("spans/train", "2", "4", "1", "2", "0", "1"), ("spans", "7 → 8")):
        assert any(
            [cell.strip() for cell in line.split("│")[1:-1]] == list(row)
            for line in shown.splitlines()
        )
    assert "~ README.md\n" in shown


@pytest.mark.parametrize(
    ("side", "code", "said"),
    [
        ("nowhere", 2, "nowhere: is no folder here and no repository; name a dataset's folder"),
        (f"{REPO}@9.9.9", 1, "has no tag v9.9.9; choose one that is there: v0.1.0"),
        (f"{REPO}@", 2, "'' is not X.Y.Z"),
        ("alice/nothing", 1, "is not on the Hub, or not to be seen"),
        ("build/datset", 1, "no folder build/datset is here"),
    ],
)
def test_a_side_that_is_none_is_said(
    publishing: Publishing, side: str, code: int, said: str
) -> None:
    done = run(publishing.old, side)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


def test_a_folder_or_a_repository_without_a_dataset_is_said(
    publishing: Publishing, tmp_path: Path
) -> None:
    done = run(tmp_path, publishing.new)
    assert (done.exit_code, "no dataset here" in done.stderr) == (1, True)
    publishing.there.commit({"a.txt": b"a"}, "theirs")
    done = run(REPO, publishing.new)
    assert (done.exit_code, "holds no dataset of balise" in done.stderr) == (1, True)


@pytest.mark.parametrize("names", [{"0": "O"}, 3, "O"])
def test_names_that_are_no_list_name_no_tag(tmp_path: Path, names: object) -> None:
    old, new = (write(tmp_path / name, "0.1.0", bio__train=ids(a="Rien.")) for name in "ab")
    path = new / "bio" / "train-00000-of-00001.parquet"
    features = {"info": {"features": {"tag": {"_type": "ClassLabel", "names": names}}}}
    rows = pq.read_table(path).append_column("tag", [[0]])
    pq.write_table(rows.replace_schema_metadata({"huggingface": json.dumps(features)}), path)
    assert compare(old, new).columns["bio"].added == ("tag",)


DEEP = b'{"info": {"features": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}"


@pytest.mark.parametrize(
    "written",
    [b"{", b"[]", b'{"info": null}', b'{"info": {"features": 1}}', pytest.param(DEEP, id="deep")],
)
def test_a_table_whose_features_are_none_is_compared_by_its_columns(
    tmp_path: Path, written: bytes
) -> None:
    old, new = (write(tmp_path / name, "0.1.0", spans__train=ids(a="Rien.")) for name in "ab")
    path = new / "spans" / "train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(path).replace_schema_metadata({"huggingface": written}), path)
    [change] = compare(old, new).rows
    assert (change.added, change.changed, change.removed) == ((), (), ())

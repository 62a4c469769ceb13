"""What was withdrawn leaves the dataset and does not come back."""

import ast
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from huggingface_hub import HfApi
from huggingface_hub.hf_api import LFSFileInfo
from typer.testing import CliRunner

from balise.cli.main import app
from balise.dataset.manifest import read_manifest
from balise.dataset.withdraw import PURGE, withdraw
from balise.errors import BaliseError, UsageError
from balise.files import locked
from balise.withdrawn import Withdrawal, load_withdrawn
from dataset.project import Project, pairs, snapshot

DAY = date(2026, 1, 2)


def test_an_article_leaves_every_config_and_the_next_version_stands_there(older: Project) -> None:
    done = withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    assert (done.now, done.already, done.before) == (("neuf-a",), (), "0.1.0")
    assert done.build.version == "0.1.1"
    assert load_withdrawn(older.corpus) == (Withdrawal("neuf-a", "2026-01-02", "faux"),)
    manifest = read_manifest(older.out)
    assert (manifest.version, manifest.withdrawn) == ("0.1.1", ("neuf-a",))
    for name, content in snapshot(older.out).items():
        assert (b"neuf-a" in content) == (name == "manifest.json")
        assert b"Kharkiv" not in content
    assert older.check().problems == ()


def test_doing_it_again_changes_no_line_and_makes_a_version(older: Project) -> None:
    withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    done = withdraw(older.inputs, ["neuf-a"], "autre", older.out, day=date(2027, 1, 1))
    assert (done.now, done.already, done.build.version) == ((), ("neuf-a",), "0.1.2")
    assert load_withdrawn(older.corpus) == (Withdrawal("neuf-a", "2026-01-02", "faux"),)


def test_an_address_that_the_corpus_lacks_is_kept_out_from_now_on(
    older: Project, change: Callable[..., None]
) -> None:
    done = withdraw(older.inputs, ["https://example.org/b"], "demandé", older.out, day=DAY)
    assert (done.build.withdrawn, done.unmet) == (0, ("https://example.org/b",))
    change("neuf-b", url="https://example.org/b")
    assert older.build(version="0.2.0").withdrawn == 1


@pytest.mark.parametrize(
    "address",
    ["http://example.org/d", "https://example.org/d/", "https://Example.org/d#haut"],
)
def test_an_address_is_met_however_it_is_written(older: Project, address: str) -> None:
    done = withdraw(older.inputs, [address], "demandé", older.out, day=DAY)
    assert (done.build.withdrawn, done.unmet) == (1, ())
    assert "test" not in done.build.rows["standoff"]
    assert read_manifest(older.out).withdrawn == (address, "neuf-d")
    assert older.check().problems == ()


def test_the_command_says_which_address_no_article_has(older: Project) -> None:
    call = ["dataset", "withdraw", "https://example.org/x", "--reason", "faux", *older.options]
    said = CliRunner().invoke(app, [*call, f"--out={older.out}"]).output
    assert "no article of the corpus has the address https://example.org/x" in said
    assert "the changelog does not name 0.1.1" in said


def test_a_withdrawal_is_told_when_its_lines_are_gone(older: Project) -> None:
    withdraw(older.inputs, ["neuf-b"], "faux", older.out, day=DAY)
    older.write([pair for pair in pairs() if pair[0].id != "neuf-b"])
    older.build(version="0.1.2")
    assert read_manifest(older.out).withdrawn == ("neuf-b",)
    assert older.check().problems == ()


def test_the_same_text_under_another_id_is_withdrawn_too(older: Project) -> None:
    twin = [
        msgspec.structs.replace(each, **{field: "neuf-z"})
        for each, field in zip(pairs()[1], ("id", "article"), strict=True)
    ]
    older.write([*pairs(), (twin[0], twin[1])])
    withdraw(older.inputs, ["neuf-b"], "faux", older.out, day=DAY)
    assert read_manifest(older.out).withdrawn == ("neuf-b", "neuf-z")
    assert older.check().problems == ()


def test_words_of_withheld_and_withdrawn_articles_stay_out_of_files_for_people(
    older: Project,
) -> None:
    withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    for id_, words in (("neuf-e", "Texte retenu à Alep."), ("neuf-a", "Tirs à Kharkiv")):
        (older.corpus / "CHANGELOG.md").write_text(f"## 0.2.0\n\n- {words}\n", "utf-8")
        with pytest.raises(BaliseError, match=f"would quote {id_}, which"):
            older.build(version="0.2.0")


@pytest.mark.parametrize(
    ("names", "reason", "version", "problem"),
    [
        (["neuf-x"], "faux", None, "neuf-x: is no article of the corpus"),
        (["neuf-a"], " ", None, "--reason: ' ' is no line of text"),
        (["neuf-a"], "a\tb", None, "--reason"),
        (["neuf-a"], "a\udcff", None, "--reason"),
        (["https://example.org/d\n"], "faux", None, "is no id and no address; write it without"),
        (["https://example.org/\t"], "faux", None, "'https://example.org/\\t': is no id"),
        (["neuf-a"], "faux", "0.1.0", "--version: 0.1.0 is not later than 0.1.0"),
        (["neuf-a"], "faux", "0.0.9", "is not later"),
        (["neuf-a"], "faux", "1.2.²", "--version: '1.2.²' is not X.Y.Z"),
    ],
)
def test_a_wrong_call_changes_nothing(
    older: Project, names: list[str], reason: str, version: str | None, problem: str
) -> None:
    before = snapshot(older.root)
    with pytest.raises(UsageError) as caught:
        withdraw(older.inputs, names, reason, older.out, version, DAY)
    assert problem in str(caught.value)
    assert snapshot(older.root) == before


def test_while_another_withdrawal_writes_the_list_stays_its_own(older: Project) -> None:
    with locked(older.corpus), pytest.raises(BaliseError, match="another balise is writing here"):
        withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    assert load_withdrawn(older.corpus) == ()
    assert read_manifest(older.out).version == "0.1.0"


def test_where_the_dataset_cannot_be_built_the_list_stands_and_says_so(older: Project) -> None:
    older.splits.unlink()
    with pytest.raises(BaliseError) as caught:
        withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    assert "withdrawn.tsv has the articles" in " ".join(caught.value.__notes__)
    assert load_withdrawn(older.corpus)[0].article == "neuf-a"
    assert read_manifest(older.out).version == "0.1.0"


def test_the_command_says_what_still_holds_them_and_how_to_purge_it(older: Project) -> None:
    call = ["dataset", "withdraw", "neuf-a", "--reason", "faux", *older.options]
    result = CliRunner().invoke(app, [*call, f"--out={older.out}"])
    assert result.exit_code == 0, result.output
    assert "1 withdrawn, 0 had been before" in result.output
    assert "hf repos tag delete ORG/NAME v0.1.0 --type dataset" in result.output
    assert f"python - <<'END'\n{PURGE.format(repo='ORG/NAME')}END\n" in result.output
    again = CliRunner().invoke(app, [*call, f"--out={older.out}", "--json"])
    assert json.loads(again.output)["already"] == ["neuf-a"]


def test_the_commands_to_purge_are_those_of_the_hubs_client() -> None:
    tree = ast.parse(PURGE.format(repo="a/b"))
    asked = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "api"
    }
    assert len(asked) == 4
    assert all(callable(getattr(HfApi, name)) for name in asked)
    assert "file_oid" in LFSFileInfo.__annotations__


def test_nothing_but_the_list_and_the_dataset_is_written(older: Project, tmp_path: Path) -> None:
    before = snapshot(older.root)
    withdraw(older.inputs, ["neuf-a"], "faux", older.out, day=DAY)
    changed = {
        name for name, content in snapshot(older.root).items() if before.get(name) != content
    }
    assert {name for name in changed if not name.startswith("build/dataset/")} == {
        "corpus/withdrawn.tsv"
    }

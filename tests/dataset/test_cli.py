"""The commands, from the outside."""

import json

import pytest
from typer.testing import CliRunner

from balise.cli.dataset import app
from balise.dataset.check import CHECKS
from dataset.project import Project, snapshot


def test_build_then_check_succeed_and_say_what_they_did(project: Project) -> None:
    built = CliRunner().invoke(app, ["build", *project.options, f"--out={project.out}"])
    assert built.exit_code == 0, built.output
    assert "standoff: 2 train, 1 validation, 1 test" in built.output
    assert "4 kept, 1 snapped, 0 dropped" in built.output
    assert "1 articles withheld" in built.output
    assert "the changelog does not name 0.1.0" in built.output
    checked = CliRunner().invoke(app, ["check", str(project.out), *project.options, "--json"])
    assert checked.exit_code == 0, checked.output
    rows = {"spans": 3, "bio": 3, "annotators": 5, "standoff": 4}
    said = json.loads(checked.output)
    assert (said["rows"], said["problems"], said["accepted"], said["idle"]) == (rows, [], [], [])
    assert [(run["name"], run["findings"]) for run in said["checks"]] == [(c, 0) for c in CHECKS]


def test_build_prints_its_result_as_json(project: Project) -> None:
    call = ["build", *project.options, f"--out={project.out}", "--version=1.2.3", "--json"]
    result = json.loads(CliRunner().invoke(app, call).output)
    assert result["version"] == "1.2.3"
    assert result["rows"]["bio"] == {"train": 2, "validation": 1}


def test_check_lists_problems_and_ends_with_1(copy_of_built: Project) -> None:
    (copy_of_built.out / "LICENSE").write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(copy_of_built.out), *copy_of_built.options])
    assert result.exit_code == 1
    assert "LICENSE is not the file that the manifest names" in result.output
    assert f"{len(CHECKS)} checks, 2 problems\n" in result.output
    rows = [line.split() for line in result.output.splitlines() if line.startswith("│")]
    found = {row[1].rstrip(":"): row[-4] for row in rows if row[-4].isdigit()}
    assert {name for name, count in found.items() if count != "0"} == {"files", "licences"}
    assert set(found) == set(CHECKS)


def test_bad_data_ends_with_1_and_a_wrong_call_with_2(older: Project) -> None:
    before = snapshot(older.root)
    unknown = [*older.options[1:], "--gold=nowhere.jsonl"]
    bad = CliRunner().invoke(app, ["build", *unknown, f"--out={older.out}"])
    assert (bad.exit_code, "nowhere.jsonl" in bad.stderr) == (1, True)
    wrong = CliRunner().invoke(app, ["build", *older.options, f"--out={older.corpus}"])
    assert (wrong.exit_code, "choose another --out" in wrong.stderr) == (2, True)
    assert snapshot(older.root) == before


@pytest.mark.parametrize("name", ["build", "check", "docbin", "withdraw"])
def test_each_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert f"Example: balise dataset {name}" in result.output

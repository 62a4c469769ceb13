"""Floors of scores: they hold, they rise, and they are lowered only where that is said."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from balise.jsonl import read_json, read_jsonl, write_json, write_jsonl
from balise.model.gate import Gate
from balise.records import Article
from scored_project import lay_out, make_pipeline, run, split

MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) a pris [Gao](LOCATION).",
    "afp-2": "Une [attaque](EVENT) à [Gao](LOCATION).",
}
GOOD = {"Gao": "LOCATION", "attaque": "EVENT"}
POOR = {"Gao": "LOCATION"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path, MARKED)
    make_pipeline(tmp_path / "good", GOOD)
    make_pipeline(tmp_path / "poor", POOR)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gated(model: str, *options: object, code: int = 0) -> str:
    result = run("evaluate", model, "--no-baseline", "--gate", "floors.json", *options)
    assert result.exit_code == code, result.output
    return result.output + result.stderr


def floors() -> dict[str, float]:
    return read_json(Path("floors.json"), Gate).parts["test"].f1


def test_what_was_recorded_is_reached_and_a_poorer_model_fails(project: Path) -> None:
    assert "every floor" in gated("good", "--record-floors")
    # Three of four gold spans, nothing wrong: 6/7, rounded down; labels without a score have none.
    assert floors() == {
        "all labels": 0.857,
        "PER/LOC/ORG": 0.8,
        "ARMED_GROUP": 0.0,
        "LOCATION": 1.0,
        "EVENT": 1.0,
    }
    gated("good")
    said = gated("poor", code=1)
    assert "poor falls below its floors on test: all labels 0.667 < 0.857" in said
    assert "EVENT 0.000 < 1.000" in said


def test_a_floor_sinks_only_when_that_is_said(project: Path) -> None:
    gated("good", "--record-floors")
    before = floors()
    assert "would become lower: all labels 0.857 → 0.666" in gated(
        "poor", "--record-floors", code=1
    )
    assert floors() == before
    gated("poor", "--record-floors", "--lower-floors")
    assert floors()["EVENT"] == 0
    gated("good", "--record-floors")
    assert floors() == before


def test_a_margin_leaves_room_under_the_scores(project: Path) -> None:
    gated("good", "--record-floors", "--margin", "0.3")
    assert floors()["all labels"] == pytest.approx(0.557)
    assert floors()["ARMED_GROUP"] == 0


def test_single_labels_may_have_a_margin_of_their_own(project: Path) -> None:
    gated("good", "--record-floors", "--margin", "0.1", "--label-margin", "0.3")
    found = floors()
    assert found["all labels"] == pytest.approx(0.757)
    assert found["PER/LOC/ORG"] == pytest.approx(0.7)
    assert (found["LOCATION"], found["EVENT"]) == (0.7, 0.7)


def test_floors_hold_for_the_gold_that_they_were_recorded_on(project: Path) -> None:
    gated("good", "--record-floors")
    lay_out(project, MARKED | {"afp-3": "[Kidal](LOCATION)"})
    said = gated("good", code=1)
    assert "were recorded on gold" in said
    assert "--record-floors" in said


def test_a_part_without_floors_says_so(project: Path) -> None:
    Path("floors.json").write_text('{"parts": {}}')
    assert "has no floors for test" in gated("good", code=1)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--record-floors",), "has no file to write to"),
        (("--gate", "f", "--lower-floors"), "give --record-floors too"),
        (("--gate", "f", "--margin", "0.1"), "give --record-floors too"),
        (("--gate", "f", "--record-floors", "--margin", "nan"), "--margin: nan is no number"),
        (("--no-baseline", "--baseline", "poor"), "named beside --no-baseline"),
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_call(
    project: Path, options: tuple[str, ...], problem: str
) -> None:
    result = run("evaluate", "good", *options)
    assert result.exit_code == 2
    assert problem in result.stderr


def test_a_missing_gate_file_is_named(project: Path) -> None:
    assert "floors.json" in gated("good", code=1)


def test_floors_of_several_parts_are_recorded_together_or_not_at_all(project: Path) -> None:
    split(project, test=("afp-1",), test_real=("afp-2",))
    gated("good", "--record-floors")
    before = Path("floors.json").read_bytes()
    parts = read_json(Path("floors.json"), Gate).parts
    assert list(parts) == ["test", "test_real"]
    raised = replace(parts["test_real"], f1={"all labels": 1.1})
    lowered = replace(parts["test"], f1={"all labels": 0.1})
    write_json(Path("floors.json"), Gate({"test": lowered, "test_real": raised}))
    before = Path("floors.json").read_bytes()
    assert "floors of test_real would become lower" in gated("good", "--record-floors", code=1)
    assert Path("floors.json").read_bytes() == before
    high = replace(parts["test"], f1={"all labels": 1.1})
    write_json(Path("floors.json"), Gate({"test": high, "test_real": raised}))
    said = gated("good", code=1)
    assert "floors on test: all labels" in said
    assert "floors on test_real: all labels" in said


def test_floors_that_would_not_be_looked_at_are_told_before_anything_is_read(
    project: Path,
) -> None:
    split(project, test=("afp-1",), test_real=("afp-2",))
    gated("good", "--record-floors")
    path = Path("corpus/afp.jsonl")
    one, other = read_jsonl(path, Article)
    write_jsonl(path, [one, replace(other, text=None)])
    said = gated("good", "--json", code=1)
    assert "has floors for test_real, whose texts are not here" in said
    gated("good", "--split", "test")


def test_a_gate_is_none_of_the_files_that_are_read(project: Path) -> None:
    result = run("evaluate", "good", "--gate", "annotations/gold.jsonl", "--record-floors")
    assert (result.exit_code, "is read here" in result.stderr) == (2, True)

"""`balise model compare`, with pipelines made on the spot."""

import json
from pathlib import Path

import numpy as np
import pytest

from balise.bootstrap import draw
from balise.jsonl import read_json
from balise.model.compare import Comparison, Pair
from counted import strict
from scored_project import lay_out, make_pipeline, run, snapshot

MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) a pris [Gao](LOCATION) [lundi](DATE).",
    "afp-2": "Une [attaque](EVENT) à [Gao](LOCATION).",
    "afp-3": "[Goïta](PERSON) à [Gao](LOCATION).",
}
POOR = {"Gao": "PERSON", "Wagner": "ARMED_GROUP"}
GOOD = {"Gao": "LOCATION", "Goïta": "PERSON"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path, MARKED)
    make_pipeline(tmp_path / "poor", POOR)
    make_pipeline(tmp_path / "good", GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compared(first: str, second: str, *options: object) -> Comparison:
    result = run("compare", first, second, "--out", "pair.json", *options)
    assert result.exit_code == 0, result.output
    return read_json(Path("pair.json"), Comparison)


def by_label(pairs: tuple[Pair, ...]) -> dict[str, float | None]:
    return {pair.label: pair.strict.value for pair in pairs}


def test_a_difference_is_the_second_minus_the_first(project: Path) -> None:
    result = compared("poor", "good")
    # poor: Wagner is right, three times Gao is a PERSON; good: three Gao and Goïta are right.
    assert strict(result.all_labels.overall.first.counts) == (1, 3, 6)
    assert strict(result.all_labels.overall.second.counts) == (4, 0, 3)
    assert result.all_labels.overall.strict.value == pytest.approx(8 / 11 - 2 / 11)
    differences = by_label(result.all_labels.labels)
    assert differences["LOCATION"] == 1.0
    assert differences["ARMED_GROUP"] == -1.0
    assert differences["DATE"] == 0.0  # both miss it
    assert differences["WEAPON"] is None  # neither gold nor prediction
    # Rolled up, DATE and EVENT are out: poor has 1 of 5 right, good 4 of 5.
    assert strict(result.conll.overall.first.counts) == (1, 3, 4)
    assert strict(result.conll.overall.second.counts) == (4, 0, 1)


def test_each_schema_has_a_difference_and_a_p_value_of_its_own(project: Path) -> None:
    overall = compared("poor", "good").all_labels.overall
    # Exact edges: poor finds Wagner and three times Gao, good three times Gao and Goïta, of seven.
    assert overall.differences["exact"].value == pytest.approx(0)
    assert overall.differences["exact"].p == 1
    # Of the eight exchanges of three articles, two differ as much: none and all.
    assert overall.strict.p == pytest.approx(2 / 8, abs=0.02)
    pairs = compared("poor", "good").all_labels.labels
    undefined = {pair.label for pair in pairs if pair.strict.p is None}
    assert "WEAPON" in undefined
    assert "LOCATION" not in undefined


def test_the_interval_is_that_of_the_difference_on_the_same_resamples(project: Path) -> None:
    result = compared("poor", "good", "--resamples", 400, "--seed", 7)
    # (tp, fp, fn) of each article, by hand.
    poor = np.array([[1, 1, 2], [0, 1, 2], [0, 1, 2]])
    good = np.array([[1, 0, 2], [1, 0, 1], [2, 0, 0]])
    differences = []
    for row in draw(3, 400, 7):
        scores = []
        for system in (poor, good):
            tp, fp, fn = system[row].sum(axis=0)
            scores.append(2 * tp / (2 * tp + fp + fn))
        differences.append(scores[1] - scores[0])
    bounds = result.all_labels.overall.strict.interval
    assert bounds is not None
    assert (bounds.low, bounds.high) == pytest.approx(
        tuple(np.percentile(differences, [2.5, 97.5]))
    )
    assert bounds.resamples == 400


def test_exchanging_the_pipelines_turns_the_sign(project: Path) -> None:
    there = compared("poor", "good").all_labels.overall.strict
    back = compared("good", "poor").all_labels.overall.strict
    assert there.value is not None
    assert there.interval is not None
    assert back.value == pytest.approx(-there.value)
    assert back.interval is not None
    assert (back.interval.low, back.interval.high) == pytest.approx(
        (-there.interval.high, -there.interval.low)
    )


def test_two_pipelines_that_predict_the_same_differ_by_exactly_nothing(project: Path) -> None:
    make_pipeline(project / "twin", GOOD)
    difference = compared("good", "twin").all_labels.overall.strict
    assert difference.value == 0
    assert difference.interval is not None
    assert (difference.interval.low, difference.interval.high) == (0, 0)


def test_the_table_shows_both_and_the_signed_difference(project: Path) -> None:
    result = run("compare", "poor", "good")
    assert result.exit_code == 0
    for shown in ("poor", "good", "+0.545", "-1.000", "LOCATION", "PER/LOC/ORG"):
        assert shown in result.output
    assert (project / "build/model/reports/poor--good.json").is_file()


def test_json_goes_to_machines(project: Path) -> None:
    values = json.loads(run("compare", "poor", "good", "--json").output)
    assert (values["first"], values["second"], values["articles"]) == ("poor", "good", 3)
    assert values["all_labels"]["difference"]["value"] == pytest.approx(6 / 11)


def test_a_second_run_writes_the_same_bytes(project: Path) -> None:
    compared("poor", "good")
    before = snapshot(project)
    compared("poor", "good")
    assert snapshot(project) == before


def test_pipelines_of_the_same_name_are_told_apart_by_their_paths(project: Path) -> None:
    make_pipeline(project / "old" / "good", POOR)
    result = compared("old/good", "good")
    assert (result.first, result.second) == ("old/good", "good")


def refused(project: Path, code: int, *arguments: object) -> str:
    before = snapshot(project)
    result = run("compare", *arguments)
    assert result.exit_code == code, result.output
    assert snapshot(project) == before
    return result.stderr


def test_a_pipeline_is_not_compared_with_itself(project: Path) -> None:
    assert "compared with itself" in refused(project, 2, "good", "good")
    assert "compared with itself" in refused(project, 2, "good", "./good/")


@pytest.mark.parametrize("name", ["annotations/gold.jsonl", "corpus/splits.json"])
def test_what_is_read_is_not_written_over(project: Path, name: str) -> None:
    assert "is read here" in refused(project, 2, "good", "poor", "--out", name)


def test_a_pipeline_that_is_not_there(project: Path) -> None:
    assert "balise: nowhere: cannot be loaded" in refused(project, 1, "good", "nowhere")


def test_labels_that_nobody_knows(project: Path) -> None:
    make_pipeline(project / "drugs", {"Gao": "DRUG"})
    assert "predicts DRUG" in refused(project, 1, "good", "drugs")


def test_an_empty_part(project: Path) -> None:
    assert "part 'dev' is empty" in refused(project, 1, "poor", "good", "--split", "dev")

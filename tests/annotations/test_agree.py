"""Agreement: strict F1 between annotators, with the kinds of their differences."""

import json
from pathlib import Path

import pytest
from sklearn.metrics import f1_score

from balise.annotations.agree import agree
from balise.errors import BaliseError
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from markup import annotated

# What lm-1 and lm-2 say of the same two texts: one boundary, one type, one only here, one there.
FIRST = [
    "[Daech](ARMED_GROUP) attaque la [base de Tiyas](FACILITY) à [Homs](LOCATION)",
    "Le [Hamas](ARMED_GROUP) et l'[ONU](ORGANIZATION), [lundi](DATE)",
]
SECOND = [
    "[Daech](ARMED_GROUP) [attaque](EVENT) la base de [Tiyas](FACILITY) à [Homs](LOCATION)",
    "Le [Hamas](ORGANIZATION) et l'[ONU](ORGANIZATION), lundi",
]


def write(folder: Path, batch: str, annotator: str, marked: list[str], **fields: bool) -> None:
    readings = [
        annotated(f"a{number}", text, annotator, **fields)[1] for number, text in enumerate(marked)
    ]
    write_jsonl(folder / batch / f"{annotator}.jsonl", readings)


def test_f1_and_differences_of_two_annotators(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b1", "lm-1", FIRST)
    write(tmp_path, "b2", "lm-2", SECOND)
    [pair] = agree(tmp_path, labels, tmp_path / "out.json").pairs
    assert (pair.first, pair.second, pair.articles, pair.equal) == ("lm-1", "lm-2", 2, 0)
    overall = pair.overall
    assert (overall.first, overall.second, overall.both) == (6, 6, 3)
    assert overall.f1 == pytest.approx(0.5)
    assert overall.differences == {
        "boundary": 1,
        "type": 1,
        "both": 0,
        "only_first": 1,
        "only_second": 1,
    }
    by_label = {row.label: row for row in pair.labels}
    assert by_label["FACILITY"].differences["boundary"] == 1
    assert by_label["ARMED_GROUP"].differences["type"] == 1
    assert by_label["DATE"].differences["only_first"] == 1
    assert by_label["EVENT"].differences["only_second"] == 1
    assert by_label["LOCATION"].f1 == 1
    assert by_label["PERSON"].f1 is None


def test_f1_is_that_of_an_independent_oracle(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    [pair] = agree(tmp_path, labels, tmp_path / "out.json").pairs
    found = [
        {
            (number, span)
            for number, text in enumerate(side)
            for span in annotated("a", text)[1].spans
        }
        for side in (FIRST, SECOND)
    ]
    every = sorted(found[0] | found[1])
    truth, guess = ([each in side for each in every] for side in found)
    assert pair.overall.f1 == pytest.approx(f1_score(truth, guess))


def test_the_figures_are_written_with_seed_and_scheme(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", FIRST)
    agree(tmp_path, labels, tmp_path / "out.json", seed=0, resamples=100)
    written = json.loads((tmp_path / "out.json").read_text())
    assert (written["scheme"], written["seed"], written["resamples"]) == (labels.version, 0, 100)
    assert written["pairs"][0]["overall"]["interval"] == {"low": 1.0, "high": 1.0, "resamples": 100}


def test_unconfirmed_and_adjudicated_readings_do_not_count(
    tmp_path: Path, labels: LabelScheme
) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND, confirmed=False)
    write(tmp_path, "b", "adjudication", FIRST)
    with pytest.raises(BaliseError, match="no article was confirmed by two annotators"):
        agree(tmp_path, labels, tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_two_readings_of_one_annotator_are_refused(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b1", "lm-1", FIRST)
    write(tmp_path, "b2", "lm-1", SECOND)
    with pytest.raises(BaliseError, match="lm-1 confirmed a0 in another batch too"):
        agree(tmp_path, labels, tmp_path / "out.json")


def test_one_batch_is_compared_by_itself(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b1", "lm-1", FIRST)
    write(tmp_path, "b1", "lm-2", FIRST)
    write(tmp_path, "b2", "lm-3", SECOND)
    pairs = agree(tmp_path, labels, tmp_path / "out.json", "b1").pairs
    assert [(pair.first, pair.second) for pair in pairs] == [("lm-1", "lm-2")]
    assert len(agree(tmp_path, labels, tmp_path / "out.json").pairs) == 3


def test_an_unknown_label_is_named(tmp_path: Path, labels: LabelScheme) -> None:
    _, reading = annotated("a0", "à [Homs](LIEU)", "lm-1")
    write_jsonl(tmp_path / "b" / "lm-1.jsonl", [reading])
    other = Annotation("a0", reading.sha256, "lm-2", True, ())
    write_jsonl(tmp_path / "b" / "lm-2.jsonl", [other])
    with pytest.raises(BaliseError, match="label 'LIEU' is not in the label scheme"):
        agree(tmp_path, labels, tmp_path / "out.json")

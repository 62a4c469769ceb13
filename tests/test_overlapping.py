"""A project whose spans lie in each other goes through the whole loop, and keeps them all."""

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError
from balise.jsonl import read_jsonl, write_json, write_jsonl
from balise.labels import load_labels
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.trials import Setup, Trial, run_trial
from balise.records import Annotation, Gold, Span
from balise.splits import Splits
from balise.tasks.select_uncertainty import rank_by_uncertainty
from balise.tasks.suggesters import load_suggester
from conftest import ROOT
from markup import article, markup

LABELS = Path("annotations/labels.toml")
TINY = ROOT / "tests" / "data" / "tiny-spancat.cfg"
MARKED = {
    f"a-{number:02}": f"L’[aéroport de [{town}](LOCATION)](FACILITY) est fermé [mardi](DATE), et "
    f"l’[armée du [{land}](LOCATION)](MILITARY) tient [{town}](LOCATION)."
    for number, (town, land) in enumerate(
        (town, land)
        for land in ("Mali", "Niger", "Tchad", "Soudan")
        for town in ("Gao", "Goma", "Alep")
    )
}
TEXTS = {id_: markup(marked)[0] for id_, marked in MARKED.items()}
# One worker makes the project once.
pytestmark = pytest.mark.xdist_group("overlapping")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with articles, a scheme that lets spans overlap, and what anne drew in brat."""
    root = tmp_path_factory.mktemp("nested")
    articles = [
        article(id_, text, publishable="full", license="CC-BY-4.0", synthetic=True)
        for id_, text in TEXTS.items()
    ]
    write_jsonl(root / "corpus" / "neuf.jsonl", articles)
    (root / "brat").mkdir()
    for id_, marked in MARKED.items():
        text, spans = markup(marked)
        lines = [
            f"T{number}\t{span.label} {span.start} {span.end}\t{text[span.start : span.end]}\n"
            for number, span in enumerate(spans, start=1)
        ]
        (root / "brat" / f"{id_}.txt").write_text(text, encoding="utf-8")
        (root / "brat" / f"{id_}.ann").write_text("".join(lines), encoding="utf-8")
    (root / "annotations").mkdir()
    for name in ("labels.toml", "guidelines.fr.md"):
        shutil.copy(ROOT / "annotations" / name, root / "annotations")
    labels = root / "annotations" / "labels.toml"
    labels.write_text(f"overlapping = true\n{labels.read_text('utf-8')}", encoding="utf-8")
    return root


def run(*words: object, code: int = 0) -> str:
    """Call `balise …` in the current folder."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output if code else done.stdout


@pytest.fixture(scope="module")
def annotated(project: Path) -> Path:
    """Bring anne's spans in, let bruno confirm them as suggestions, make gold and a split."""
    ids = sorted(MARKED)
    with chdir(project):
        run("annotations", "import", "--format", "brat", "brat", "--batch", "b1", "--annotator",
            "anne")  # fmt: skip
        run("annotations", "gold")
        run("tasks", "make", "--batch", "b2", "--annotators", "bruno", "--suggest",
            "annotations/gold.jsonl")  # fmt: skip
        # What Doccano's page exports of a project that bruno confirmed as it was suggested.
        [rows] = Path("build/tasks/b2").glob("bruno-*.jsonl")
        run("annotations", "import", "--format", "doccano", "--offsets", "utf16", "--approved",
            rows, "--batch", "b2", "--annotator", "bruno")  # fmt: skip
        run("annotations", "gold")
        splits = Splits(0, (*ids[:8],), (*ids[8:10],), (*ids[10:],), {})
        write_json(Path("corpus/splits.json"), splits)
    return project


@pytest.fixture(scope="module")
def trained(annotated: Path) -> Path:
    """Train two span categorizers, the second for two steps only."""
    with chdir(annotated):
        for seed, steps in ((0, 60), (1, 2)):
            options = ("--config", TINY, "--seed", seed, "--steps", steps)
            options += ("--out", f"build/model/{seed}")
            done = json.loads(run("model", "train", *options, "--json"))["trained"]
            assert (done["spans"], done["dropped"]) == ({"train": 48, "dev": 12}, 0)
    return annotated


@pytest.fixture
def here(annotated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the project's folder."""
    monkeypatch.chdir(annotated)


@pytest.mark.usefixtures("here")
def test_nested_spans_go_from_brat_through_tasks_and_readings_to_gold() -> None:
    for reading in read_jsonl(Path("annotations/b2/bruno.jsonl"), Annotation):
        assert reading.spans == markup(MARKED[reading.article])[1]
    records = read_jsonl(Path("annotations/gold.jsonl"), Gold)
    assert {record.decision for record in records} == {"agreed"}
    assert {one.article: one.spans for one in records} == {
        id_: markup(marked)[1] for id_, marked in MARKED.items()
    }
    run("annotations", "check")
    agreed = json.loads(run("annotations", "agree", "--json"))
    assert (agreed["overall"]["overall"]["f1"], agreed["overall"]["gamma"]["value"]) == (1, 1)
    assert agreed["overall"]["kappa"] is None


@pytest.mark.usefixtures("here")
def test_a_recogniser_cannot_be_trained_on_them_and_suspects_cannot_be_found() -> None:
    message = run("model", "train", "--profile", "fast", code=1)
    assert "'aéroport de Gao' (FACILITY 2-17) overlaps 'Gao' (LOCATION 14-17)" in message
    assert "`--profile spancat`" in message
    assert not Path("build/model/conflict_news").exists()
    assert "its spans may overlap" in run("model", "suspects", code=1)


@pytest.mark.usefixtures("here", "trained")
def test_a_span_categorizer_finds_spans_in_spans() -> None:
    run("model", "evaluate", "build/model/0/model-best", "--no-baseline")
    [path] = Path("build").glob("model/reports/*/report.json")
    report = json.loads(path.read_text("utf-8"))
    assert report["model"]["all_labels"]["overall"]["scores"]["strict"]["f1"]["value"] > 0.8
    assert report["calibration"]["without"] == 0
    assert sum(each["spans"] for each in report["calibration"]["bins"]) > 0


@pytest.mark.usefixtures("here", "trained")
def test_trainings_are_averaged_and_distilled_and_a_trial_finds_spans_in_spans() -> None:
    Path("more").mkdir()
    Path("more/libre.txt").write_text("L’aéroport de Kidal est ouvert jeudi.", encoding="utf-8")
    models = [f"build/model/{seed}/model-best" for seed in (0, 1)]
    options = ("--config", TINY, "--steps", 2, "--unlabelled", "more")
    made = run("model", "refine", *models, *options, "--out", "build/model/refined", "--json")
    refined = json.loads(made)
    assert [one["name"] for one in refined["candidates"]][2:] == ["average", "distilled"]
    gold, splits = Path("annotations/gold.jsonl"), Path("corpus/splits.json")
    sources = Sources(gold, Path("corpus"), splits, LABELS, "test")
    ids = sorted(MARKED)
    trial = Trial("t", (*ids[:10],), (ids[11],), 0)
    found = run_trial(Setup(sources, "1", Recipe(config=TINY, steps=60)), trial)
    spans = {Span(one.start, one.end, one.label) for one in found.spans}
    assert len(spans & {*markup(MARKED[ids[11]])[1]}) >= 3


@pytest.mark.usefixtures("here", "trained")
def test_a_pipelines_nested_spans_can_be_suggested() -> None:
    run("tasks", "make", "--batch", "b3", "--annotators", "anne", "--suggest",
         "build/model/0/model-best")  # fmt: skip
    found = read_jsonl(Path("build/tasks/b3/suggestions.jsonl"), Annotation)
    assert any(
        one.start <= other.start < other.end <= one.end and one != other
        for reading in found
        for one in reading.spans
        for other in reading.spans
    )
    suggester = load_suggester("build/model/0/model-best", Path(), load_labels(LABELS))
    assert suggester is not None
    with pytest.raises(BaliseError, match="has 0 components `ner`"):
        rank_by_uncertainty([article("b", "Rien.")], suggester)


@pytest.mark.usefixtures("here")
def test_the_dataset_holds_them_and_has_no_config_of_tags() -> None:
    run("dataset", "build", "--version", "0.1.0")
    # The articles are made of few sentences, and no split keeps them apart.
    checked = json.loads(run("dataset", "check", "--json", code=1))
    found = {each["name"] for each in checked["checks"] if each["findings"]}
    assert found == {"near-duplicates"}, checked["problems"]
    assert sorted(path.name for path in Path("build/dataset").iterdir()) == [
        "CITATION.cff", "LICENSE", "README.md", "annotators", "croissant.json", "guidelines.fr.md",
        "labels.json", "manifest.json", "spans", "spans.svg", "standoff",
    ]  # fmt: skip
    card = Path("build/dataset/README.md").read_text("utf-8")
    assert "there is no config of tokens and tags" in card
    assert '"bio"' not in card
    labels = json.loads(Path("build/dataset/labels.json").read_text("utf-8"))
    assert (labels["overlapping"], labels["ner_tags"]) == (True, [])

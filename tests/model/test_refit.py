"""Once dev has chosen, it trains too: as long, from the same start, and it is scored no more."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.util import load_config
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_json, write_json
from balise.labels import load_labels
from balise.model.card import render_card
from balise.model.known import require_unseen
from balise.model.recipe import Recipe
from balise.model.reference import Sources, load_reference
from balise.model.refine import VOTED, Refined, refine
from balise.model.refit import plan_refit
from balise.model.train import Trained, train
from balise.origin import origin
from balise.splits import Splits, load_splits
from balise.stores import load_articles, load_gold
from scored_project import TINY, lay_out, split
from weights import weights

TOWNS = ("Gao", "Kidal", "Goma", "Alep", "Mossoul", "Idlib", "Deraa")
MARKED = {
    f"a-{number}": f"Le général [Goïta](PERSON) est à [{town}](LOCATION) avec [Traoré](PERSON)."
    for number, town in enumerate(TOWNS)
}
IDS = tuple(sorted(MARKED))


def sources(root: Path, part: str = "dev") -> Sources:
    annotations, corpus = root / "annotations", root / "corpus"
    return Sources(
        annotations / "gold.jsonl",
        corpus,
        corpus / "splits.json",
        annotations / "labels.toml",
        part,
    )


def run(root: Path, out: Path, config: Path = TINY, seed: int = 0, **parts: Any) -> Trained:
    at = sources(root)
    gold = load_gold(at.gold)
    made_from = origin(gold, load_labels(at.labels).version, seed)
    splits = Splits(seed=0, groups={}, **parts) if parts else load_splits(at.splits)
    articles = load_articles(at.corpus)
    return train(gold, articles, splits, made_from, out, io.StringIO(), Recipe(config=config), seed)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small project with three trainings that differ by their seed."""
    root = tmp_path_factory.mktemp("refit")
    lay_out(root, MARKED)
    split(root, train=IDS[:4], dev=IDS[4:6], test=IDS[6:])
    for seed in range(3):
        run(root, root / f"m{seed}", seed=seed)
    return root


@pytest.fixture(scope="module")
def refitted(project: Path) -> Refined:
    models = [project / "m0" / "model-best"]
    out = project / "refined"
    return refine(models, sources(project), out, io.StringIO(), Recipe(), refit=True)


def made_from(model: Path | str) -> dict[str, Any]:
    origin_: dict[str, Any] = read_json(Path(model) / "meta.json", dict[str, Any])["balise"]
    return origin_


def test_a_training_tells_the_step_whose_state_it_kept(project: Path, tmp_path: Path) -> None:
    log = io.StringIO()
    at = sources(project)
    gold = load_gold(at.gold)
    splits, articles = load_splits(at.splits), load_articles(at.corpus)
    done = train(
        gold, articles, splits, origin(gold, "1", 0), tmp_path / "m", log, Recipe(config=TINY)
    )
    rows = [line.split() for line in log.getvalue().splitlines()]
    scores = {int(row[1]): float(row[-1]) for row in rows if len(row) > 5 and row[0].isdigit()}
    assert list(scores) == [0, 20, 40, 60]
    assert done.step == max(scores, key=lambda step: (scores[step], step))
    assert made_from(done.model)["step"] == done.step
    logger = load_config(tmp_path / "m" / "model-best" / "config.cfg")["training"]["logger"]
    assert logger == {"@loggers": "spacy.ConsoleLogger.v1", "progress_bar": False}
    names = {"train.spacy", "dev.spacy", "ledger.json", "config.cfg", "model-best"}
    assert {path.name for path in (tmp_path / "m").iterdir()} == names


def test_a_refit_is_what_as_many_steps_on_train_and_dev_together_give(
    project: Path, refitted: Refined, tmp_path: Path
) -> None:
    settings = load_config(TINY)
    settings["training"]["max_steps"] = made_from(project / "m0" / "model-best")["step"]
    settings["training"]["eval_frequency"] = settings["training"]["max_steps"]
    settings.to_disk(tmp_path / "same.cfg")
    parts = {"train": IDS[:6], "dev": IDS[6:], "test": ()}
    same = run(project, tmp_path / "same", tmp_path / "same.cfg", **parts)
    assert same.step == settings["training"]["max_steps"]
    ours, theirs = (weights(spacy.load(model)) for model in (refitted.model, same.model))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_spacy_train_with_a_refit_s_config_gives_the_same_model(
    project: Path, refitted: Refined, tmp_path: Path
) -> None:
    [model] = refitted.refits
    config = Path(model).parent / "config.cfg"
    call = [sys.executable, "-m", "spacy", "train", str(config), "--output", str(tmp_path)]
    subprocess.run(call, check=True, capture_output=True)
    of_spacy = (tmp_path / "model-best" / "ner" / "model").read_bytes()
    for ours in (model, refitted.model):
        assert (Path(ours) / "ner" / "model").read_bytes() == of_spacy


def test_what_learned_from_dev_says_so_and_is_not_scored_there(
    project: Path, refitted: Refined
) -> None:
    made = made_from(refitted.model)
    first = made_from(project / "m0" / "model-best")
    assert (made["train_ids"], made["dev_ids"]) == ([*IDS[:6]], [])
    assert (made["refit"], made["seed"], made["step"]) == (True, first["seed"], first["step"])
    assert read_json(Path(refitted.model) / "meta.json", dict[str, Any])["performance"] == {}
    dev, test = (load_reference(sources(project, part)) for part in ("dev", "test"))
    nlp = spacy.load(refitted.model)
    require_unseen(nlp, "refitted", test)
    with pytest.raises(BaliseError, match=r"was trained on 2 of the 2 articles of part 'dev'"):
        require_unseen(nlp, "refitted", dev)
    models = [project / "m1" / "model-best", Path(refitted.model)]
    with pytest.raises(BaliseError, match=rf"{refitted.model}: was trained on 2 of the 2"):
        refine(models, sources(project), project / "no", io.StringIO(), Recipe())
    assert not (project / "no").exists()
    card = render_card({"balise": made}, (), "x", "1.0.0")
    assert f"dev trained too, for the {made['step']} steps that were best while it chose" in card


def test_the_vote_that_dev_chose_is_made_of_trainings_done_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in range(3)]
    monkeypatch.setattr("balise.model.refine._score", lambda _, name, *__: float(name == VOTED))
    out = tmp_path / "r"
    at, log = sources(project), io.StringIO()
    done = refine(models, at, out, log, Recipe(), vote=True, refit=True)
    assert (done.kept, done.refits) == (
        VOTED, tuple(str(out / "refits" / number / "model-best") for number in "123")
    )  # fmt: skip
    nlp = spacy.load(done.model)
    for name, model in zip(("ner", "ner_2", "ner_3"), done.refits, strict=True):
        again = spacy.load(model)
        for one, other in zip(weights(nlp, name), weights(again), strict=True):
            np.testing.assert_array_equal(one, other)
    made = made_from(done.model)
    assert made["steps"] == [made_from(model)["step"] for model in models]
    assert (made["seeds"], made["refit"], made["train_ids"]) == ([0, 1, 2], True, [*IDS[:6]])
    assert read_json(Path(done.model) / "meta.json", dict[str, Any])["performance"] == {}


def test_what_cannot_be_done_again_is_refused_before_anything_is_read(
    project: Path, refitted: Refined, tmp_path: Path
) -> None:
    model = project / "m0" / "model-best"
    at, log = sources(project), io.StringIO()
    with pytest.raises(UsageError, match=r"--refit: what is distilled.*leave --unlabelled out"):
        refine([model], at, tmp_path / "r", log, Recipe(), refit=True, unlabelled=tmp_path)
    with pytest.raises(BaliseError, match=r"has learned from dev already.*leave --refit out"):
        refine([Path(refitted.model)], at, tmp_path / "r", log, Recipe(), refit=True)
    for said, problem in (
        ({"combined": "vote", "of": 3}, "is the vote of 3 trainings"),
        ({"silver": 2}, "learned from texts that pipelines had labelled"),
        ({"seed": 0}, "does not say which of its steps was best"),
        ({"seed": None, "step": 20}, "does not say which of its steps was best"),
    ):
        write_json(tmp_path / "meta.json", {"balise": said})
        with pytest.raises(BaliseError, match=problem):
            plan_refit(tmp_path, None)
    assert [path.name for path in tmp_path.iterdir()] == ["meta.json"]


def test_a_training_that_was_best_before_its_first_step_takes_one(tmp_path: Path) -> None:
    made = {"seed": 3, "step": 0, "parts": ["train", "dev", "train_real", "dev_real"]}
    write_json(tmp_path / "meta.json", {"balise": made})
    again = plan_refit(tmp_path, None)
    assert (again.recipe.steps, again.recipe.real, again.seed) == (1, True, 3)


def test_the_command_says_that_dev_can_no_longer_tell(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    call = ["model", "refine", "m0/model-best", "--refit", "--out", str(tmp_path / "r")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    assert "1 training was done again on train and dev" in result.output
    assert f"balise model evaluate {tmp_path}" in result.output.replace("\n", "")

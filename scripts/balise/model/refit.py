"""Once dev has chosen, trainings are done again with dev among what they learn from.

This is the first strategy of Goodfellow, Bengio & Courville (« Deep Learning », 2016, section 7.8,
algorithm 7.2): as many steps as were best on dev, unless others are asked for, from the same start
and with the same settings. Nothing says how well the result does on dev; test does.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Annotated, NamedTuple

import msgspec

from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.model.docbins import dev_parts
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.train import train_from
from balise.splits import Splits

REFITS = "refits"
"""The folder in which trainings that were done again stand, by number."""


class Made(msgspec.Struct, frozen=True):
    """What a training says of itself: the entry `balise` of its meta.json, as far as it matters."""

    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] | None = None
    step: Annotated[int, msgspec.Meta(ge=0)] | None = None
    parts: tuple[str, ...] = ()
    dev_ids: tuple[str, ...] = ()
    silver: int = 0
    refit: bool = False
    counted_sizes: bool = False
    combined: str | None = None


class TrainingMeta(msgspec.Struct, frozen=True):
    """A pipeline's meta.json, as far as it matters."""

    balise: Made = Made()


class Refit(NamedTuple):
    """How a training is to be done again."""

    recipe: Recipe
    seed: int


def plan_refit(model: Path, recipe: Recipe, splits: Splits) -> Refit:
    """Read from a pipeline how it was trained: its config, seed and best step.

    Of `recipe` only the lexicon, whether real articles choose, and `steps` are looked at: these
    are taken in place of those that were best on dev.

    Raises:
        BaliseError: there is no training there, or it does not say how it was made, is made of
            several, learned from texts that are not gold or from dev, or was chosen on other
            articles than `splits` has in dev.
    """
    if not (model / "meta.json").is_file():
        raise BaliseError(
            model, "is not the folder of a training", "give one such as build/model/NAME/model-best"
        )
    made = read_json(model / "meta.json", TrainingMeta).balise
    remedy = "name trainings, as `balise model train` leaves them, or leave --refit out"
    if made.combined:
        raise BaliseError(model, f"is the {made.combined} of several trainings", remedy)
    if made.silver:
        raise BaliseError(model, "learned from texts that pipelines had labelled", remedy)
    if made.refit:
        raise BaliseError(model, "has learned from dev already", remedy)
    if made.step is None or made.seed is None:
        raise BaliseError(model, "does not say which of its steps was best", "train it again")
    real = "train_real" in made.parts
    if real != recipe.real:
        said, remedy = (
            ("with", "name it here too") if real else ("without", "leave it out here too")
        )
        raise BaliseError(model, f"was trained {said} --real", remedy)
    dev = {id_ for part in dev_parts(real) for id_ in splits.part(part)}
    if set(made.dev_ids) != dev:
        raise BaliseError(
            model, "was chosen on other articles than this split has in dev", "train it again"
        )
    again = Recipe(
        config=model / "config.cfg",
        # spaCy takes 0 steps for « without end ».
        steps=recipe.steps or max(1, made.step),
        real=real,
        lexicon=recipe.lexicon,
        refit=True,
        count_sizes=made.counted_sizes,
    )
    return Refit(again, made.seed)


def run_refits(
    refits: Sequence[Refit], sources: Sources, folder: Path, stands_at: Path, log: IO[str]
) -> list[Path]:
    """Train on train and dev, once for each; tell the pipelines' places, relative to `folder`.

    `stands_at` is where `folder` will be moved to.

    Raises:
        BaliseError: as `train` does.
    """
    places = [Path(REFITS, str(number)) for number, _ in enumerate(refits, start=1)]
    for (recipe, seed), place in zip(refits, places, strict=True):
        train_from(sources, folder / place, log, recipe, seed, stands_at=stands_at / place)
    return [place / "model-best" for place in places]

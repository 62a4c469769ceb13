"""How a pipeline is trained: by a profile that balise ships, or by a spaCy config of one's own."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from balise.errors import BaliseError
from balise.model.camembert import (
    CAMEMBERT,
    find_camembert,
    model_settings,
    read_shape,
    require_packages,
)

if TYPE_CHECKING:
    from confection import Config

Profile = Literal["fast", "accurate", "transformer"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


class Recipe(msgspec.Struct, frozen=True):
    """A profile or a config instead of it, and how much of what is there it uses.

    `steps` replaces the config's number of training steps. With `real`, the real articles' parts
    are in too. `lexicon` is the folder whose names the pipeline knows; without it, it knows none.
    `camembert` is the folder or the Hub's repository that the profile `transformer` starts from.
    """

    profile: Profile = "fast"
    config: Path | None = None
    steps: int | None = None
    real: bool = False
    lexicon: Path | None = None
    camembert: str = CAMEMBERT


def load_settings(recipe: Recipe, train: Path, dev: Path, seed: int) -> "Config":
    """Read a recipe's spaCy config and fill in its paths, its seed and its steps.

    Raises:
        BaliseError: the config is missing or broken, or lacks what is filled in.
    """
    from spacy.util import load_config

    filled: dict[str, Any] = {"paths.train": str(train), "paths.dev": str(dev), "system.seed": seed}
    if recipe.steps is not None:
        filled["training.max_steps"] = recipe.steps
        filled["training.eval_frequency"] = max(1, min(recipe.steps, 50))
    packaged = files("balise.model") / "configs" / f"{recipe.profile}.cfg"
    with as_file(packaged) as shipped:
        path = recipe.config or shipped
        try:
            settings: Config = load_config(path, overrides=filled, interpolate=False)
        except (OSError, ValueError) as error:
            raise refuse_config(recipe, error) from error
    if recipe.lexicon is not None and "lexicon" in settings["paths"]:
        settings["paths"]["lexicon"] = str(recipe.lexicon)
    if recipe.profile == "transformer":
        require_packages()
        folder = find_camembert(recipe.camembert)
        settings["paths"]["transformer"] = str(folder)
        settings["components"]["transformer"]["model"] |= model_settings(read_shape(folder))
    return settings


def refuse_config(recipe: Recipe, error: Exception) -> BaliseError:
    """Word what is wrong with a recipe's config, as spaCy says it."""
    return BaliseError(
        recipe.config or f"profile {recipe.profile}",
        f"spaCy cannot start from this config ({str(error).strip()})",
        "compare it with those that balise ships (balise/model/configs/)",
    )

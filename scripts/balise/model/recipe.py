"""How a pipeline is trained: by a profile that balise ships, or by a spaCy config of one's own."""

from collections.abc import Iterable
from configparser import Error as ParserError
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from balise.doc_spans import SPANS_KEY
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

Profile = Literal["fast", "accurate", "spancat", "transformer"]


class Recipe(msgspec.Struct, frozen=True):
    """A profile or a config instead of it, and how much of what is there it uses.

    `steps` replaces the config's number of training steps, and dev is then scored after every 50 at
    most. With `real`, the real articles' parts are in too. `lexicon` is the folder whose names the
    pipeline knows; without it, it knows none. `camembert` is the folder or the Hub's repository
    that the profile `transformer` starts from. With `refit`, dev trains with train and chooses
    nothing: the state after the last of `steps` is kept. With `count_sizes`, span categorizers'
    `sizes` are counted anew (see `fill_sizes`).
    """

    profile: Profile = "fast"
    config: Path | None = None
    steps: int | None = None
    real: bool = False
    lexicon: Path | None = None
    camembert: str = CAMEMBERT
    refit: bool = False
    count_sizes: bool = False


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
    if recipe.refit:
        # Nothing but its steps may end it, and only their last state is looked at.
        filled |= {"training.eval_frequency": recipe.steps, "training.patience": 0}
    packaged = files("balise.model") / "configs" / f"{recipe.profile}.cfg"
    with as_file(packaged) as shipped:
        path = recipe.config or shipped
        try:
            settings: Config = load_config(path, overrides=filled, interpolate=False)
        except (OSError, ValueError, ParserError) as error:
            raise refuse_config(recipe, error) from error
    if recipe.refit and settings["training"]["max_epochs"] > 0:
        settings["training"]["max_epochs"] = 0
    # A training that knew no name is done again without.
    knows = "lexicon" in settings["paths"] and (settings["paths"]["lexicon"] or not recipe.refit)
    if recipe.lexicon is not None and knows:
        settings["paths"]["lexicon"] = str(recipe.lexicon)
    if recipe.profile == "transformer":
        require_packages()
        folder = find_camembert(recipe.camembert)
        settings["paths"]["transformer"] = str(folder)
        settings["components"]["transformer"]["model"] |= model_settings(read_shape(folder))
    return settings


def learned_recognisers(settings: "Config") -> list[str]:
    """List the entity recognisers of a config's pipeline by name."""
    return [
        name for name, factory in _factories(settings).items() if factory in ("ner", "beam_ner")
    ]


def learned_group(settings: "Config", recipe: Recipe) -> str | None:
    """Name the group of spans that a config's span categorizer learns; None where it has none.

    Raises:
        BaliseError: it has several, of different groups.
    """
    keys = sorted({key for _, key in _categorizers(settings)})
    if len(keys) > 1:
        raise BaliseError(
            recipe.config or f"profile {recipe.profile}",
            f"learns {len(keys)} groups of spans ({', '.join(keys)})",
            "give its span categorizers one `spans_key`",
        )
    return keys[0] if keys else None


def require_finder(settings: "Config", recipe: Recipe) -> None:
    """Accept a config with a component that learns to find spans.

    One that is taken from another pipeline (`source`) is trusted to be such a component.

    Raises:
        BaliseError: it has none.
    """
    names = settings.get("nlp", {}).get("pipeline", ())
    components = settings.get("components", {})
    if learned_recognisers(settings) or _categorizers(settings):
        return
    if not any("source" in components.get(name, {}) for name in names):
        raise BaliseError(
            recipe.config or f"profile {recipe.profile}",
            f"has no component that learns to find spans (it has: {', '.join(names) or 'none'})",
            'put one with `factory = "ner"` or a span categorizer into its pipeline',
        )


def fill_sizes(settings: "Config", lengths: Iterable[int], *, anew: bool = False) -> bool:
    """Let the candidates of span categorizers whose config says no `sizes` be of these lengths.

    With `anew`, those that it says are replaced too. Tells whether any were filled in.
    """
    sizes = sorted(set(lengths))
    filled = False
    for name, _ in _categorizers(settings):
        suggester = settings["components"][name].get("suggester", {})
        if "sizes" in suggester and (anew or suggester["sizes"] is None):
            suggester["sizes"] = sizes
            filled = True
    return filled


def gives_one_label(settings: "Config") -> bool:
    """Tell whether a config's span categorizer gives the same tokens one label at most."""
    components = [settings["components"][name] for name, _ in _categorizers(settings)]
    return any(
        each["factory"] == "spancat_singlelabel" or each.get("max_positive") == 1
        for each in components
    )


def _categorizers(settings: "Config") -> list[tuple[str, str]]:
    """List a config's span categorizers by name, with the group that each fills."""
    return [
        (name, str(settings["components"][name].get("spans_key", SPANS_KEY)))
        for name, factory in _factories(settings).items()
        if factory.startswith("spancat")
    ]


def _factories(settings: "Config") -> dict[str, str]:
    """Give the factory of each component of a config's pipeline."""
    components = settings.get("components", {})
    return {
        name: str(components.get(name, {}).get("factory", ""))
        for name in settings.get("nlp", {}).get("pipeline", ())
    }


def refuse_config(recipe: Recipe, error: Exception, verb: str = "start from") -> BaliseError:
    """Word what is wrong with a recipe's config, as spaCy says it."""
    return BaliseError(
        recipe.config or f"profile {recipe.profile}",
        f"spaCy cannot {verb} this config ({str(error).strip()})",
        "compare it with those that balise ships (balise/model/configs/)",
    )

"""spaCy's own training loop is run on a config, and tells which of its states was kept."""

import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING

from balise.errors import BaliseError
from balise.jsonl import read_json
from balise.model.recipe import Recipe, refuse_config

if TYPE_CHECKING:
    from confection import Config

    from balise.model.keep_step import Kept

_STATE = "kept.json"


def run_loop(recipe: Recipe, settings: "Config", out: Path, log: IO[str]) -> "Kept":
    """Train a pipeline by a config in spaCy's loop, and keep the best state in `out/model-best`.

    The config that stands there is the given one, with spaCy's defaults. `log` receives the loop's
    table.

    Raises:
        BaliseError: spaCy cannot start from the config or train with it, or a refit ends early.
        OSError: `out` cannot be written.
    """
    from confection import ConfigValidationError
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train
    from spacy.util import load_config
    from thinc.api import prefer_gpu

    from balise.model.keep_step import KEEP_STEP, Kept

    if "transformer" in settings.get("components", {}) and prefer_gpu():
        settings["system"]["gpu_allocator"] = "pytorch"
    try:
        nlp = init_nlp(settings)
    except (ConfigValidationError, KeyError, OSError, ValueError) as error:
        raise refuse_config(recipe, error) from error
    training = nlp.config["training"]
    state, logger = out / _STATE, training["logger"]
    training["logger"] = {"@loggers": KEEP_STEP, "path": str(state), "logger": logger}
    try:
        train(nlp, out, stdout=log, stderr=log)
    except (KeyError, OSError, ValueError) as error:
        if _is_of_writing(error, out):
            raise
        raise refuse_config(recipe, error, "train with") from error
    written = out / "model-best" / "config.cfg"
    saved = load_config(written, interpolate=False)
    saved["training"]["logger"] = logger
    saved.to_disk(written, interpolate=False)
    shutil.rmtree(out / "model-last")
    kept = read_json(state, Kept)
    state.unlink()
    if recipe.refit and kept.step != recipe.steps:
        raise BaliseError(
            recipe.config or f"profile {recipe.profile}",
            f"ended at step {kept.step} of {recipe.steps}",
            "leave out of the config what ends a training early, and train again",
        )
    return kept


def _is_of_writing(error: Exception, out: Path) -> bool:
    """Tell a disk that is full or broken from a path of the config that cannot be read.

    The system names the file where it cannot open one, and none where writing to it fails.
    """
    if not isinstance(error, OSError) or error.errno is None:
        return False
    return error.filename is None or Path(error.filename).is_relative_to(out)

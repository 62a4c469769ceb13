"""spaCy's own training loop is run on a config, and tells which of its states was kept."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from balise.jsonl import read_json
from balise.model.recipe import Recipe, refuse_config

if TYPE_CHECKING:
    from confection import Config

_STEP = "step.json"


class Kept(msgspec.Struct, frozen=True):
    """The state that a training kept: its scores on dev, by spaCy's names, and after which step.

    Steps count from 0, as in spaCy's table.
    """

    step: int
    scores: Mapping[str, Any]


def run_loop(recipe: Recipe, settings: "Config", out: Path, log: IO[str]) -> Kept:
    """Train a pipeline by a config in spaCy's loop, and keep the best state in `out/model-best`.

    The config that stands there is the given one, with spaCy's defaults. `log` receives the loop's
    table.

    Raises:
        BaliseError: spaCy cannot start from the config or train with it.
        OSError: `out` cannot be written.
    """
    from confection import ConfigValidationError
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train
    from thinc.api import prefer_gpu

    from balise.model.keep_step import KEEP_STEP

    if "transformer" in settings.get("components", {}) and prefer_gpu():
        settings["system"]["gpu_allocator"] = "pytorch"
    try:
        nlp = init_nlp(settings)
    except (ConfigValidationError, OSError, ValueError) as error:
        raise refuse_config(recipe, error) from error
    training = nlp.config["training"]
    logger = training["logger"]
    step = out / _STEP
    training["logger"] = {"@loggers": KEEP_STEP, "path": str(step), "logger": logger}
    try:
        train(nlp, out, stdout=log, stderr=log)
    except (OSError, ValueError) as error:
        if _is_of_writing(error, out):
            raise
        raise refuse_config(recipe, error, "train with") from error
    training["logger"] = logger
    nlp.config.to_disk(out / "model-best" / "config.cfg")
    shutil.rmtree(out / "model-last")
    meta = read_json(out / "model-best" / "meta.json", dict[str, Any])
    kept = Kept(read_json(step, int), meta["performance"])
    step.unlink()
    return kept


def _is_of_writing(error: Exception, out: Path) -> bool:
    """Tell a disk that is full or broken from a path of the config that cannot be read.

    The system names the file where it cannot open one, and none where writing to it fails.
    """
    if not isinstance(error, OSError) or error.errno is None:
        return False
    return error.filename is None or Path(error.filename).is_relative_to(out)

"""A logger for spaCy's loop that writes down which state is kept.

Only the loop knows its step, and it tells its logger alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import msgspec
from spacy.language import Language
from spacy.util import registry

from balise.files import write_file
from balise.jsonl import encode_json

Log = Callable[[dict[str, Any] | None], None]
SetUp = Callable[[Language, IO[str], IO[str]], tuple[Log, Callable[[], None]]]

KEEP_STEP = "balise.keep_step.v1"
"""The logger's name while a training runs; no config that is kept has it."""


class Kept(msgspec.Struct, frozen=True):
    """The state that a training kept: after which step, and its scores on dev by spaCy's names.

    Steps count from 0, as in spaCy's table.
    """

    step: int
    scores: dict[str, float]


@registry.loggers(KEEP_STEP)  # type: ignore[untyped-decorator]
def create_keep_step(path: str, logger: SetUp) -> SetUp:
    """Make the logger that writes what is kept (`Kept`) to `path` and logs as `logger` does."""

    def set_up(nlp: Language, stdout: IO[str], stderr: IO[str]) -> tuple[Log, Callable[[], None]]:
        log, finish = logger(nlp, stdout, stderr)

        def log_step(info: dict[str, Any] | None) -> None:
            # Of equal scores the loop keeps the later state.
            if info is not None and max(info["checkpoints"])[1] == info["step"]:
                numbers = {
                    name: float(score)
                    for name, score in info["other_scores"].items()
                    if isinstance(score, int | float)
                }
                write_file(Path(path), encode_json(Kept(info["step"], numbers)))
            log(info)

        return log_step, finish

    return set_up

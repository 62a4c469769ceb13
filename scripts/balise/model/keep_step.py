"""A logger for spaCy's loop that writes down which step was best.

Only the loop knows it, and it tells its logger alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from spacy.language import Language
from spacy.util import registry

from balise.files import write_file
from balise.jsonl import encode_json

Log = Callable[[dict[str, Any] | None], None]
SetUp = Callable[[Language, IO[str], IO[str]], tuple[Log, Callable[[], None]]]

KEEP_STEP = "balise.keep_step.v1"
"""The logger's name while a training runs; no config that is kept has it."""


@registry.loggers(KEEP_STEP)  # type: ignore[untyped-decorator]
def create_keep_step(path: str, logger: SetUp) -> SetUp:
    """Make the logger that writes the best state's step to `path` and logs as `logger` does."""

    def set_up(nlp: Language, stdout: IO[str], stderr: IO[str]) -> tuple[Log, Callable[[], None]]:
        log, finish = logger(nlp, stdout, stderr)

        def log_step(info: dict[str, Any] | None) -> None:
            if info is not None:
                # Of equal scores the loop keeps the later state.
                _, step = max(info["checkpoints"])
                write_file(Path(path), encode_json(step))
            log(info)

        return log_step, finish

    return set_up

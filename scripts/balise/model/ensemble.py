"""Several trainings become one pipeline in which their recognisers vote (see `balise.vote`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balise.errors import BaliseError, UsageError
from balise.model.predict import load_pipeline

if TYPE_CHECKING:
    from spacy.language import Language

_FEWEST = 3


def join(paths: Sequence[Path]) -> "Language":
    """Put the recognisers of trainings into one pipeline; an entity is what more than half find.

    Raises:
        UsageError: there are fewer than three trainings.
        BaliseError: a pipeline cannot be loaded, or is more than one recogniser.
    """
    from balise.vote import SET_ASIDE, VOTE

    if len(paths) < _FEWEST:
        raise UsageError(
            "--vote", f"{len(paths)} trainings cannot outvote one another", "name three or more"
        )
    pipelines = [load_pipeline(str(path)) for path in paths]
    for path, nlp in zip(paths, pipelines, strict=True):
        if [nlp.get_pipe_meta(name).factory for name in nlp.pipe_names] != ["ner"]:
            raise BaliseError(
                path,
                f"is more than one recogniser ({', '.join(nlp.pipe_names)})",
                "let trainings of the profile fast vote, or leave --vote out",
            )
    joined, *others = pipelines
    keys = [f"reading_{number}" for number in range(1, len(paths))]
    for number, (nlp, key) in enumerate(zip(others, keys, strict=True), start=2):
        joined.add_pipe(SET_ASIDE, name=key, config={"key": key})
        joined.add_pipe(nlp.pipe_names[0], name=f"ner_{number}", source=nlp)
    joined.add_pipe(VOTE, config={"keys": keys})
    return joined

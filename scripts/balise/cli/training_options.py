"""The options that every command which trains shares."""

from pathlib import Path
from typing import Annotated

import typer

from balise.lexicon import LEXICON
from balise.model.camembert import CAMEMBERT
from balise.model.recipe import Profile, Recipe

ProfileName = Annotated[
    Profile,
    typer.Option(
        "--profile",
        help="The recipe: fast, accurate (three times as long), spancat (spans that overlap) or "
        "transformer (on a GPU).",
    ),
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A spaCy config instead of a profile's.")
]
# spaCy takes 0 steps for « without end ».
Steps = Annotated[
    int | None, typer.Option("--steps", min=1, help="Training steps, if not the config's.")
]
Real = Annotated[
    bool, typer.Option("--real", help="Train on the real articles too; see rehydrate.")
]
Camembert = Annotated[
    str,
    typer.Option(
        "--camembert",
        metavar="FOLDER|REPOSITORY",
        help="The CamemBERT that --profile transformer starts from.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Trainings at a time, a process each.")]


def read_recipe(
    profile: Profile,
    config: Path | None,
    steps: int | None,
    corpus: Path,
    *,
    real: bool = False,
    camembert: str = CAMEMBERT,
) -> Recipe:
    """Make the recipe that the options name; the lexicon is the corpus's, where it has one."""
    lexicon = corpus / LEXICON
    return Recipe(profile, config, steps, real, lexicon if lexicon.is_dir() else None, camembert)

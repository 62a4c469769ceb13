"""`balise dataset withdraw`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.built import undescribed
from balise.cli.common import (
    ANNOTATIONS,
    CORPUS,
    DATASET,
    GOLD,
    LABELS,
    SPLITS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    SplitsFile,
    TextsDir,
    command,
    progress,
    summarise,
)
from balise.dataset.release import Inputs
from balise.dataset.withdraw import PURGE
from balise.dataset.withdraw import withdraw as withdraw_articles


def register(app: typer.Typer) -> None:
    """Add `withdraw` to the group `balise dataset`."""
    command(app, "withdraw", "balise dataset withdraw winer-fr-2016-01-06-001-1f93e022 --reason …")(
        withdraw
    )


def withdraw(
    articles: Annotated[
        list[str], typer.Argument(metavar="ID|URL...", help="The articles' ids or addresses.")
    ],
    reason: Annotated[str, typer.Option(help="Why, in one line; it is kept in the corpus.")],
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    annotations: AnnotationsDir = ANNOTATIONS,
    version: Annotated[
        str | None, typer.Option(help="The new version, X.Y.Z.", show_default="the next")
    ] = None,
    out: Annotated[Path, typer.Option(help="The dataset's folder.")] = DATASET,
    as_json: AsJson = False,
) -> None:
    """Take articles back: build the dataset without them, now and ever after.

    It says what the Hub's history still holds, and how to purge it.
    """
    done = withdraw_articles(
        Inputs(gold, corpus, splits, labels, texts, annotations),
        articles,
        reason,
        out,
        version,
        watch=lambda items, total: progress(items, "Writing rows", total),
    )
    summarise(
        as_json,
        msgspec.to_builtins(done),
        f"{len(done.now)} withdrawn, {len(done.already)} had been before "
        f"→ {corpus / 'withdrawn.tsv'}",
        *(
            f"no article of the corpus has the address {name}; one that comes with it is kept out"
            for name in done.unmet
        ),
        f"version {done.build.version} without them → {out}; next: "
        "`balise dataset push ORG/NAME --yes`",
        *undescribed(done.build, corpus),
        "What still holds them:",
        "  - earlier commits and tags of the repository, and the files behind them (the Hub's own "
        "branch refs/convert/parquet follows the last commit);",
        "  - copies and caches of those who loaded an earlier version: the manifest's `withdrawn` "
        "tells them;",
        "  - this project's own history and corpus, texts and pages below build/, and models "
        "trained on it.",
        "To purge the repository, after the push (every earlier version goes, a DOI forbids it):",
        f"hf repos tag delete ORG/NAME v{done.before or 'X.Y.Z'} --type dataset  # and every other",
        "python - <<'END'",
        *PURGE.format(repo="ORG/NAME").splitlines(),
        "END",
    )

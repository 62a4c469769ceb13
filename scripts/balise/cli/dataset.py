"""balise dataset: a folder for the Hugging Face Hub, built and checked."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli import (
    dataset_check,
    dataset_docbin,
    dataset_hub,
    dataset_rehydrate,
    dataset_withdraw,
)
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
from balise.dataset.build import build_dataset
from balise.dataset.release import Inputs
from balise.labels import load_labels

app = typer.Typer(
    name="dataset", help="Gold spans become a Hugging Face dataset.", no_args_is_help=True
)


dataset_check.register(app)
dataset_docbin.register(app)
dataset_hub.register(app)
dataset_rehydrate.register(app)
dataset_withdraw.register(app)


@command(app, "build", "balise dataset build --version 0.2.0")
def build(
    gold: GoldFile = GOLD,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    annotations: AnnotationsDir = ANNOTATIONS,
    version: Annotated[str, typer.Option(help="The dataset's version, X.Y.Z.")] = "0.1.0",
    out: Annotated[Path, typer.Option(help="The folder; an older one is replaced.")] = DATASET,
    as_json: AsJson = False,
) -> None:
    """Build a folder laid out as a Hub repository: four configs, card, manifest."""
    result = build_dataset(
        Inputs(gold, corpus, splits, labels, texts, annotations),
        out,
        version,
        lambda items, total: progress(items, "Writing rows", total),
    )
    lines = [
        f"{config}: " + ", ".join(f"{count} {split}" for split, count in rows.items())
        for config, rows in result.rows.items()
    ]
    if load_labels(labels).overlapping:
        lines.append(f"{result.spans} spans; they may overlap, so there is no config of BIO tags")
    else:
        lines.append(
            f"{result.spans} spans; on the way to BIO {result.kept} kept, {result.snapped} "
            f"snapped, {result.dropped} dropped"
        )
    if result.withheld:
        lines.append(f"{result.withheld} articles withheld (publishable is 'none')")
    if result.withdrawn:
        lines.append(f"{result.withdrawn} articles left out: they were withdrawn")
    if result.unanchored:
        lines.append(
            f"{result.unanchored} stand-off rows without hashes, as their texts are not here; "
            "`balise dataset rehydrate --texts DIR` brings them"
        )
    if result.unstated:
        lines.append(f"{result.unstated} rows do not say whether their text is synthetic")
    lines += undescribed(result, corpus)
    lines.append(f"version {result.version} → {result.out}; next: balise dataset check")
    summarise(as_json, msgspec.to_builtins(result), *lines)

"""balise dataset: a folder for the Hugging Face Hub, built and checked."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli import dataset_check
from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
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
from balise.dataset.rehydrate import rehydrate as rehydrate_texts
from balise.dataset.release import Inputs
from balise.labels import load_labels

app = typer.Typer(
    name="dataset", help="Gold spans become a Hugging Face dataset.", no_args_is_help=True
)


dataset_check.register(app)

DATASET = BUILD / "dataset"


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
        lambda items: progress(items, "Tagging tokens"),
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
    lines.append(f"version {result.version} → {result.out}; next: balise dataset check")
    summarise(as_json, msgspec.to_builtins(result), *lines)


@command(app, "rehydrate", "balise dataset rehydrate --texts winer-fr/")
def rehydrate(
    sources: Annotated[Path, typer.Option("--texts", help="Folder of the articles' text files.")],
    corpus: CorpusDir = CORPUS,
    out: Annotated[Path, typer.Option(help="Folder of the rehydrated texts.")] = TEXTS,
    as_json: AsJson = False,
) -> None:
    """Give stand-off articles their texts back from local files, where the hash is the right one.

    A text that is not the one that was annotated is refused: exit 1, as where none is found.
    """
    done = rehydrate_texts(corpus, sources, out, lambda files: progress(files, "Reading texts"))
    lines = [f"passed over {each}" for each in done.unreadable]
    lines += [
        f"refused {each.file}: sha256 {each.found[:12]}…, but {each.article} was annotated on "
        f"{each.expected[:12]}…; look for the text as it was then"
        for each in done.refused
    ]
    if done.missing:
        lines.append(f"{len(done.missing)} texts are not below {sources}:")
        lines += [f"  {id_}" for id_ in done.missing]
    lines.append(
        f"{len(done.written)} texts came back, {len(done.already)} were here, "
        f"{len(done.refused)} refused, {len(done.missing)} missing → {out}"
    )
    summarise(as_json, msgspec.to_builtins(done), *lines)
    if done.refused or not (done.written or done.already):
        raise typer.Exit(1)

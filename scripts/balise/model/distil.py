"""Pipelines label texts that nobody annotated, and a new one learns from these and from gold.

Where several label together, by majority, this is distillation (Bucilă, Caruana &
Niculescu-Mizil 2006, « Model compression »); where one does, self-training (Scudder 1965).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from balise.model.predict import Watch, load_pipeline
from balise.model.recipe import Recipe
from balise.model.reference import Sources
from balise.model.silver import Silver, label_texts, load_unlabelled
from balise.model.train import train_from
from balise.splits import ALL_PARTS, load_splits
from balise.stores import find_article, load_articles


class Labelled(NamedTuple):
    """Texts that pipelines labelled; how many were held back, and how many articles lack text.

    See `Refined`.
    """

    silver: Sequence[Silver] = ()
    held_back: int = 0
    without_text: int = 0


def label_folder(
    models: Sequence[Path], sources: Sources, folder: Path | None, watch: Watch
) -> Labelled:
    """Label a folder's texts with the spans that more than half of the pipelines find.

    Without a folder there are none. Texts that resemble an article outside the train parts are
    held back.

    Raises:
        BaliseError: a pipeline, the split or a text is at fault, or no text may be used.
    """
    if folder is None:
        return Labelled()
    splits = load_splits(sources.splits)
    apart = {id_ for p in ALL_PARTS if not p.startswith("train") for id_ in splits.part(p)}
    articles = load_articles(sources.corpus, sources.texts)
    kept_apart = [find_article(articles, id_, sources.splits) for id_ in sorted(apart)]
    found = load_unlabelled(folder, kept_apart)
    pipelines = [load_pipeline(str(path)) for path in models]
    without_text = sum(one.text is None for one in kept_apart)
    silver = label_texts(pipelines, found.texts, watch)
    return Labelled(silver, len(found.held_back), without_text)


def distil(
    models: Sequence[Path],
    silver: Sequence[Silver],
    sources: Sources,
    out: Path,
    log: IO[str],
    recipe: Recipe,
    seed: int,
) -> Path:
    """Train a pipeline on gold and on the texts that `models` labelled; tell where it stands.

    Raises:
        BaliseError: as `train` does.
    """
    made = train_from(sources, out, log, recipe, seed, silver=silver, taught_by=models)
    return Path(made.model)

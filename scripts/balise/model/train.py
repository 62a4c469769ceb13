"""Gold spans train a spaCy pipeline, in spaCy's own loop with a config of ours."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from balise.errors import BaliseError, UsageError
from balise.folders import fill_folder, require_name
from balise.labels import load_labels
from balise.model.describe import describe
from balise.model.docbins import PARTS, real_parts, write_docbins
from balise.model.loop import run_loop
from balise.model.recipe import (
    Recipe,
    fill_sizes,
    gives_one_label,
    learned_group,
    load_settings,
    require_finder,
)
from balise.model.reference import Sources
from balise.model.silver import Silver
from balise.origin import Origin, origin
from balise.records import Article, Gold
from balise.splits import Splits, load_splits
from balise.stores import load_articles, load_gold

# The log is the demo's.
_OUTPUT = {"train.spacy", "dev.spacy", "ledger.json", "config.cfg", "model-best", "training.log"}


class Trained(msgspec.Struct, frozen=True):
    """A trained pipeline: where it is, what it was trained on, and its score on dev.

    `step` is the one whose state was kept. After a refit nothing has a score on dev.

    `doubled` counts the spans that it cannot find beside another: they stand on the same tokens,
    and it gives those one label.
    """

    model: str
    articles: dict[str, int]
    spans: dict[str, int]
    snapped: int
    dropped: int
    step: int
    dev_f1: float | None
    doubled: int = 0


def train(
    gold: Iterable[Gold],
    articles: Mapping[str, Article],
    splits: Splits,
    made_from: Origin,
    out: Path,
    log: IO[str],
    recipe: Recipe,
    seed: int = 0,
    *,
    silver: Sequence[Silver] = (),
    taught_by: Sequence[Path] = (),
    stands_at: Path | None = None,
) -> Trained:
    """Train a pipeline on the train part, choose the best state on dev, and keep it in `out`.

    `out` gets `train.spacy` and `dev.spacy` with their snapping ledger, `config.cfg` with every
    setting, and `model-best`. Nothing there is replaced before the training is done. `log`
    receives spaCy's table of losses and scores. Where the recipe says `real`, the real articles of
    `train_real` and `dev_real` are in too, and their texts must be here. Where it says `refit`, dev
    trains too and chooses nothing. `silver` texts train beside the gold ones, and the pipelines
    that labelled them are `taught_by`. `stands_at` is where `out` will be moved to, for the config
    to name.

    Raises:
        UsageError: something else than a trained pipeline stands at `out`.
        BaliseError: a part has no article or no span, an id has no article or no gold, a text or
            a config is broken, gold spans overlap and the config learns entities, or `out` cannot
            be written.
    """
    _refuse_foreign(out)
    if recipe.real and not splits.train_real:
        raise BaliseError(
            "split",
            "no real article trains (train_real is empty)",
            "name their sources with `balise model split --real SOURCE --test-from DAY`",
        )
    with fill_folder(out) as working:
        settings = load_settings(recipe, working / "train.spacy", working / "dev.spacy", seed)
        require_finder(settings, recipe)
        group = learned_group(settings, recipe)
        docbins = write_docbins(
            list(gold),
            articles,
            splits,
            working,
            real=recipe.real,
            refit=recipe.refit,
            silver=silver,
            group=group,
        )
        counted = fill_sizes(settings, docbins.lengths, anew=recipe.count_sizes)
        kept = run_loop(recipe, settings, working, log)
        used = [articles[id_] for part in PARTS for id_ in docbins.ids[part]]
        made: dict[str, Any] = {
            "parts": real_parts(recipe.real),
            "synthetic": sum(bool(each.synthetic) for each in used),
            "step": kept.step,
        }
        made |= {"refit": True} if recipe.refit else {}
        made |= {"counted_sizes": True} if counted else {}
        made |= {"silver": len(silver)} if silver else {}
        # The split may be drawn anew, and an article get another id; what was seen stays seen.
        for part, ids in docbins.ids.items():
            made[f"{part}_ids"] = ids
            made[f"{part}_sha256"] = sorted(articles[id_].sha256 for id_ in ids)
        # Where a reader of the pipeline finds its spans; entities go without saying.
        made |= {} if group is None else {"group": group}
        describe(working, stands_at or out, msgspec.to_builtins(made_from) | made, taught_by)
    key = "ents_f" if group is None else f"spans_{group}_f"
    return Trained(
        model=str((stands_at or out) / "model-best"),
        articles={part: count[0] for part, count in docbins.counts.items()},
        spans={part: count[1] for part, count in docbins.counts.items()},
        snapped=docbins.ledger.snapped,
        dropped=docbins.ledger.dropped,
        doubled=docbins.doubled if gives_one_label(settings) else 0,
        step=kept.step,
        dev_f1=None if recipe.refit else kept.scores.get(key, 0.0),
    )


def train_from(
    sources: Sources,
    out: Path,
    log: IO[str],
    recipe: Recipe,
    seed: int = 0,
    *,
    silver: Sequence[Silver] = (),
    taught_by: Sequence[Path] = (),
    stands_at: Path | None = None,
) -> Trained:
    """Read gold, articles, split and labels from their files, and train on them (see `train`).

    Raises:
        BaliseError: as `train` does, or a file is missing or broken.
    """
    gold = load_gold(sources.gold)
    return train(
        gold,
        load_articles(sources.corpus, sources.texts),
        load_splits(sources.splits),
        origin(gold, load_labels(sources.labels).version, seed),
        out,
        log,
        recipe,
        seed,
        silver=silver,
        taught_by=taught_by,
        stands_at=stands_at,
    )


def _refuse_foreign(out: Path) -> None:
    """Accept a path where nothing stands, an empty folder, or one that a training filled."""
    require_name(out)
    if "$" in str(out):
        raise UsageError(
            out, "has a « $ », which a config takes for a variable", "choose another --out"
        )
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(out, "is not a folder", "choose another --out")
    names = {path.name for path in out.iterdir()} if out.is_dir() else set()
    if names and ("model-best" not in names or names - _OUTPUT):
        raise UsageError(
            out,
            f"holds something else than a trained pipeline "
            f"({', '.join(sorted(names - _OUTPUT)) or 'no model-best'})",
            "choose another --out, or remove it yourself",
        )

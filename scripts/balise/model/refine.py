"""What comes after training: several trainings become one better pipeline, if dev says so.

Three ways are tried. The *average* of the trainings' weights costs nothing (see `average`). A
*distilled* pipeline learns from gold and from texts that the trainings label together, by majority
(Bucilă, Caruana & Niculescu-Mizil 2006, « Model compression »); where there is but one training,
this is self-training (Scudder 1965). In a *vote* all of them read each text, at so many times the
cost (see `join`). Whichever reads dev best is kept, a training as it was if none is better.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from balise.errors import UsageError
from balise.files import write_file
from balise.folders import fill_folder, require_name
from balise.jsonl import encode_json, encode_jsonl
from balise.labels import load_labels
from balise.model.average import average
from balise.model.combined import describe_combined
from balise.model.docbins import real_parts
from balise.model.ensemble import join
from balise.model.predict import Watch, load_pipeline, predict, unwatched
from balise.model.recipe import Recipe
from balise.model.reference import Reference, Sources, load_reference
from balise.model.silver import Silver, label_texts, load_unlabelled
from balise.model.train import train
from balise.origin import origin
from balise.pairing import pair_spans
from balise.score import micro, score
from balise.scratch import scratch_folder
from balise.splits import ALL_PARTS, load_splits
from balise.stores import find_article, load_articles, load_gold

if TYPE_CHECKING:
    from spacy.language import Language

REFINED_JSON = "refined.json"
AVERAGE, DISTILLED, VOTED = "average", "distilled", "vote"
_OUTPUT = {"model-best", REFINED_JSON, "silver.jsonl"}


class Candidate(msgspec.Struct, frozen=True):
    """A pipeline that was tried, and its strict micro-F1 on dev."""

    name: str
    dev_f1: float


class Refined(msgspec.Struct, frozen=True):
    """What was tried and which was kept; `silver` and `held_back` count unlabelled texts.

    A text is held back where it resembles an article that a model is chosen or tested on. Of
    those articles, `without_text` have no text here: only a text that is the very same is held
    back for them.
    """

    model: str
    kept: str
    candidates: tuple[Candidate, ...]
    silver: int
    held_back: int
    without_text: int = 0


def refine(
    models: Sequence[Path],
    sources: Sources,
    out: Path,
    log: IO[str],
    recipe: Recipe,
    seed: int = 0,
    *,
    unlabelled: Path | None = None,
    vote: bool = False,
    watch: Watch = unwatched,
) -> Refined:
    """Average trainings, distil them on unlabelled texts, and keep in `out` what reads dev best.

    `out` gets `model-best`, `refined.json` with the score of each candidate, and the labelled
    texts. The distilled pipeline is trained as `train` would by the recipe. With `vote`, the
    trainings voting in one pipeline are a candidate too.

    Raises:
        UsageError: no training, one without texts to label, fewer than three to vote, or something
            else stands at `out`.
        BaliseError: a pipeline, the gold or a text is at fault, or `out` or the
            temporary folder cannot be written.
    """
    if len(models) < (1 if unlabelled else 2):
        raise UsageError(
            "MODEL",
            "only one training is named",
            "name two of different seeds, or texts for it to label (--unlabelled DIR)",
        )
    require_name(out)
    if out.exists() and (not out.is_dir() or {path.name for path in out.iterdir()} - _OUTPUT):
        raise UsageError(
            out, "holds something else than a refined pipeline", "choose another --out"
        )
    # Trainings that cannot vote are refused before they label any text.
    joined = join(models) if vote else None
    parts = [part for part in real_parts(recipe.real) if part.startswith("dev")]
    references = [load_reference(msgspec.structs.replace(sources, part=part)) for part in parts]
    silver, held_back, without_text = _label(models, sources, unlabelled, watch)
    with scratch_folder() as scratch:
        tried = [(path, str(path)) for path in models]
        if len(models) > 1:
            tried.append((_write(average(models), scratch / AVERAGE), AVERAGE))
        if joined is not None:
            tried.append((_write(joined, scratch / VOTED), VOTED))
        if silver:
            student = _distil(sources, scratch, log, silver, recipe, seed)
            tried.append((student, DISTILLED))
        scores = [_score(path, references, watch) for path, _ in tried]
        best = max(range(len(tried)), key=scores.__getitem__)
        done = Refined(
            str(out / "model-best"),
            tried[best][1],
            tuple(Candidate(name, f1) for (_, name), f1 in zip(tried, scores, strict=True)),
            len(silver),
            held_back,
            without_text,
        )
        with fill_folder(out) as working:
            shutil.copytree(tried[best][0], working / "model-best")
            if done.kept in (AVERAGE, VOTED):
                describe_combined(working / "model-best", done.kept, models, scores[best])
            write_file(working / REFINED_JSON, encode_json(done))
            write_file(working / "silver.jsonl", encode_jsonl(silver))
    return done


def _label(
    models: Sequence[Path], sources: Sources, folder: Path | None, watch: Watch
) -> tuple[list[Silver], int, int]:
    if folder is None:
        return [], 0, 0
    splits = load_splits(sources.splits)
    apart = {id_ for p in ALL_PARTS if not p.startswith("train") for id_ in splits.part(p)}
    articles = load_articles(sources.corpus, sources.texts)
    kept_apart = [find_article(articles, id_, sources.splits) for id_ in sorted(apart)]
    found = load_unlabelled(folder, kept_apart)
    pipelines = [load_pipeline(str(path)) for path in models]
    without_text = sum(one.text is None for one in kept_apart)
    return label_texts(pipelines, found.texts, watch), len(found.held_back), without_text


def _write(nlp: "Language", folder: Path) -> Path:
    nlp.to_disk(folder)
    return folder


def _distil(
    sources: Sources,
    scratch: Path,
    log: IO[str],
    silver: Sequence[Silver],
    recipe: Recipe,
    seed: int,
) -> Path:
    gold = load_gold(sources.gold)
    done = train(
        gold,
        load_articles(sources.corpus, sources.texts),
        load_splits(sources.splits),
        origin(gold, load_labels(sources.labels).version, seed),
        scratch / DISTILLED,
        log,
        recipe,
        seed,
        silver=silver,
    )
    return Path(done.model)


def _score(path: Path, references: Sequence[Reference], watch: Watch) -> float:
    """Give a pipeline's strict micro-F1 on articles of dev."""
    nlp = load_pipeline(str(path))
    counts = [
        each
        for reference in references
        for each in score(
            pair_spans(reference.entities, predict(nlp, reference, f"{path.name} reads dev", watch))
        ).values()
    ]
    return micro(counts).f1() or 0.0

"""What comes after training: several trainings become one better pipeline, if dev says so.

Three ways are tried. The *average* of the trainings' weights costs nothing (see `average`). A
*distilled* pipeline learns from gold and from texts that the trainings label (see `distil`). In a
*vote* all of them read each text, at so many times the cost (see `join`). Whichever reads dev best
is kept, a training as it was if none is better. Once dev has chosen, it may train too (see
`refit`).
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import write_file
from balise.folders import fill_folder, require_name
from balise.jsonl import encode_json, encode_jsonl
from balise.model.average import average
from balise.model.combined import describe_combined
from balise.model.distil import distil, label_folder
from balise.model.docbins import dev_parts
from balise.model.ensemble import join
from balise.model.known import require_unseen
from balise.model.predict import Watch, load_pipeline, predict, unwatched
from balise.model.recipe import Recipe
from balise.model.reference import Reference, Sources, load_reference
from balise.model.refit import REFITS, plan_refit, run_refits
from balise.pairing import pair_spans
from balise.score import micro, score
from balise.scratch import scratch_folder
from balise.splits import load_splits

if TYPE_CHECKING:
    from spacy.language import Language

REFINED_JSON = "refined.json"
AVERAGE, DISTILLED, VOTED = "average", "distilled", "vote"
_OUTPUT = {"model-best", REFINED_JSON, "silver.jsonl", REFITS}


class Candidate(msgspec.Struct, frozen=True):
    """A pipeline that was tried, and its strict micro-F1 on dev."""

    name: str
    dev_f1: float


class Refined(msgspec.Struct, frozen=True):
    """What was tried and which was kept; `silver` and `held_back` count unlabelled texts.

    A text is held back where it resembles an article that a model is chosen or tested on. Of
    those articles, `without_text` have no text here: only a text that is the very same is held
    back for them. `refits` are the trainings that were done again with dev among what they learn
    from: what was kept is made of them, and has no score on dev.
    """

    model: str
    kept: str
    candidates: tuple[Candidate, ...]
    silver: int
    held_back: int
    without_text: int = 0
    refits: tuple[str, ...] = ()


class _Tried(NamedTuple):
    """A candidate's folder, its name, and the trainings that it is made of."""

    path: Path
    name: str
    made_of: Sequence[Path]


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
    refit: bool = False,
    watch: Watch = unwatched,
) -> Refined:
    """Average trainings, distil them on unlabelled texts, and keep in `out` what reads dev best.

    `out` gets `model-best`, `refined.json` with the score of each candidate, and the labelled
    texts. The distilled pipeline is trained as `train` would by the recipe. With `vote`, the
    trainings voting in one pipeline are a candidate too. With `refit`, the trainings that the best
    one is made of are done again on train and dev together, in `refits`, and it is made of these.

    Raises:
        UsageError: no training, one without texts to label or a refit, fewer than three to vote,
            texts to label and a refit, or something else stands at `out`.
        BaliseError: a pipeline, the gold or a text is at fault, a training has learned from dev or
            cannot be done again, or `out` or the temporary folder cannot be written.
    """
    _refuse_call(models, out, unlabelled, refit)
    splits = load_splits(sources.splits)
    plans = {model: plan_refit(model, recipe, splits) for model in models} if refit else {}
    parts = dev_parts(recipe.real)
    references = [load_reference(msgspec.structs.replace(sources, part=part)) for part in parts]
    for model in models:
        _require_unseen(model, references)
    # Trainings that cannot vote are refused before they label any text.
    joined = join(models) if vote else None
    labelled = label_folder(models, sources, unlabelled, watch)
    with scratch_folder() as scratch:
        tried = [_Tried(path, str(path), [path]) for path in models]
        if len(models) > 1:
            tried.append(_Tried(_write(average(models), scratch / AVERAGE), AVERAGE, models))
        if joined is not None:
            tried.append(_Tried(_write(joined, scratch / VOTED), VOTED, models))
        if labelled.silver:
            folder = scratch / DISTILLED
            student = distil(models, labelled.silver, sources, folder, log, recipe, seed)
            tried.append(_Tried(student, DISTILLED, [student]))
        scores = [_score(each.path, references, watch) for each in tried]
        best, best_f1 = max(zip(tried, scores, strict=True), key=lambda pair: pair[1])
        with fill_folder(out) as working:
            again = [plans[model] for model in best.made_of] if refit else []
            refits = run_refits(again, sources, working, out, log)
            _keep(best, best_f1, [working / each for each in refits], working / "model-best")
            done = Refined(
                str(out / "model-best"),
                best.name,
                tuple(Candidate(each.name, f1) for each, f1 in zip(tried, scores, strict=True)),
                len(labelled.silver),
                labelled.held_back,
                labelled.without_text,
                tuple(str(out / each) for each in refits),
            )
            write_file(working / REFINED_JSON, encode_json(done))
            write_file(working / "silver.jsonl", encode_jsonl(labelled.silver))
    return done


def _refuse_call(models: Sequence[Path], out: Path, unlabelled: Path | None, refit: bool) -> None:
    if refit and unlabelled:
        raise UsageError(
            "--refit", "what is distilled on texts is not done again", "leave --unlabelled out"
        )
    if len(models) < (1 if unlabelled or refit else 2):
        raise UsageError(
            "MODEL",
            "only one training is named",
            "name two of different seeds, texts for it to label (--unlabelled DIR), or --refit",
        )
    require_name(out)
    if out.exists() and (not out.is_dir() or {path.name for path in out.iterdir()} - _OUTPUT):
        raise UsageError(
            out, "holds something else than a refined pipeline", "choose another --out"
        )


def _require_unseen(model: Path, references: Sequence[Reference]) -> None:
    nlp = load_pipeline(str(model))
    for reference in references:
        try:
            require_unseen(nlp, str(model), reference)
        except BaliseError as error:
            remedy = "leave it out, or name trainings that dev has chosen"
            raise BaliseError(error.place, error.problem, remedy) from error


def _keep(best: _Tried, dev_f1: float, refits: Sequence[Path], folder: Path) -> None:
    """Put the best candidate into its folder or, where it was done again, make it of the refits."""
    combine = {AVERAGE: average, VOTED: join}.get(best.name) if len(best.made_of) > 1 else None
    if combine is None:
        shutil.copytree(refits[0] if refits else best.path, folder)
    elif refits:
        _write(combine(refits), folder)
        describe_combined(folder, best.name, refits, None)
    else:
        shutil.copytree(best.path, folder)
        describe_combined(folder, best.name, best.made_of, dev_f1)


def _write(nlp: "Language", folder: Path) -> Path:
    nlp.to_disk(folder)
    return folder


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

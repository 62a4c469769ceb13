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
from typing import IO, TYPE_CHECKING

import msgspec

from balise.errors import UsageError
from balise.files import write_file
from balise.folders import fill_folder, require_name
from balise.jsonl import encode_json, encode_jsonl
from balise.model.average import average
from balise.model.combined import describe_combined
from balise.model.distil import distil, label_folder
from balise.model.docbins import real_parts
from balise.model.ensemble import join
from balise.model.known import require_unseen
from balise.model.predict import Watch, load_pipeline, predict, unwatched
from balise.model.recipe import Recipe
from balise.model.reference import Reference, Sources, load_reference
from balise.model.refit import plan_refit, run_refit
from balise.pairing import pair_spans
from balise.score import Counts, micro, score
from balise.scratch import scratch_folder

if TYPE_CHECKING:
    from spacy.language import Language

REFINED_JSON = "refined.json"
AVERAGE, DISTILLED, VOTED = "average", "distilled", "vote"
_COMBINE = {AVERAGE: average, VOTED: join}
_REFITS = "refits"
_OUTPUT = {"model-best", REFINED_JSON, "silver.jsonl", _REFITS}


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
    plans = {model: plan_refit(model, recipe.lexicon) for model in models} if refit else {}
    # Trainings that cannot vote are refused before they label any text.
    joined = join(models) if vote else None
    parts = [part for part in real_parts(recipe.real) if part.startswith("dev")]
    references = [load_reference(msgspec.structs.replace(sources, part=part)) for part in parts]
    labelled = label_folder(models, sources, unlabelled, watch)
    with scratch_folder() as scratch:
        tried = [(path, str(path)) for path in models]
        if len(models) > 1:
            tried.append((_write(average(models), scratch / AVERAGE), AVERAGE))
        if joined is not None:
            tried.append((_write(joined, scratch / VOTED), VOTED))
        if labelled.silver:
            student = distil(labelled.silver, sources, scratch / DISTILLED, log, recipe, seed)
            tried.append((student, DISTILLED))
        scores = [_score(path, name, references, watch) for path, name in tried]
        best = max(range(len(tried)), key=scores.__getitem__)
        path, name = tried[best]
        made_of = list(models) if name in _COMBINE else [path]
        with fill_folder(out) as working:
            refits = [f"{_REFITS}/{n}" for n in range(1, len(made_of) + 1)] if refit else []
            for each, model in zip(refits, made_of, strict=False):
                run_refit(plans[model], sources, working / each, out / each, log)
            made_of = [working / each / "model-best" for each in refits] or made_of
            _make(name, made_of, working / "model-best", None if refit else scores[best])
            done = Refined(
                str(out / "model-best"),
                name,
                tuple(Candidate(name, f1) for (_, name), f1 in zip(tried, scores, strict=True)),
                len(labelled.silver),
                labelled.held_back,
                labelled.without_text,
                tuple(str(out / each / "model-best") for each in refits),
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


def _make(name: str, made_of: Sequence[Path], folder: Path, dev_f1: float | None) -> None:
    """Put what was kept into its folder: a pipeline as it is, or one combined of several."""
    if name in _COMBINE:
        _write(_COMBINE[name](made_of), folder)
        describe_combined(folder, name, made_of, dev_f1)
    else:
        shutil.copytree(made_of[0], folder)


def _write(nlp: "Language", folder: Path) -> Path:
    nlp.to_disk(folder)
    return folder


def _score(path: Path, name: str, references: Sequence[Reference], watch: Watch) -> float:
    """Give a pipeline's strict micro-F1 on articles of dev, from which it must not have learned."""
    nlp = load_pipeline(str(path))
    counts: list[Counts] = []
    for reference in references:
        require_unseen(nlp, name, reference)
        found = predict(nlp, reference, f"{path.name} reads dev", watch)
        counts += score(pair_spans(reference.entities, found)).values()
    return micro(counts).f1() or 0.0

"""A pipeline's predictions on one part of the split become a report, as JSON and as HTML."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balise.bootstrap import LEVEL, RESAMPLES, draw
from balise.files import write_files
from balise.jsonl import encode_json
from balise.model.examples import make_examples
from balise.model.mistakes import tally_confusion, tally_kinds
from balise.model.predict import Watch, load_pipeline, predict, short_name, unwatched
from balise.model.reference import Reference, Sources, load_reference
from balise.model.report import render
from balise.model.results import Evaluation, System
from balise.model.tables import (
    all_labels,
    conll,
    make_table,
    relabel,
    require_known,
    score_view,
)
from balise.score import Entity, find_errors, score

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray
    from spacy.language import Language

REPORT_JSON = "report.json"
REPORT_HTML = "report.html"


def evaluate(
    pipeline: str,
    sources: Sources,
    out: Path,
    *,
    baselines: Sequence[str] = (),
    seed: int = 0,
    resamples: int = RESAMPLES,
    watch: Watch = unwatched,
) -> Evaluation:
    """Score a pipeline and baselines on one part; write `report.json` and `report.html` to `out`.

    Raises:
        UsageError: there is no such part.
        BaliseError: the gold, the split or a text is at fault (see `load_reference`), a pipeline
            cannot be loaded or predicts unknown labels, or the report cannot be written. An old
            report is unchanged then.
    """
    reference = load_reference(sources)
    loaded = {name: load_pipeline(name) for name in dict.fromkeys((pipeline, *baselines))}
    found = {name: _read(nlp, name, reference, watch) for name, nlp in loaded.items()}
    indices = draw(len(reference.articles), resamples, seed)
    model, *others = (
        _score_system(name, nlp, found[name], reference, indices) for name, nlp in loaded.items()
    )
    view = all_labels(reference.labels)
    predicted = relabel(found[pipeline], view.predicted)
    counts = score(reference.entities, predicted)
    errors = find_errors(reference.entities, predicted)
    evaluation = Evaluation(
        part=reference.part,
        articles=len(reference.articles),
        spans=len(reference.entities),
        not_publishable=sum(a.publishable != "full" for a in reference.articles),
        level=LEVEL,
        resamples=resamples,
        model=model,
        baselines=tuple(others),
        gold_left_out=_left_out(reference),
        kinds=tally_kinds(view.labels, counts, errors),
        confusion=tally_confusion(view.labels, counts, errors),
        errors=tuple(errors),
        origin=reference.origin(seed),
    )
    page = render(evaluation, reference.labels, make_examples(reference, predicted, errors))
    write_files({out / REPORT_JSON: encode_json(evaluation), out / REPORT_HTML: page})
    return evaluation


def _read(nlp: "Language", name: str, reference: Reference, watch: Watch) -> set[Entity]:
    found = predict(nlp, reference, f"{short_name(name)} reads", watch)
    require_known(found, reference.labels, name)
    return found


def _score_system(
    name: str,
    nlp: "Language",
    found: set[Entity],
    reference: Reference,
    indices: "NDArray[int64]",
) -> System:
    every, rolled = (
        make_table(score_view(view, reference, found, indices))
        for view in (all_labels(reference.labels), conll(reference.labels))
    )
    meta = nlp.meta
    version = f"{meta['lang']}_{meta['name']} {meta['version']}"
    return System(short_name(name), name, version, every, rolled)


def _left_out(reference: Reference) -> dict[str, int]:
    kept = conll(reference.labels).gold
    outside = Counter(e.label for e in reference.entities if e.label not in kept)
    return dict(sorted(outside.items()))

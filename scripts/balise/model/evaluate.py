"""A pipeline's predictions on one part of the split become a report: JSON, HTML and Markdown."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balise.bootstrap import LEVEL, RESAMPLES, draw
from balise.files import write_files
from balise.jsonl import encode_json
from balise.model.calibration import calibrate
from balise.model.ceiling import load_ceiling
from balise.model.examples import make_examples
from balise.model.facets import score_facets
from balise.model.fingerprint import fingerprint
from balise.model.known import load_known, require_unseen
from balise.model.markdown import render_markdown
from balise.model.mistakes import tally_confusion
from balise.model.predict import (
    Watch,
    distinct_names,
    find_probabilities,
    load_system,
    predict,
    short_name,
    unwatched,
)
from balise.model.reference import Reference, Sources, load_reference
from balise.model.report import render
from balise.model.results import Evaluation, System
from balise.model.tables import Table, make_table, score_view
from balise.model.views import View, all_labels, conll, load_views, relabel, require_known
from balise.pairing import Entity, pair_spans
from balise.span_errors import find_errors

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray
    from spacy.language import Language

REPORT_JSON = "report.json"
REPORT_HTML = "report.html"
REPORT_MARKDOWN = "report.md"


def evaluate(
    pipeline: str,
    sources: Sources,
    out: Path,
    *,
    baselines: Sequence[str] = (),
    rollups: Sequence[str] = (),
    agreement: Path | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    watch: Watch = unwatched,
) -> Evaluation:
    """Score a pipeline and baselines on one part; write the report's three files to `out`.

    `rollups` are schemes or mapping files to score under besides (see `load_view`), and
    `agreement` is a file of `balise annotations agree`, shown beside the model's scores.

    Raises:
        UsageError: there is no such part, or two roll-ups have one name.
        BaliseError: the gold, the split or a text is at fault (see `load_reference`), a roll-up or
            the agreement cannot be read, a pipeline cannot be loaded, has seen the articles (see
            `require_unseen`) or predicts unknown labels, or the report cannot be written. An old
            report is unchanged then.
    """
    reference = load_reference(sources)
    labels = reference.labels
    every = all_labels(labels)
    views = load_views(rollups, labels)
    ceiling = load_ceiling(agreement, labels) if agreement else None
    loaded = {
        name: load_system(name, sources.corpus) for name in dict.fromkeys((pipeline, *baselines))
    }
    for name, nlp in loaded.items():
        require_unseen(nlp, name, reference)
    found = {name: _read(nlp, name, reference, watch) for name, nlp in loaded.items()}
    indices = draw(len(reference.articles), resamples, seed)
    names = distinct_names(loaded)
    model, *others = (
        _score(each, names[each], nlp, found[each], reference, views, indices)
        for each, nlp in loaded.items()
    )
    predicted = relabel(found[pipeline], every.predicted)
    pairing = pair_spans(reference.entities, predicted)
    errors = find_errors(pairing)
    known = load_known(sources, loaded[pipeline])
    sure = find_probabilities(
        loaded[pipeline], reference, f"{short_name(pipeline)} says how sure it is", watch
    )
    evaluation = Evaluation(
        part=reference.part,
        articles=len(reference.articles),
        spans=len(reference.entities),
        not_publishable=sum(a.publishable != "full" for a in reference.articles),
        level=LEVEL,
        resamples=resamples,
        model=model,
        baselines=tuple(others),
        ceiling=ceiling,
        gold_left_out=_left_out(reference),
        confusion=tally_confusion(labels.names, pairing),
        trained_on=known.parts,
        trained_without_text=known.without_text,
        facets=score_facets(reference, pairing, known, indices),
        calibration=calibrate(
            {one: p for entity, p in sure.items() for one in relabel({entity}, every.predicted)},
            predicted,
            reference.entities,
        ),
        errors=tuple(errors),
        origin=reference.origin(seed),
    )
    page = render(evaluation, labels, make_examples(reference, predicted, errors))
    write_files(
        {
            out / REPORT_JSON: encode_json(evaluation),
            out / REPORT_HTML: page,
            out / REPORT_MARKDOWN: render_markdown(evaluation),
        }
    )
    return evaluation


def _read(nlp: "Language", name: str, reference: Reference, watch: Watch) -> set[Entity]:
    found = predict(nlp, reference, f"{short_name(name)} reads", watch)
    require_known(found, reference.labels, name)
    return found


def _score(
    pipeline: str,
    name: str,
    nlp: "Language",
    found: set[Entity],
    reference: Reference,
    views: Sequence[View],
    indices: "NDArray[int64]",
) -> System:
    def table(view: View) -> Table:
        return make_table(score_view(view, reference, found, indices))

    meta = nlp.meta
    return System(
        name,
        pipeline,
        f"{meta['lang']}_{meta['name']} {meta['version']}",
        table(all_labels(reference.labels)),
        table(conll(reference.labels)),
        {view.name: table(view) for view in views},
        fingerprint(pipeline),
    )


def _left_out(reference: Reference) -> dict[str, int]:
    kept = conll(reference.labels).gold
    outside = Counter(e.label for e in reference.entities if e.label not in kept)
    return dict(sorted(outside.items()))

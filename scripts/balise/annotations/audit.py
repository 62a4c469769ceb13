"""A batch's stored suggestions are held against what its annotators confirmed.

Three questions: what became of the suggestions (`outcomes`), what showing them changes
(`anchoring`, `same_texts`), and how good the suggester is in the eyes of those who did not see it.
Intervals draw articles, not readings: two readings of one article resemble each other. Where every
article has the same value the interval is that value alone, which says little.
"""

from pathlib import Path

import msgspec

from balise.annotations.anchoring import Anchoring, compare_conditions
from balise.annotations.audit_annotators import AnnotatorAudit, audit_annotators
from balise.annotations.audit_readings import BLIND, SHOWN, gather_material
from balise.annotations.estimates import make_table
from balise.annotations.outcomes import (
    FIELDS,
    OVERALL,
    Outcomes,
    SuggesterScore,
    Track,
    count_outcomes,
    group_counts,
    make_outcomes,
    make_score,
)
from balise.annotations.same_texts import Agreements, Paired, compare_pairs
from balise.batches import BATCH_FILE, SUGGESTIONS_FILE
from balise.bootstrap import RESAMPLES, draw
from balise.jsonl import write_json
from balise.labels import LabelScheme
from balise.origin import Origin, origin
from balise.outputs import READ_HERE, refuse_inputs
from balise.stores import reading_files


class SuggesterAudit(msgspec.Struct, frozen=True):
    """The suggester, and its scores where readings that saw nothing stand for gold."""

    name: str
    version: str
    overall: SuggesterScore
    labels: tuple[SuggesterScore, ...]


class Audit(msgspec.Struct, frozen=True):
    """What became of a batch's suggestions; `overall` and `labels` are of readings that saw them.

    `articles` counts those with a confirmed reading. `unconfirmed` readings, and `unassigned` ones
    (of articles that the batch does not give to their annotator), are left out of all figures.
    """

    batch: str
    resamples: int
    origin: Origin
    articles: int
    shown: int
    blind: int
    unconfirmed: int
    unassigned: int
    overall: Outcomes
    labels: tuple[Outcomes, ...]
    annotators: tuple[AnnotatorAudit, ...]
    suggester: SuggesterAudit
    anchoring: Anchoring
    paired: Paired
    agreement: Agreements


def audit_batch(
    batch: str,
    annotations: Path,
    tasks: Path,
    corpus: Path,
    labels: LabelScheme,
    out: Path,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    track: Track = iter,
) -> Audit:
    """Compare a batch's suggestions with its confirmed readings, and write the figures to `out`.

    An adjudicator's reading is none of them. The corpus gives the articles' lengths; their texts
    need not be here.

    Raises:
        UsageError: `out` is a file that is read here, or the batch's name cannot be one.
        BaliseError: the batch's folder, suggestions or readings are missing, no suggester ran, no
            reading of the batch is confirmed, or a text is not the one that was sent.
    """
    material = gather_material(batch, annotations, tasks, corpus, labels)
    frozen = (
        *reading_files(annotations),
        annotations / "gold.jsonl",
        *(tasks / batch / name for name in (BATCH_FILE, SUGGESTIONS_FILE)),
    )
    refuse_inputs("--out", out, frozen, READ_HERE)
    indices = draw(len(material.articles), resamples, seed)
    counts = count_outcomes(material, labels.names, track)
    conditions = [read.condition for read in material.reads]
    table = make_table(FIELDS, group_counts(material, counts, conditions, 2), indices)
    paired, agreement = compare_pairs(material, indices)
    rows = (*labels.names, OVERALL)
    outcomes = [make_outcomes(row, table.at(SHOWN, at)) for at, row in enumerate(rows)]
    scores = [make_score(row, table.at(BLIND, at)) for at, row in enumerate(rows)]
    made = Audit(
        batch=batch,
        resamples=resamples,
        origin=origin(material.records, labels.version, seed),
        articles=len(material.articles),
        shown=sum(reader.shown for reader in material.readers),
        blind=sum(reader.blind for reader in material.readers),
        unconfirmed=sum(reader.unconfirmed for reader in material.readers),
        unassigned=material.unassigned,
        overall=outcomes[-1],
        labels=tuple(outcomes[:-1]),
        annotators=audit_annotators(material, counts[:, -1], indices),
        suggester=SuggesterAudit(
            material.suggester.name, material.suggester.version, scores[-1], tuple(scores[:-1])
        ),
        anchoring=compare_conditions(table, labels.names),
        paired=paired,
        agreement=agreement,
    )
    write_json(out, made)
    return made

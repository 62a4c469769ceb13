"""How far annotators agree on the articles that both confirmed, and where they do not."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from balise.annotations.agreement import Agreement, PairAgreement
from balise.annotations.agreement_page import render
from balise.annotations.figures import Figures, make_figures
from balise.annotations.gamma import measure_disorder
from balise.annotations.kappa import Track, count_tokens, label_tokens
from balise.annotations.matches import match_spans
from balise.annotations.pooling import Measured, measure, pool
from balise.annotations.texts import load_texts
from balise.bootstrap import RESAMPLES
from balise.errors import BaliseError
from balise.files import write_files
from balise.jsonl import encode_json
from balise.labels import LabelScheme, Rollup
from balise.origin import origin
from balise.outputs import refuse_inputs_beside
from balise.readers import Pair, gather_readers, make_pairs, rename_labels
from balise.stores import load_readings, reading_files


def page_path(out: Path) -> Path:
    """Name the page that is written beside a JSON file."""
    return out.with_suffix(".html")


def agree(
    annotations: Path,
    labels: LabelScheme,
    out: Path,
    batch: str | None = None,
    *,
    corpus: Path | None = None,
    texts: Path | None = None,
    rollup: Rollup | None = None,
    kappa: bool = True,
    seed: int = 0,
    resamples: int = RESAMPLES,
    track: Track = iter,
) -> Agreement:
    """Compare every two annotators of one batch, or of all; write figures to `out`, and a page.

    Readings count whatever their batch, an adjudicator's do not; only confirmed ones do. With
    `rollup` labels are compared under their names in another scheme, and those without a name
    there are left out: so readings by another scheme's annotators can be held against ours. The
    articles of `corpus` with a text are what κ counts tokens of, and what the page quotes. Where
    spans may overlap there is no κ, which is defined for one label a token.

    Raises:
        UsageError: `out` or its page holds readings or gold, or the batch's name cannot be one.
        BaliseError: there are no readings, no article has two readers, a reading is at fault (see
            `gather_readers`), or it was made on another text than the corpus has.
    """
    files = load_readings(annotations, batch)
    frozen = (*reading_files(annotations), annotations / "gold.jsonl")
    refuse_inputs_beside(out, page_path(out), frozen)
    readers = gather_readers(files, labels)
    read = [each for readings in readers.values() for each in readings.values()]
    made_from = origin(read, labels.version, seed)
    names = labels.rollup(rollup) if rollup else {name: name for name in labels.names}
    columns = tuple(dict.fromkeys(names.values()))
    if rollup:
        readers = rename_labels(readers, names)
    pairs = make_pairs(readers)
    if not pairs:
        raise BaliseError(
            annotations / (batch or ""),
            "no article was confirmed by two annotators",
            "give the same articles to two annotators with `balise tasks make`"
            + (", or leave the batch out to compare the readings of all" if batch else ""),
        )
    articles = load_texts(corpus, texts, pairs)
    tokens = None
    if kappa and not labels.overlapping:
        tokens = label_tokens(readers, articles, columns, track)
    measured = [
        measure(
            pair.articles,
            match_spans(pair, columns),
            measure_disorder(pair, columns, seed),
            None if tokens is None else count_tokens(tokens, pair, columns),
        )
        for pair in pairs
    ]
    every, overall = _figures(pairs, measured, columns, seed, resamples)
    agreement = Agreement(batch, rollup, resamples, made_from, every, overall)
    differences = [
        (pair, each.matches.differences) for pair, each in zip(pairs, measured, strict=True)
    ]
    page = render(agreement, labels, differences, articles)
    write_files({out: encode_json(agreement), page_path(out): page})
    return agreement


def _figures(
    pairs: Sequence[Pair],
    measured: Sequence[Measured],
    labels: Sequence[str],
    seed: int,
    resamples: int,
) -> tuple[tuple[PairAgreement, ...], Figures]:
    """Make the figures of each pair, and of all; those of a single pair are both."""
    figures = [make_figures(each, labels, seed, resamples) for each in measured]
    every = tuple(
        PairAgreement(pair.first, pair.second, **msgspec.structs.asdict(each))
        for pair, each in zip(pairs, figures, strict=True)
    )
    if len(figures) == 1:
        return every, figures[0]
    return every, make_figures(pool(measured), labels, seed, resamples)

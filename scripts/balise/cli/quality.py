"""`balise annotations check` and `balise annotations agree`: how good the readings are."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from balise.annotations.agree import Agreement, LabelAgreement
from balise.annotations.agree import agree as compare_annotators
from balise.annotations.check import Checked, check_annotations
from balise.annotations.consistency import (
    KINDS,
    Consistency,
    find_inconsistencies,
    load_settled,
)
from balise.annotations.variety import LabelVariety, label_variety
from balise.bootstrap import RESAMPLES
from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    LABELS,
    TEXTS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    LabelsFile,
    Seed,
    TextsDir,
    command,
    print_table,
    progress,
    summarise,
)
from balise.labels import load_labels
from balise.stores import load_articles, load_gold

GOLD = "gold.jsonl"
SETTLED = "settled.tsv"
AGREEMENT = BUILD / "annotations" / "agreement.json"
_MOST_PLACES = 3


def register(app: typer.Typer) -> None:
    """Add `check` and `agree` to the group `balise annotations`."""
    command(app, "check", "balise annotations check --consistency")(check)
    command(app, "agree", "balise annotations agree --batch controle")(agree)


def check(
    consistency: Annotated[
        bool,
        typer.Option(
            "--consistency",
            help="Hold gold against itself too: surfaces that are read in two ways, and how "
            "varied each label is.",
        ),
    ] = False,
    corpus: CorpusDir = CORPUS,
    texts: TextsDir = TEXTS,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """List every problem of the readings and of gold; exit 1 if there is one."""
    scheme = load_labels(labels)
    found = check_annotations(
        annotations,
        corpus,
        scheme,
        track=lambda paths: progress(paths, "Checking"),
        texts=texts,
    )
    values: dict[str, Any] = msgspec.to_builtins(found)
    held: Consistency | None = None
    variety: tuple[LabelVariety, ...] = ()
    if consistency:
        gold = load_gold(annotations / GOLD)
        known = load_articles(corpus, texts)
        here = {id_: article.text for id_, article in known.items() if article.text is not None}
        held = find_inconsistencies(gold, here, load_settled(annotations / SETTLED))
        variety = label_variety(gold, here, scheme)
        values |= {"consistency": held, "variety": variety}
    if as_json:
        summarise(True, values)
    else:
        _print_checked(found)
        if held is not None:
            _print_consistency(held, variety)
    if found.problems or (held is not None and (held.open or held.idle)):
        raise typer.Exit(1)


def agree(
    batch: Annotated[
        str | None, typer.Option(help="Only this batch's readings (else those of all).")
    ] = None,
    out: Annotated[Path, typer.Option(help="JSON file to write.")] = AGREEMENT,
    annotations: AnnotationsDir = ANNOTATIONS,
    labels: LabelsFile = LABELS,
    seed: Seed = 0,
    resamples: Annotated[
        int, typer.Option(min=100, max=100_000, help="Resamples of the bootstrap.")
    ] = RESAMPLES,
    as_json: AsJson = False,
) -> None:
    """Compare annotators on the articles that both confirmed: strict F1, kinds of difference."""
    made = compare_annotators(
        annotations, load_labels(labels), out, batch, seed=seed, resamples=resamples
    )
    if not as_json:
        _print_agreement(made)
    summarise(as_json, msgspec.to_builtins(made), f"written: {out}")


def _print_agreement(made: Agreement) -> None:
    for pair in made.pairs:
        rows = (*pair.labels, pair.overall)
        print_table(
            f"{pair.first} and {pair.second}: {pair.articles} articles, {pair.equal} read the "
            "same; strict F1, 95 % intervals",
            ("label", pair.first, pair.second, "both", "F1", "interval"),
            [(row.label, row.first, row.second, row.both, *_show(row)) for row in rows],
        )
        print_table(
            "Where they differ",
            ("label", "boundary", "type", "both", f"only {pair.first}", f"only {pair.second}"),
            [(row.label, *row.differences.values()) for row in rows],
        )


def _show(row: LabelAgreement) -> tuple[str, str]:
    bounds = row.interval
    return (
        "–" if row.f1 is None else f"{row.f1:.3f}",
        "–" if bounds is None else f"{bounds.low:.3f}–{bounds.high:.3f}",
    )


def _print_checked(found: Checked) -> None:
    readers = [f"{each.batch}/{each.annotator}" for each in found.counts]
    print_table(
        "Readings",
        ("batch/annotator", "articles", "unconfirmed", "spans"),
        [
            (reader, each.articles, each.unconfirmed, sum(each.labels.values()))
            for reader, each in zip(readers, found.counts, strict=True)
        ],
    )
    names = sorted({name for each in found.counts for name in each.labels})
    print_table(
        "Spans a label",
        ("label", *readers),
        [(name, *(each.labels.get(name, 0) for each in found.counts)) for name in names],
    )
    lines = list(found.problems)
    if found.without_text:
        lines.append(f"{found.without_text} articles have no text here: surfaces were not seen")
    if found.gold is not None:
        lines.append(f"gold: {found.gold} articles")
    summarise(False, {}, *lines, f"{len(found.problems)} problems")


def _print_consistency(held: Consistency, variety: tuple[LabelVariety, ...]) -> None:
    print_table(
        "Surfaces a label, where the text is here",
        ("label", "spans", "surfaces", "most frequent", "share"),
        [
            (
                each.label,
                each.spans,
                each.surfaces,
                ", ".join(f"{surface} {count}" for surface, count in each.leading),
                f"{each.leading[0][1] / each.spans:.1%}" if each.leading else "–",
            )
            for each in variety
        ],
    )
    print_table(
        "Surfaces that are read in more than one way",
        ("kind", "open", "settled"),
        [
            (kind, sum(one.kind == kind for one in held.open), held.settled.get(kind, 0))
            for kind in KINDS
        ],
    )
    lines = []
    for one in held.open:
        lines.append(
            f"{one.kind}: {one.surface!r} is {one.label} {one.marked} times, and "
            f"{len(one.places)} times it is not"
        )
        lines += [
            f"  {each.article}:{each.start} … {each.context} …"
            for each in one.places[:_MOST_PLACES]
        ]
    lines += [
        f"{SETTLED}: {one.kind} {one.surface!r} {one.label} settles nothing; remove the line"
        for one in held.idle
    ]
    summarise(
        False,
        {},
        *lines,
        f"{len(held.open)} surfaces are open: mend the gold, or settle them in {SETTLED}",
    )

"""The tables of `balise annotations check` and `balise annotations agree`."""

from balise.annotations.agree import Agreement, LabelAgreement
from balise.annotations.check import Checked
from balise.annotations.consistency import KINDS, Consistency, Kind
from balise.annotations.variety import LabelVariety
from balise.cli.common import print_table, summarise

SETTLED = "settled.tsv"
_MOST_PLACES = 3
_SAYS: dict[Kind, str] = {
    "label": "has another label elsewhere, and is {one.label} {times}",
    "missed": "is {one.label} elsewhere, {one.marked} times, and is not marked {times}",
    "boundary": "is {one.label} elsewhere, {one.marked} times, and other edges stand in its place "
    "{times}",
}


def print_agreement(made: Agreement) -> None:
    """Print two tables for each pair of annotators: F1, and where they differ."""
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
            (
                "label",
                "boundary",
                "type",
                "both of these",
                f"only {pair.first}",
                f"only {pair.second}",
            ),
            [(row.label, *row.differences.values()) for row in rows],
        )


def _show(row: LabelAgreement) -> tuple[str, str]:
    bounds = row.interval
    return (
        "–" if row.f1 is None else f"{row.f1:.3f}",
        "–" if bounds is None else f"{bounds.low:.3f}–{bounds.high:.3f}",
    )


def print_checked(found: Checked) -> None:
    """Print what was read, and every problem."""
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


def print_consistency(held: Consistency, variety: tuple[LabelVariety, ...]) -> None:
    """Print how varied the labels are, and every surface that is open."""
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
        times = f"{len(one.places)} time{'' if len(one.places) == 1 else 's'}"
        lines.append(f"{one.kind}: {one.surface!r} {_SAYS[one.kind].format(one=one, times=times)}")
        lines += [
            f"  {each.article}:{each.start} … {each.context} …"
            for each in one.places[:_MOST_PLACES]
        ]
    lines += [
        f"{SETTLED}: {one.kind} {one.surface!r} {one.label} settles nothing; remove the line"
        for one in held.idle
    ]
    remedy = f": mend the gold, or settle them in {SETTLED}" if held.open else ""
    summarise(False, {}, *lines, f"{len(held.open)} surfaces are open{remedy}")

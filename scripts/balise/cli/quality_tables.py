"""The tables of `balise annotations check` and `balise annotations agree`."""

from balise.annotations.agreement import Agreement
from balise.annotations.check import Checked
from balise.annotations.consistency import KINDS, Consistency, Kind
from balise.annotations.figures import Figures
from balise.annotations.variety import LabelVariety
from balise.bootstrap import Interval
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
    """Print three tables for each pair of annotators, and for all if they are several."""
    for pair in made.pairs:
        _print_figures(f"{pair.first} and {pair.second}", pair, pair.first, pair.second)
    if len(made.pairs) > 1:
        _print_figures("All pairs", made.overall, "the first", "the second")


def _print_figures(name: str, figures: Figures, first: str, second: str) -> None:
    rows = (*figures.labels, figures.overall)
    print_table(
        f"{name}: {figures.articles} articles, {figures.equal} read the same; F1",
        ("label", first, second, "both", "strict", "interval", "untyped", "overlap"),
        [
            (
                row.label,
                row.first,
                row.second,
                row.both,
                *_show(row.f1, row.interval),
                _show(row.untyped_f1, None)[0],
                _show(row.overlap_f1, None)[0],
            )
            for row in rows
        ],
    )
    print_table(
        "Where they differ",
        ("label", "boundary", "type", "both of these", f"only {first}", f"only {second}"),
        [(row.label, *row.differences.values()) for row in rows],
    )
    overall, kappa, gamma = figures.overall, figures.kappa, figures.gamma
    print_table(
        "All labels, with 95 % intervals",
        ("measure", "value", "interval"),
        [
            ("strict F1", *_show(overall.f1, overall.interval)),
            ("untyped F1", *_show(overall.untyped_f1, overall.untyped_interval)),
            ("overlap F1", *_show(overall.overlap_f1, overall.overlap_interval)),
            ("token κ", *(_show(kappa.value, kappa.interval) if kappa else ("–", "–"))),
            ("γ", *_show(gamma.value, gamma.interval)),
        ],
    )
    if kappa and kappa.without_text:
        summarise(False, {}, f"κ leaves out {kappa.without_text} articles: their text is not here")


def _show(value: float | None, bounds: Interval | None) -> tuple[str, str]:
    return (
        "–" if value is None else f"{value:.3f}",
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

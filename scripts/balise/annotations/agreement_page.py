"""Agreement becomes one HTML page for the lead, which needs nothing else: no network.

A script on the page filters the disagreements; without it they are all shown.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from balise.annotations.agreement import Agreement
from balise.annotations.excerpts import make_excerpts
from balise.bootstrap import Interval
from balise.labels import LabelScheme
from balise.readers import Pair
from balise.records import Article
from balise.span_errors import SpanError

MOST_EXCERPTS = 2000
"""More than that nobody reads at one time, and a browser filters slowly."""

_KINDS = {
    "boundary": ("boundary", "same label, other edges"),
    "type": ("type", "same edges, other label"),
    "both": ("boundary and type", "an overlap, with other edges and another label"),
    "missed": ("missed", "only one annotator marked it"),
}


def render(
    agreement: Agreement,
    labels: LabelScheme,
    differences: Sequence[tuple[Pair, list[SpanError]]],
    articles: Mapping[str, Article],
) -> str:
    """Turn figures and differences into an HTML page; every text in it is escaped.

    `articles` are those whose text is here; differences in others are shown by their offsets.
    """
    from jinja2 import Environment, StrictUndefined

    excerpts = make_excerpts(differences, articles, MOST_EXCERPTS)
    quoted = {excerpt.article for excerpt in excerpts if excerpt.has_text}
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["score"] = show_score
    environment.filters["bounds"] = show_bounds
    template = files("balise.annotations").joinpath("agreement.html.jinja")
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        agreement=agreement,
        colours=_colours(labels, agreement.rollup),
        kinds=_KINDS,
        overlapping=labels.overlapping,
        excerpts=excerpts,
        found=sum(len(found) for _, found in differences),
        private=sum(articles[id_].publishable != "full" for id_ in quoted),
    )


def _colours(labels: LabelScheme, rollup: str | None) -> dict[str, str]:
    """Give each label its colour; a label of another scheme has that of our first one in it."""
    colours: dict[str, str] = {}
    for label in labels.labels:
        name = getattr(label, rollup) if rollup else label.name
        if name:
            colours.setdefault(name, label.colour)
    return colours


def show_score(value: float | None) -> str:
    """Write a score with three decimals, or a dash where it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def show_bounds(bounds: Interval | None) -> str:
    """Write an interval, or nothing where there is none."""
    return "" if bounds is None else f"{bounds.low:.3f}–{bounds.high:.3f}"

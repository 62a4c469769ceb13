"""An evaluation becomes one HTML page that needs nothing else: no network, no script."""

from importlib.resources import files

from balise.bootstrap import Estimate
from balise.labels import LabelScheme
from balise.model.examples import Example
from balise.model.results import Evaluation
from balise.score import ErrorKind

MOST_EXAMPLES = 200
"""More sentences than that make a page that nobody reads; the JSON file holds every error."""

_KINDS: dict[ErrorKind, str] = {
    "boundary": "right label, wrong edges",
    "type": "right edges, wrong label",
    "both": "overlap, wrong edges and label",
    "missed": "gold span that nothing predicted overlaps or is paired with",
    "spurious": "predicted span that no gold span overlaps or is paired with",
}


def render(evaluation: Evaluation, labels: LabelScheme, examples: list[Example]) -> str:
    """Turn an evaluation and its examples into an HTML page; every text in it is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["score"] = show_score
    environment.filters["bounds"] = show_bounds
    template = files("balise.model").joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        evaluation=evaluation,
        labels=labels.names,
        colours={label.name: label.colour for label in labels.labels},
        kinds=_KINDS,
        totals={kind: sum(row.errors[kind] for row in evaluation.kinds) for kind in _KINDS},
        examples=examples[:MOST_EXAMPLES],
        sentences=len(examples),
    )


def show_score(estimate: Estimate) -> str:
    """Write a score with three decimals, or a dash where it is undefined."""
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def show_bounds(estimate: Estimate) -> str:
    """Write a score's interval, or nothing where there is none."""
    bounds = estimate.interval
    return "" if bounds is None else f"{bounds.low:.3f}–{bounds.high:.3f}"

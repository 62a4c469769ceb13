"""An evaluation becomes one HTML page that needs nothing from elsewhere."""

from balise.labels import LabelScheme
from balise.model.examples import Example
from balise.model.results import Evaluation
from balise.pages import render_page
from balise.score import Schema
from balise.span_errors import ErrorKind

MOST_EXAMPLES = 100
"""More sentences than that make a page that nobody reads; the JSON file holds every error."""

_KINDS: dict[ErrorKind, str] = {
    "boundary": "right label, wrong edges",
    "type": "right edges, wrong label",
    "both": "overlap, wrong edges and label",
    "missed": "gold span that nothing predicted overlaps or is paired with",
    "spurious": "predicted span that no gold span overlaps or is paired with",
}

_SCHEMAS: dict[Schema, str] = {
    "strict": "edges and label are right",
    "exact": "the edges are right, whatever the label",
    "partial": "so too, and an overlap is half right",
    "type": "the label is right and the spans overlap",
}


def render(evaluation: Evaluation, labels: LabelScheme, examples: list[Example]) -> str:
    """Turn an evaluation and its examples into an HTML page; every text in it is escaped."""
    worst = sorted(examples, key=lambda example: -sum(example.kinds.values()))
    return render_page(
        "model/page",
        "report.html.jinja",
        evaluation=evaluation,
        ceiling=evaluation.ceiling,
        rollups=evaluation.rollups,
        labels=labels.names,
        colours={label.name: label.colour for label in labels.labels},
        kinds=_KINDS,
        schemas=_SCHEMAS,
        examples=worst[:MOST_EXAMPLES],
        sentences=len(examples),
    )

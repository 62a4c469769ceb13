"""An evaluation becomes Markdown for a pull request: the figures, without a word of the texts."""

from collections.abc import Sequence

from balise.model.facets import Facet
from balise.model.results import Evaluation
from balise.pages import show_estimate, show_score
from balise.score import SCHEMAS


def render_markdown(evaluation: Evaluation) -> str:
    """Turn an evaluation into Markdown tables; no article is quoted."""
    return (
        "\n\n".join(
            (
                f"## {evaluation.model.name} on {evaluation.part}",
                f"{evaluation.articles} articles, {evaluation.spans} gold spans. Strict F1 with "
                f"95 % intervals over {evaluation.resamples} resamples of the articles.",
                render_systems(evaluation),
                render_labels(evaluation),
                *(_facet(facet) for facet in evaluation.facets),
                f"gold `sha256 {evaluation.origin.corpus}`, labels {evaluation.origin.labels}, "
                f"seed {evaluation.origin.seed}",
            )
        )
        + "\n"
    )


def render_systems(evaluation: Evaluation) -> str:
    """Turn the scores of a model and its baselines into a table."""
    rolled = evaluation.rollups
    return _table(
        ["pipeline", "all labels", "macro", *rolled],
        [
            [
                system.name,
                show_estimate(system.all_labels.overall.strict.f1),
                show_score(system.all_labels.macro["strict"].f1),
                *(show_estimate(tables[at].overall.strict.f1) for tables in rolled.values()),
            ]
            for at, system in enumerate(evaluation.systems)
        ],
    )


def render_labels(evaluation: Evaluation) -> str:
    """Turn a model's scores by label into a table."""
    ceiling = evaluation.ceiling
    others = [schema for schema in SCHEMAS if schema != "strict"]
    rows = []
    table = evaluation.model.all_labels
    for row in (*table.labels, table.overall):
        cells = [
            row.label,
            str(row.counts.gold.spans),
            show_score(row.strict.precision),
            show_score(row.strict.recall),
            show_estimate(row.strict.f1),
            *(show_score(row.scores[schema].f1) for schema in others),
        ]
        if ceiling:
            known = ceiling.overall if row is table.overall else ceiling.labels.get(row.label)
            cells.append(show_score(known) if known else "–")
        rows.append(cells)
    head = ["label", "gold", "precision", "recall", "F1", *others]
    return _table([*head, "two annotators"] if ceiling else head, rows)


def _facet(facet: Facet) -> str:
    return _table(
        [facet.name, "articles", "gold", "F1"],
        [
            [
                each.row.label,
                str(each.articles),
                str(each.row.counts.gold.spans),
                show_estimate(each.row.strict.f1),
            ]
            for each in facet.slices
        ],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    escaped = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)

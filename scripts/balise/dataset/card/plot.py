"""The card's picture: spans by label and split as stacked bars, in SVG that needs nothing else."""

from typing import Any

from balise.dataset.card.figures import Figures
from balise.pages import render_page

PLOT = "spans.svg"

_WIDTH, _LEFT, _RIGHT = 820, 130, 60
_TOP, _STEP = 44, 28
_LEGEND = 112

_COLOURS = {
    "train": "#0072b2",
    "validation": "#e69f00",
    "test": "#009e73",
    "train_real": "#7fb8d8",
    "validation_real": "#f2cf7f",
    "test_real": "#7fceb9",
}
"""Hues of Okabe & Ito (2008), which colour-blind people tell apart; real splits are paler."""


def draw_spans(figures: Figures) -> str:
    """Draw the spans of each label, a bar's pieces being the splits in the card's order."""
    names = [split.split for split in figures.splits]
    most = max(figures.total.labels.values(), default=0) or 1
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    rows: list[dict[str, Any]] = []
    for number, (label, spans) in enumerate(figures.total.labels.items()):
        at, bars = 0, []
        for split in figures.splits:
            count = split.labels[label]
            if count:
                bars.append(
                    {
                        "split": split.split,
                        "spans": count,
                        "x": round(_LEFT + at * scale, 1),
                        "width": round(count * scale, 1),
                        "colour": _COLOURS[split.split],
                    }
                )
            at += count
        rows.append(
            {
                "label": label,
                "spans": spans,
                "y": _TOP + number * _STEP,
                "bars": bars,
                "end": round(_LEFT + at * scale, 1),
            }
        )
    return render_page(
        "dataset/card",
        "plot.svg.jinja",
        width=_WIDTH,
        height=_TOP + len(rows) * _STEP + 8,
        left=_LEFT,
        legend=[
            {"split": name, "x": _LEFT + number * _LEGEND, "colour": _COLOURS[name]}
            for number, name in enumerate(names)
        ],
        rows=rows,
    )

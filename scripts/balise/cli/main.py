"""The `balise` command: its groups, put together."""

import typer

from balise.cli import annotations, corpus, dataset, demo, doccano, model, tasks

app = typer.Typer(
    name="balise",
    help="French conflict news: articles → Doccano → spans → spaCy model → Hub dataset.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (corpus, tasks, doccano, annotations, model, dataset):
    app.add_typer(group.app)
demo.register(app)


def main() -> None:
    """Run the command line."""
    app()

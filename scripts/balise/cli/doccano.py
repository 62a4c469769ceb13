"""`balise doccano`: a server of our own, and what goes to it and comes back."""

import shlex
from typing import Annotated

import typer

from balise.cli import doccano_team, exchange
from balise.cli.common import AsJson, command, summarise
from balise.cli.database_url import DatabaseUrl, refuse_typed_password
from balise.cli.exchange import HOME, HomeDir
from balise.doccano import credentials, server

app = typer.Typer(
    name="doccano",
    help="Run Doccano on loopback; send tasks to it and bring readings back.",
    no_args_is_help=True,
)


@command(app, "up", example="balise doccano up --port 8000")
def up_command(
    context: typer.Context,
    home: HomeDir = HOME,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8000,
    database_url: DatabaseUrl = None,
    python: Annotated[
        str | None, typer.Option(help="The Python 3.8 to 3.11 that Doccano gets.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Install, start and check a Doccano bound to 127.0.0.1; one that runs is left alone."""
    refuse_typed_password(context, database_url)
    state = server.up(home, port, database_url, python)
    summarise(
        as_json,
        {"url": state.url, "user": credentials.ADMIN, "secrets": str(home / "secrets.json")},
        f"Doccano answers at {state.url}",
        f"Log in as {credentials.ADMIN}; its password is in {home / 'secrets.json'}",
        "Stop it with `balise doccano down"
        + ("`" if home == HOME else f" --home {shlex.quote(str(home))}`"),
    )


@command(app, "down", example="balise doccano down")
def down_command(home: HomeDir = HOME, as_json: AsJson = False) -> None:
    """Stop the Doccano of this folder; its data stays."""
    stopped = server.down(home)
    line = "Doccano is stopped" if stopped else f"No Doccano was running in {home}"
    summarise(as_json, {"stopped": stopped}, line)


exchange.register(app)
doccano_team.register(app)

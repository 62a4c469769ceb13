"""The option `--database-url`, and what may not stand in it."""

from typing import Annotated

import typer

from balise.doccano.database import has_password
from balise.errors import UsageError

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        envvar="BALISE_DATABASE_URL",
        help="PostgreSQL instead of SQLite; a password belongs in the variable.",
    ),
]


def refuse_typed_password(context: typer.Context, database_url: str | None) -> None:
    """Refuse a password in the option, where it was typed; the variable may hold one.

    Raises:
        UsageError: the option holds a password.
    """
    source = context.get_parameter_source("database_url")
    typed = source is not None and source.name == "COMMANDLINE"
    if typed and has_password(database_url or ""):
        raise UsageError(
            "--database-url",
            "holds a password, and arguments are seen by every user of the machine",
            "set BALISE_DATABASE_URL instead",
        )

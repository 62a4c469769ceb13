"""`balise doccano team`, `backup` and `restore`: a server for a team, and its data kept safe."""

import shlex
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import AsJson, command, progress, summarise
from balise.cli.database_url import DatabaseUrl, refuse_typed_password
from balise.cli.exchange import HOME, HomeDir
from balise.doccano.archive import Manifest
from balise.doccano.backup import backup
from balise.doccano.restore import restore
from balise.doccano.team.write import SECRETS, write_team


def register(app: typer.Typer) -> None:
    """Add the three to the group `balise doccano`."""
    command(app, "team", "balise doccano team --out team --host doccano.example.org")(team_command)
    command(app, "backup", "balise doccano backup --out doccano.zip")(backup_command)
    command(app, "restore", "balise doccano restore doccano.zip --home build/restored")(
        restore_command
    )


def team_command(
    out: Annotated[Path, typer.Option(help="Folder that the files go to.")],
    host: Annotated[str, typer.Option(help="The server's host name, without https://.")],
    as_json: AsJson = False,
) -> None:
    """Write out a team's server for Docker Compose: Doccano, PostgreSQL, TLS; secrets made once."""
    done = write_team(out, host)
    kept = sorted(SECRETS.keys() - set(done.made))
    folder = shlex.quote(str(out))
    summarise(
        as_json,
        {"out": str(out), "url": f"https://{host}", "made": done.made, "kept": kept},
        f"The files are in {out}; README.md there says what each setting protects",
        f"Secrets of mode 600 in {out / 'secrets'}: {len(done.made)} made, {len(kept)} kept",
        "",
        "Next, on a machine with Docker Compose:",
        f"  1. put fullchain.pem and privkey.pem into {out / 'tls'}, readable by user id "
        f"{done.owner}",
        f"  2. cd {folder} && docker compose up --detach --build --wait",
        f"  3. export BALISE_DOCCANO_URL=https://{host} "
        f'BALISE_DOCCANO_PASSWORD="$(cat {folder}/secrets/admin_password)"',
        "     and, for an authority of your own, BALISE_DOCCANO_CA; then balise doccano push",
    )


def backup_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The archive, a zip of mode 600.")],
    home: HomeDir = HOME,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Copy a server's data and secrets into one archive; the server may run."""
    refuse_typed_password(context, database_url)
    done = backup(home, out, database_url, lambda parts: progress(parts, "Backing up"))
    summarise(
        as_json,
        {"archive": str(out), **_values(done)},
        f"{out}: {_described(done)}",
        "It holds passwords, and so has mode 600; keep copies of it as closely",
    )


def restore_command(
    context: typer.Context,
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    home: HomeDir = HOME,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup into a new or empty folder, from which `balise doccano up` starts it."""
    refuse_typed_password(context, database_url)
    done = restore(archive, home, database_url, lambda parts: progress(parts, "Restoring"))
    summarise(
        as_json,
        {"home": str(home), **_values(done)},
        f"{home}: {_described(done)}",
        "Start it with `balise doccano up"
        + ("`" if home == HOME else f" --home {shlex.quote(str(home))}`"),
    )


def _values(manifest: Manifest) -> dict[str, object]:
    values: dict[str, object] = msgspec.to_builtins(manifest)
    return {**values, "parts": len(manifest.parts)}


def _described(manifest: Manifest) -> str:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[manifest.database]
    return (
        f"{manifest.documents} documents in {manifest.projects} projects ({kind}, as of "
        f"{manifest.made}), {len(manifest.parts)} files with their SHA-256"
    )

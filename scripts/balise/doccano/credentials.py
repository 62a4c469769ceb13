"""Secrets of a Doccano server: generated, kept in files of mode 600, never shown."""

import os
import secrets
import shlex
from pathlib import Path
from typing import TypeVar

import msgspec

from balise.errors import BaliseError
from balise.files import clear_rests, write_file
from balise.jsonl import encode_json, read_json

ADMIN = "admin"

Kind = TypeVar("Kind")


class ServerSecrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only the server's owner knows."""

    secret_key: str
    admin_password: str


def new_password() -> str:
    """Make a password of 144 random bits that Django's validators accept."""
    return f"b{secrets.token_urlsafe(18)}7"


def server_secrets(home: Path) -> ServerSecrets:
    """Read the secrets of the server in `home`, or generate and keep them.

    Raises:
        BaliseError: the file is broken, or others may read it.
    """
    path = home / "secrets.json"
    if path.exists():
        return _read_private(path, ServerSecrets)
    made = ServerSecrets(secrets.token_urlsafe(48), new_password())
    write_file(path, encode_json(made), mode=0o600)
    return made


class Logins:
    """The annotators' passwords of one server, in `<home>/logins.json`.

    One process at a time may create some: `locked` on the home keeps others away.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "logins.json"
        self._passwords: dict[str, str] = (
            _read_private(self._path, dict[str, str]) if self._path.exists() else {}
        )

    @property
    def path(self) -> Path:
        """Where the passwords are kept."""
        return self._path

    def password(self, user: str) -> str:
        """Look an annotator's password up.

        Raises:
            BaliseError: the file does not hold this annotator.
        """
        if user not in self._passwords:
            raise BaliseError(self._path, f"no password of {user!r}", "push the batch again")
        return self._passwords[user]

    def create(self, user: str) -> str:
        """Generate an annotator's password and keep it before anyone uses it."""
        password = new_password()
        self._passwords[user] = password
        clear_rests([self._path])
        write_file(self._path, encode_json(self._passwords), mode=0o600)
        return password


def admin_password(home: Path) -> str:
    """Find the admin's password: `BALISE_DOCCANO_PASSWORD`, or the file of a server of ours.

    Raises:
        BaliseError: neither is there.
    """
    if password := os.environ.get("BALISE_DOCCANO_PASSWORD"):
        return password
    path = home / "secrets.json"
    if not path.exists():
        raise BaliseError(
            path,
            "no admin password here",
            "start a server with `balise doccano up`, or set BALISE_DOCCANO_URL, "
            "BALISE_DOCCANO_USER and BALISE_DOCCANO_PASSWORD for a server that runs elsewhere",
        )
    return server_secrets(home).admin_password


def refuse_shared(path: Path) -> None:
    """Refuse a file of secrets that others than its owner may read.

    Raises:
        BaliseError: they may.
    """
    if path.stat().st_mode & 0o077:
        remedy = f"run `chmod 600 {shlex.quote(str(path))}`"
        raise BaliseError(path, "others may read these secrets", remedy)


def _read_private(path: Path, type_: type[Kind]) -> Kind:
    refuse_shared(path)
    return read_json(path, type_)

"""PostgreSQL's own programs, called for a database that a URL names.

A password goes to them in the environment, never in an argument.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from balise.doccano.database import check_database
from balise.errors import BaliseError


class Database(NamedTuple):
    """A database: its URL without a password, and the password apart."""

    url: str
    password: str | None

    def __repr__(self) -> str:
        return f"Database({self.url!r})"


def database(url: str) -> Database:
    """Part a URL from its password.

    Raises:
        UsageError: Doccano could not use the URL.
    """
    check_database(url)
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    user = login.partition(":")[0]
    query = parse_qsl(parts.query, keep_blank_values=True)
    password = (
        unquote(parts.password) if parts.password is not None else dict(query).get("password")
    )
    kept = urlencode([(key, value) for key, value in query if key != "password"])
    return Database(urlunsplit(parts._replace(netloc=f"{user}{at}{host}", query=kept)), password)


def dump(source: Database, to: Path) -> None:
    """Dump a database, as it is at one moment, into a file of PostgreSQL's custom format.

    Raises:
        BaliseError: pg_dump is missing or fails.
    """
    _run("pg_dump", source, "--format=custom", f"--file={to}")


def restore(target: Database, dump_file: Path) -> None:
    """Fill a database that holds no tables from a dump: all of it or nothing.

    Raises:
        BaliseError: it holds tables, or psql or pg_restore is missing or fails.
    """
    query = "select count(*) from pg_stat_user_tables"
    if found := int(ask(target, query)):
        raise BaliseError(
            target.url,
            f"holds {found} tables already",
            "create an empty database and name that; what is there stays",
        )
    words = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", target, *words, str(dump_file))


def ask(target: Database, query: str) -> str:
    """Return the answer to a query, columns parted by a bar.

    Raises:
        BaliseError: psql is missing or fails.
    """
    return _run("psql", target, "--no-psqlrc", "-At", "-v", "ON_ERROR_STOP=1", "-c", query).strip()


def _run(program: str, target: Database, *words: str) -> str:
    if (path := shutil.which(program)) is None:
        raise BaliseError(
            program, "is not on the PATH", "install PostgreSQL's client (postgresql-client)"
        )
    environ = dict(os.environ)
    if target.password is not None:
        environ["PGPASSWORD"] = target.password
    done = subprocess.run(  # noqa: S603 - arguments of our own making
        [path, "--no-password", f"--dbname={target.url}", *words],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise BaliseError(
            target.url,
            f"{program} failed ({last})",
            "check that the server runs, the login and the version of PostgreSQL's client",
        )
    return done.stdout

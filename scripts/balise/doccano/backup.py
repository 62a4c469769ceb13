"""The data of a Doccano that balise runs, copied into one archive while it runs, or not.

In it are the database, uploaded files, and the secrets without which nobody could log in again:
the archive is its owner's alone. Exports (zips at the top of `media/`) can be made again and
logs are the machine's: both stay behind.
"""

import contextlib
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from balise.doccano import postgres
from balise.doccano.archive import MANIFEST, Manifest, add_manifest, add_part, replacing
from balise.doccano.environment import DOCCANO
from balise.doccano.server import running
from balise.errors import BaliseError, UsageError

SQLITE = "db.sqlite3"
DUMP = "database.dump"

_PRIVATE = ("secrets.json", "logins.json")
_COUNTS = "select (select count(*) from projects_project), (select count(*) from examples_example)"

Sources = Iterable[tuple[str, Path]]


def backup(
    home: Path,
    out: Path,
    database_url: str | None = None,
    track: Callable[[Sources], Sources] = iter,
) -> Manifest:
    """Copy the data of the Doccano in `home` into the archive `out`, which gets mode 600.

    The database is copied as it is at one moment: SQLite by its online backup, PostgreSQL by
    pg_dump. A server that runs knows its database; without one it is the URL's, or `home`'s own.

    Raises:
        UsageError: `out` is a file that is no backup, or the server runs on another database
            than the URL's.
        BaliseError: `home` holds no Doccano, its database cannot be read, or `out` cannot be
            written; an older backup of this name stands as it was.
    """
    _refuse_foreign(out)
    url = _database_url(home, database_url)
    source = postgres.database(url) if url else None
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory(prefix="balise-backup-") as scratch:
        copy = Path(scratch) / (DUMP if source else SQLITE)
        with replacing(out) as file, zipfile.ZipFile(file, "w") as archive:
            parts = {
                name: add_part(archive, name, path)
                for name, path in track(_sources(home, source, copy))
            }
            projects, documents = _count(source, copy)
            manifest = Manifest(
                doccano=DOCCANO,
                database="postgresql" if source else "sqlite",
                made=made,
                projects=projects,
                documents=documents,
                parts=parts,
            )
            add_manifest(archive, manifest)
    return manifest


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if zipfile.is_zipfile(out):
        with zipfile.ZipFile(out) as archive:
            if MANIFEST in archive.namelist():
                return
    raise UsageError("--out", f"{out} exists and is no backup", "name another file")


def _database_url(home: Path, given: str | None) -> str | None:
    """Return the URL of a PostgreSQL database, or None for the SQLite of `home`."""
    if (served := _served(home)) is None:
        return given
    if given and given != served:
        raise UsageError(
            "--database-url",
            f"is not the database on which the server of {home} runs",
            "leave it out: the server knows its own",
        )
    return None if served.startswith("sqlite:") else served


def _served(home: Path) -> str | None:
    """Read from the server that runs which database it uses; None where none runs."""
    if (state := running(home)) is None:
        return None
    # It may end just now, or be another user's, which does not show its environment.
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{state.web.pid}/environ").read_text("utf-8").split("\0"):
            if line.startswith("DATABASE_URL="):
                return line.removeprefix("DATABASE_URL=")
    return None


def _sources(
    home: Path, source: postgres.Database | None, copy: Path
) -> Iterator[tuple[str, Path]]:
    """Yield the database first: files that came after it harm nobody, files that lack would."""
    if source:
        postgres.dump(source, copy)
    else:
        _copy_sqlite(home / SQLITE, copy)
    yield copy.name, copy
    media = home / "media"
    exports = set(media.glob("*.zip"))
    for path in (*(home / name for name in _PRIVATE), *sorted(media.rglob("*"))):
        if path.is_file() and path not in exports:
            yield path.relative_to(home).as_posix(), path


def _copy_sqlite(path: Path, to: Path) -> None:
    if not path.exists():
        raise BaliseError(
            path,
            "no SQLite database here",
            "name the server's folder with --home; where its data is in PostgreSQL, set "
            "BALISE_DATABASE_URL as for `balise doccano up`",
        )
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target, sleep=0.02)
            [check] = target.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        check = str(error)
    if check != "ok":
        raise BaliseError(path, f"cannot be copied ({check})", "restore an older backup")


def _count(source: postgres.Database | None, copy: Path) -> tuple[int, int]:
    """Count projects and documents, so that a backup of the wrong database is seen."""
    if source:
        projects, documents = postgres.ask(source, _COUNTS).split("|")
        return int(projects), int(documents)
    try:
        with closing(sqlite3.connect(copy)) as database:
            projects, documents = database.execute(_COUNTS).fetchone()
    except sqlite3.Error as error:
        raise BaliseError(
            SQLITE, f"is no Doccano's ({error})", "name the server's folder with --home"
        ) from error
    return projects, documents

"""A backup, put back into a folder from which `balise doccano up` starts it."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from balise.doccano import postgres
from balise.doccano.archive import Manifest, opened, unpack
from balise.doccano.backup import DUMP
from balise.doccano.server import running
from balise.errors import BaliseError, UsageError


def restore(
    archive: Path,
    home: Path,
    database_url: str | None = None,
    track: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Manifest:
    """Put a backup into `home`, and one of PostgreSQL into the URL's database; both hold nothing.

    Every part is checked against the manifest before any is put in its place. What fails leaves
    `home` and the database as they were.

    Raises:
        UsageError: the backup is of PostgreSQL and no URL is given, or of SQLite and one is.
        BaliseError: `home` or the database holds data, or the backup is damaged.
    """
    _refuse_data(home)
    with opened(archive) as (file, manifest):
        target = _target(manifest, database_url)
        aside = _aside(home)
        try:
            for name in track(list(manifest.parts)):
                unpack(file, name, manifest.parts[name], aside)
            if target is not None:
                postgres.restore(target, aside / DUMP)
                (aside / DUMP).unlink()
            aside.replace(home.resolve())
        except OSError as error:
            raise BaliseError(
                home,
                f"cannot be written ({error.strerror})",
                "free some space or choose another folder with --home",
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _refuse_data(home: Path) -> None:
    if running(home) is not None:
        raise BaliseError(
            home, "a Doccano runs here", "choose a new folder with --home; this one stays as it is"
        )
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BaliseError(
            home, "is not empty", "choose a new folder with --home; what is there stays"
        )


def _target(manifest: Manifest, url: str | None) -> postgres.Database | None:
    if manifest.database == "sqlite":
        if url:
            raise UsageError(
                "--database-url",
                "the backup is of SQLite",
                "leave it out, and unset BALISE_DATABASE_URL",
            )
        return None
    if not url:
        raise UsageError(
            "--database-url",
            "the backup is of PostgreSQL",
            "set BALISE_DATABASE_URL to an empty database",
        )
    return postgres.database(url)


def _aside(home: Path) -> Path:
    try:
        home.resolve().parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=home.resolve().parent, prefix=f".{home.name}."))
    except OSError as error:
        raise BaliseError(
            home, f"cannot be made ({error.strerror})", "choose another folder with --home"
        ) from error

"""A backup holds what the server held at one moment, and comes back whole or not at all."""

import json
import os
import sqlite3
import stat
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from balise.batches import load_batch
from balise.cli.main import app
from balise.doccano.backup import backup
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins, server_secrets
from balise.doccano.postgres import database
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.restore import restore
from balise.doccano.server import down, running, up
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from small_batch import SmallBatch

SignIn = Callable[[str], Server]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the folder of a server that does not run: as many documents as projects."""
    home = tmp_path / "small"
    (home / "media" / "kT3").mkdir(parents=True)
    (home / "media" / "kT3" / "x.jsonl").write_text("téléversé", "utf-8")
    (home / "media" / "export.zip").write_bytes(b"export")
    server_secrets(home)
    Logins(home).create("anne")
    (home / "web.log").write_text("log")
    with closing(sqlite3.connect(home / "db.sqlite3")) as made, made:
        made.execute("pragma journal_mode=wal")
        made.execute("create table projects_project (id integer, content text)")
        made.execute("create table examples_example (id integer, content text)")
    return home


def add_rows(home: Path, number: int) -> None:
    with closing(sqlite3.connect(home / "db.sqlite3", timeout=60)) as made, made:
        for table in ("projects_project", "examples_example"):
            made.execute(f"insert into {table} values (?, ?)", (number, "é" * 4000))


def rows(home: Path) -> list[list[tuple[int, str]]]:
    with closing(sqlite3.connect(home / "db.sqlite3")) as made:
        return [
            made.execute(f"select id, content from {table} order by id").fetchall()
            for table in ("projects_project", "examples_example")
        ]


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.doccano
def test_readings_come_back_from_a_backup_made_while_the_server_runs(
    home: Path,
    make: Callable[..., SmallBatch],
    server: Server,
    logins: Logins,
    sign_in: SignIn,
    labels: LabelScheme,
    tmp_path: Path,
) -> None:
    batch = make("sauvegarde", ["sylvie"])
    push(batch.make(), server, logins, labels)
    project = server.require_project("sauvegarde.sylvie")
    replay(sign_in("sylvie"), project, batch.readings)
    server.export_archive(project, confirmed_only=False)
    made = backup(home, tmp_path / "copie.zip")
    assert stat.S_IMODE((tmp_path / "copie.zip").stat().st_mode) == 0o600
    assert (made.database, made.doccano) == ("sqlite", "1.8.4")
    assert made.documents >= 3
    assert any(name.startswith("media/") for name in made.parts)
    assert not any(name.endswith((".zip", ".log")) for name in made.parts)
    with pytest.raises(BaliseError, match="a Doccano runs here"):
        restore(tmp_path / "copie.zip", home)

    other = tmp_path / "rendu"
    assert restore(tmp_path / "copie.zip", other) == made
    assert (other / "logins.json").read_bytes() == logins.path.read_bytes()
    up(other, port=0)
    try:
        state = running(other)
        assert state is not None
        again = Server(state.url, "sylvie", Logins(other).password("sylvie"))
        assert again.require_project("sauvegarde.sylvie") == project
        pull(load_batch(batch.folder), connect(other), batch.articles, labels, batch.annotations)
    finally:
        down(other)
    came = read_jsonl(batch.annotations / "sauvegarde" / "sylvie.jsonl", Annotation)
    assert [one.spans for one in came] == [one.spans for one in batch.readings]


def test_a_backup_holds_data_uploads_and_secrets_and_comes_back_as_it_was(
    small: Path, tmp_path: Path
) -> None:
    add_rows(small, 1)
    made = backup(small, tmp_path / "copie.zip")
    assert (made.projects, made.documents) == (1, 1)
    other = tmp_path / "rendu"
    other.mkdir()
    restore(tmp_path / "copie.zip", other)
    left = {"media/export.zip", "web.log"}
    # SQLite counts its own writes in the file's head, and so differs there.
    here, there = files(small), files(other)
    assert rows(small) == rows(other)
    assert here.pop("db.sqlite3")[100:] == there.pop("db.sqlite3")[100:]
    assert there == {name: content for name, content in here.items() if name not in left}
    assert set(there) == {"secrets.json", "logins.json", "media/kT3/x.jsonl"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in other.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert server_secrets(other) == server_secrets(small)


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    small: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            add_rows(small, number)
            # Doccano's users pause too; without one the lock might never be free.
            time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(8):
            made = backup(small, tmp_path / "copie.zip")
            assert made.projects == made.documents
            counts.append(made.documents)
            restore(tmp_path / "copie.zip", tmp_path / f"rendu-{number}")
            projects, documents = rows(tmp_path / f"rendu-{number}")
            assert projects == documents
            assert [id_ for id_, _ in documents] == list(range(1, made.documents + 1))
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_folder_that_holds_anything_is_left_alone(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copie.zip")
    before = files(small)
    with pytest.raises(BaliseError, match=r"is not empty.*--home"):
        restore(tmp_path / "copie.zip", small)
    with pytest.raises(BaliseError, match="is not empty"):
        restore(tmp_path / "copie.zip", tmp_path / "copie.zip")
    assert files(small) == before


def test_whatever_byte_is_wrong_nothing_is_put_in_place(small: Path, tmp_path: Path) -> None:
    add_rows(small, 1)
    whole = tmp_path / "copie.zip"
    backup(small, whole)
    content = whole.read_bytes()
    restore(whole, tmp_path / "whole")
    random = Random(0)
    refused = 0
    for number in range(300):
        place = random.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= 1 << random.randrange(8)
        broken = tmp_path / "damaged.zip"
        broken.write_bytes(damaged if number % 3 else content[:place])
        other = tmp_path / f"rendu-{number}"
        try:
            restore(broken, other)
        except BaliseError:
            refused += 1
            assert not other.exists()
        else:
            # A bit that says nothing of the content: a time, a comment, a mode.
            assert files(other) == files(tmp_path / "whole")
    assert refused > 200
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "media/../../evil"])
def test_a_part_that_would_lie_elsewhere_is_refused(name: str, small: Path, tmp_path: Path) -> None:
    made = backup(small, tmp_path / "copie.zip")
    manifest = {"format": 1, "doccano": made.doccano, "database": "sqlite", "made": made.made}
    manifest |= {"projects": 0, "documents": 0, "parts": {name: "0" * 64}}
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr(name, "x")
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(BaliseError, match="would lie outside the folder"):
        restore(tmp_path / "evil.zip", tmp_path / "in" / "rendu")
    assert not (tmp_path / "in" / "rendu").exists()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"doccano": "1.9.0"}, r"is of Doccano 1\.9\.0.*1\.8\.4"),
        ({"format": 2}, "manifest"),
        ({"database": "mysql"}, "manifest"),
    ],
)
def test_a_backup_of_another_time_is_named(
    change: dict[str, object], message: str, small: Path, tmp_path: Path
) -> None:
    backup(small, tmp_path / "copie.zip")
    with zipfile.ZipFile(tmp_path / "copie.zip") as archive:
        manifest = json.loads(archive.read("manifest.json")) | change
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(BaliseError, match=message):
        restore(tmp_path / "other.zip", tmp_path / "rendu")


def test_an_older_backup_is_replaced_and_another_file_is_not(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copie.zip")
    add_rows(small, 1)
    assert backup(small, tmp_path / "copie.zip").documents == 1
    other = tmp_path / "notes.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("notes.txt", "x")
    before = other.read_bytes()
    for path in (other, small / "secrets.json"):
        with pytest.raises(UsageError, match="is no backup"):
            backup(small, path)
    assert other.read_bytes() == before


def test_a_backup_that_fails_leaves_the_older_one(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "copie.zip"
    backup(small, out)
    before = out.read_bytes()
    path = small / "db.sqlite3"
    content = bytearray(path.read_bytes())
    content[0:16] = b"not a database. "
    path.write_bytes(content)
    with pytest.raises(BaliseError, match=r"db\.sqlite3: cannot be copied"):
        backup(small, out)
    path.unlink()
    with pytest.raises(BaliseError, match=r"no SQLite database here.*BALISE_DATABASE_URL"):
        backup(small, out)
    with closing(sqlite3.connect(path)) as empty:
        empty.execute("create table t (id)")
    with pytest.raises(BaliseError, match="is no Doccano's"):
        backup(small, out)
    assert out.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_url_and_the_kind_of_the_backup_must_agree(small: Path, tmp_path: Path) -> None:
    backup(small, tmp_path / "copie.zip")
    url = "postgresql://balise@127.0.0.1:9/none?sslmode=disable"
    with pytest.raises(UsageError, match="the backup is of SQLite"):
        restore(tmp_path / "copie.zip", tmp_path / "rendu", url)
    assert not (tmp_path / "rendu").exists()


@pytest.mark.parametrize(
    ("url", "bare", "password"),
    [
        (
            "postgresql://u:p%40ss@h:5432/d?sslmode=disable",
            "postgresql://u@h:5432/d?sslmode=disable",
            "p@ss",
        ),
        (
            "postgres://u@h/d?password=p%40&sslmode=require",
            "postgres://u@h/d?sslmode=require",
            "p@",
        ),
        ("postgresql://h/d?sslmode=disable", "postgresql://h/d?sslmode=disable", None),
    ],
)
def test_a_password_is_parted_from_its_url(url: str, bare: str, password: str | None) -> None:
    found = database(url)
    assert (found.url, found.password) == (bare, password)
    assert not password or password not in repr(found)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a pg_dump and a psql on the PATH that note how they are called, and fail."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pg_dump", "psql"):
        (folder / name).write_text(
            f'#!/bin/sh\necho "$0 $@" >> {folder}/calls\necho "$PGPASSWORD" >> {folder}/given\n'
            "echo 'error: no such host' >&2\nexit 1\n"
        )
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def test_a_password_goes_to_postgresqls_programs_and_into_no_argument(
    small: Path, programs: Path, tmp_path: Path
) -> None:
    url = "postgresql://u:mot-de-passe@127.0.0.1:9/d?sslmode=disable"
    with pytest.raises(BaliseError, match=r"pg_dump failed .error: no such host") as caught:
        backup(small, tmp_path / "copie.zip", url)
    assert "mot-de-passe" not in str(caught.value)
    assert "mot-de-passe" not in (programs / "calls").read_text()
    assert (programs / "given").read_text() == "mot-de-passe\n"
    assert not (tmp_path / "copie.zip").exists()


def test_a_missing_pg_dump_is_named_with_its_package(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    url = "postgresql://u@127.0.0.1:9/d?sslmode=disable"
    with pytest.raises(BaliseError, match=r"pg_dump: is not on the PATH.*postgresql-client"):
        backup(small, tmp_path / "copie.zip", url)


def test_the_commands_say_what_they_did_and_show_no_secret(small: Path, tmp_path: Path) -> None:
    add_rows(small, 1)
    out = str(tmp_path / "copie.zip")
    made = CliRunner().invoke(app, ["doccano", "backup", "--out", out, "--home", str(small)])
    assert made.exit_code == 0
    assert "1 documents in 1 projects (SQLite" in made.output
    target = str(tmp_path / "rendu")
    put = CliRunner().invoke(app, ["doccano", "restore", out, "--home", target, "--json"])
    assert put.exit_code == 0
    assert json.loads(put.output)["documents"] == 1
    for value in (*json.loads((small / "secrets.json").read_text()).values(), "anne"):
        assert value not in made.output + put.output
    typed = ["doccano", "backup", "--out", out, "--database-url", "postgresql://u:p@h/d"]
    assert CliRunner().invoke(app, typed).exit_code == 2

"""The same round trip with PostgreSQL behind Doccano, which a team's server has."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, running, up
from balise.errors import BaliseError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano


def run_as_postgres(*call: str | Path) -> None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    user = "postgres" if os.getuid() == 0 else None
    subprocess.run([str(word) for word in call], user=user, check=True, cwd="/")


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert folders, "install Debian's postgresql: `make test` does it where it may"
    data = tmp_path_factory.mktemp("postgresql")
    if os.getuid() == 0:
        # The session's folder is root's alone, and the server must reach its data below it.
        data = Path(f"/tmp/balise-postgresql-{os.getpid()}")
        data.mkdir(mode=0o700)
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
    cluster = data / "cluster"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    programs = folders[-1]
    initdb = [programs / "initdb", "-D", cluster, "-U", "balise", "-A", "trust", "--no-sync"]
    control = [programs / "pg_ctl", "-D", cluster, "-l", data / "log", "-w"]
    options = f"-h 127.0.0.1 -p {port} -k {data} -F"
    run_as_postgres(*initdb)
    run_as_postgres(*control, "-o", options, "start")
    try:
        yield f"postgresql://balise@127.0.0.1:{port}/postgres?sslmode=disable"
    finally:
        run_as_postgres(*control, "-m", "fast", "stop")
        shutil.rmtree(data)


def test_readings_survive_a_round_trip_over_postgresql_and_a_restart(
    database_url: str,
    tmp_path: Path,
    make: Callable[..., SmallBatch],
    labels: LabelScheme,
) -> None:
    home = tmp_path / "home"
    batch = make("postgres")
    batch.make()
    up(home, port=0, database_url=database_url)
    try:
        push(batch.folder, connect(home), Logins(home), labels)
        assert not (home / "db.sqlite3").exists()
        down(home)
        state = up(home, port=0, database_url=database_url)
        assert state == running(home)
        session = Server(state.url, "anne", Logins(home).password("anne"))
        replay(session, session.require_project("postgres.anne"), batch.readings)
        pull(load_batch(batch.folder), connect(home), batch.articles, labels, batch.annotations)
        came = read_jsonl(batch.annotations / "postgres" / "anne.jsonl", Annotation)
        assert [one.spans for one in came] == [one.spans for one in batch.readings]
    finally:
        down(home)


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = "postgresql://balise@127.0.0.1:9/none?sslmode=disable"
    with pytest.raises(BaliseError, match="database could not be prepared"):
        up(tmp_path / "home", port=0, database_url=url)
    assert running(tmp_path / "home") is None

"""The same round trip with PostgreSQL behind Doccano, which a team's server has."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balise.batches import load_batch
from balise.doccano.backup import backup
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.restore import restore
from balise.doccano.server import down, running, up
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation, Span
from postgresql import Cluster, running_cluster
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster("mot:de/passe@") as started:
        yield started


def test_readings_survive_a_round_trip_over_postgresql_and_a_backup_put_back(
    cluster: Cluster,
    tmp_path: Path,
    make: Callable[..., SmallBatch],
    labels: LabelScheme,
) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    database_url, url = cluster.create("un"), cluster.create("deux")
    batch = make("postgres")
    batch.make()
    state = up(home, port=0, database_url=database_url)
    try:
        assert state == running(home)
        push(batch.folder, connect(home), Logins(home), labels)
        assert not (home / "db.sqlite3").exists()
        session = Server(state.url, "anne", Logins(home).password("anne"))
        replay(session, session.require_project("postgres.anne"), batch.readings)
        pull(load_batch(batch.folder), connect(home), batch.articles, labels, batch.annotations)
        assert _came(batch) == [one.spans for one in batch.readings]
        with pytest.raises(UsageError, match="is not the database on which the server"):
            backup(home, tmp_path / "copie.zip", url)
        made = backup(home, tmp_path / "copie.zip")
        assert (made.database, made.documents) == ("postgresql", 3)
    finally:
        down(home)
    assert backup(home, tmp_path / "arret.zip", database_url).documents == 3
    with pytest.raises(UsageError, match="set BALISE_DATABASE_URL to an empty database"):
        restore(tmp_path / "copie.zip", other)
    with pytest.raises(BaliseError, match=r"holds [0-9]+ tables already") as caught:
        restore(tmp_path / "copie.zip", other, database_url)
    assert "mot" not in str(caught.value)
    assert not other.exists()
    assert restore(tmp_path / "copie.zip", other, url) == made
    shutil.rmtree(batch.annotations)
    # It finds its tables and its admin there, as after a restart.
    up(other, port=0, database_url=url)
    try:
        pull(load_batch(batch.folder), connect(other), batch.articles, labels, batch.annotations)
    finally:
        down(other)
    assert _came(batch) == [one.spans for one in batch.readings]
    assert not list(other.glob("*.dump"))


def _came(batch: SmallBatch) -> list[tuple[Span, ...]]:
    readings = read_jsonl(batch.annotations / "postgres" / "anne.jsonl", Annotation)
    return [one.spans for one in readings]


def test_a_cluster_that_was_killed_comes_back_with_what_was_committed(cluster: Cluster) -> None:
    cluster.create("tue")
    cluster.query("tue", "create table t as select generate_series(1, 1000) as n")
    cluster.kill()
    with pytest.raises(subprocess.CalledProcessError):
        cluster.query("tue", "select 1")
    cluster.start()
    assert cluster.query("tue", "select sum(n) from t") == "500500"


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = "postgresql://balise@127.0.0.1:9/none?sslmode=disable"
    with pytest.raises(BaliseError, match="database could not be prepared"):
        up(tmp_path / "home", port=0, database_url=url)
    assert running(tmp_path / "home") is None

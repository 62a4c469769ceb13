"""An import writes to SQLite for seconds and an export reads for seconds; nobody waits for them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from balise.doccano.client import Server

pytestmark = pytest.mark.doccano


def test_who_writes_for_long_refuses_no_reader(home: Path, server: Server) -> None:
    with closing(sqlite3.connect(home / "db.sqlite3", isolation_level=None)) as worker:
        worker.execute("begin exclusive")
        assert server.projects() == server.projects()
        worker.execute("rollback")


def test_who_reads_for_long_refuses_no_writer(home: Path, server: Server) -> None:
    with closing(sqlite3.connect(home / "db.sqlite3", isolation_level=None)) as worker:
        worker.execute("begin")
        [before] = worker.execute("select count(*) from projects_project").fetchone()
        made = server.create_project("lecture-longue", "essai", "essai")
        [meanwhile] = worker.execute("select count(*) from projects_project").fetchone()
        worker.execute("commit")
        [after] = worker.execute("select count(*) from projects_project").fetchone()
    server.delete_project(made)
    assert (meanwhile, after) == (before, before + 1)

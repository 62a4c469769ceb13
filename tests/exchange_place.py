"""A fresh Doccano with a large batch beside it, where balise and its peers are timed."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from doccano_client import DoccanoClient

from balise.doccano.credentials import ADMIN, admin_password
from balise.doccano.server import down, up
from large_batch import LABELS, LargeBatch
from postgresql import Cluster, running_cluster
from processor import processor_seconds
from raw_doccano import RawDoccano

_MEASURED = Path(__file__).with_name("measured_balise.py")
_CONFIRM_ALL = (
    "insert into examples_examplestate (example_id, confirmed_by_id, confirmed_at) "
    "select id, (select min(id) from auth_user), '2026-01-01 00:00:00' from examples_example"
)
_POSTMASTER = "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"


class Run(NamedTuple):
    """One run: wall time, and processor time of client, server and database together (seconds).

    Of balise also its own processor time and its peak of memory (MB).
    """

    seconds: float
    processor: float
    own: float = 0.0
    peak: float = 0.0


class Place:
    """A server that was just started, with the folders of a batch of `count` articles."""

    def __init__(self, root: Path, count: int, cluster: Cluster | None) -> None:
        self.home = root / "home"
        self.count = count
        self.batch = LargeBatch(root, count)
        self._cluster = cluster
        # The server's processes are children of this one, those of PostgreSQL are not.
        self._processes = [os.getpid()]
        if cluster:
            self._processes.append(int(cluster.query("postgres", _POSTMASTER)))
        state = up(self.home, port=0, database_url=cluster.url if cluster else None)
        self.url = state.url
        self.raw = RawDoccano(self.url, ADMIN, admin_password(self.home))
        self.client = DoccanoClient(self.url)
        self.client.login(ADMIN, admin_password(self.home))

    def confirm_all(self) -> None:
        """Confirm every document of the server: by REST it would be a call a document."""
        if self._cluster:
            self._cluster.query("postgres", _CONFIRM_ALL)
        else:
            with sqlite3.connect(self.home / "db.sqlite3") as database:
                database.execute(_CONFIRM_ALL)

    def timed(self, what: str, work: Callable[[], Any]) -> tuple[Run, Any]:
        """Run a function; show and give what it took, and give its result."""
        start, processor = perf_counter(), processor_seconds(self._processes)
        result = work()
        run = Run(perf_counter() - start, processor_seconds(self._processes) - processor)
        load = os.getloadavg()[0]
        print(
            f"  {what:36} {run.seconds:7.1f} s, processor {run.processor:6.1f} s, load {load:.1f}",
            flush=True,
        )
        return run, result

    def balise(self, command: str, name: str) -> tuple[Run, Any]:
        """Run `balise doccano push` or `pull` on a batch; give its figures and its JSON."""
        folders = {"--tasks": self.batch.tasks, "--home": self.home, "--labels": LABELS}
        if command == "pull":
            folders |= {"--corpus": self.batch.corpus, "--annotations": self.batch.annotations}
        words = [str(word) for pair in folders.items() for word in pair]
        call = [sys.executable, "-P", str(_MEASURED), "doccano", command, name, "--json", *words]
        environ = {key: value for key, value in os.environ.items() if not key.startswith("BALISE_")}
        run, done = self.timed(
            f"balise {command} {name}",
            lambda: subprocess.run(call, env=environ, capture_output=True, text=True, check=False),
        )
        assert done.returncode == 0, done.stderr
        needs = json.loads(done.stderr.splitlines()[-1])
        return run._replace(own=needs["cpu"], peak=needs["peak"]), json.loads(done.stdout)


@contextmanager
def fresh_place(root: Path, count: int, database: str) -> Iterator[Place]:
    """Start a server over SQLite or PostgreSQL, and stop it at the end."""
    if database == "PostgreSQL":
        with running_cluster() as cluster:
            yield from _started(root, count, cluster)
    else:
        yield from _started(root, count, None)


def _started(root: Path, count: int, cluster: Cluster | None) -> Iterator[Place]:
    try:
        yield Place(root, count, cluster)
    finally:
        down(root / "home")

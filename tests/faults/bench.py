"""A Doccano behind a faulty proxy, and `balise` as a process of its own that meets the faults."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins, admin_password
from balise.doccano.processes import Process, alive
from balise.doccano.server import ServerState, down, up
from balise.jsonl import write_json
from faults.proxy import Request, Rule, faulty
from large_batch import LABELS

Victim = Literal["web", "worker", "balise"]
KILLING = Path(__file__).with_name("killing_balise.py")
PATIENCE = 600


class Outcome(NamedTuple):
    """How a run of `balise` ended: its exit code (-9 where it was killed), and what it said."""

    code: int
    out: str
    err: str
    seen: list[Request]

    @property
    def kind(self) -> str:
        """One word for it; a failure must be a message, never a traceback."""
        assert "Traceback" not in self.err, self.err
        if self.code == -signal.SIGKILL:
            return "killed"
        if self.code == 1:
            assert self.err.startswith("balise: "), self.err
            return "message"
        assert (self.code, self.err) == (0, ""), self
        return "done"


class Bench:
    """A server in `home`; the home that `balise` is given names the proxy as the server."""

    def __init__(self, root: Path) -> None:
        self.home = root / "server"
        self.client = root / "client"
        self.state: ServerState = up(self.home, port=0)
        self.client.mkdir()
        shutil.copy2(self.home / "secrets.json", self.client)
        self._child: subprocess.Popen[str] | None = None

    def admin(self) -> Server:
        """Log in without the proxy."""
        return connect(self.home)

    def annotator(self, name: str) -> Server:
        """Log in as an annotator without the proxy, with the password that a push kept."""
        return Server(self.state.url, name, Logins(self.client).password(name))

    def recover(self) -> None:
        """Start again what was killed, as its owner would."""
        self.state = up(self.home, port=0)

    def close(self) -> None:
        """Stop the server."""
        down(self.home)

    def balise(
        self,
        *words: str | Path,
        rule: Rule = lambda _: None,
        remote: bool = False,
        certificate: Path | None = None,
        **environ: str,
    ) -> Outcome:
        """Run a command to its end through the proxy.

        A `remote` server is known by the environment alone; with a `certificate` it speaks TLS.
        """
        with faulty(self.state.url, rule, certificate) as proxy:
            if remote:
                password = admin_password(self.home)
                environ |= {"BALISE_DOCCANO_URL": proxy.url, "BALISE_DOCCANO_PASSWORD": password}
            state = msgspec.structs.replace(self.state, url=proxy.url)
            write_json(self.client / "server.json", state)
            self.refuse = proxy.close
            self._child = start_balise(self.client, *words, **environ)
            try:
                out, err = self._child.communicate(timeout=PATIENCE)
            finally:
                self._child.kill()
            return Outcome(self._child.returncode, out, err, proxy.seen)

    def strike(self, victim: Victim, how: str = "all") -> None:
        """Kill a victim with signal 9: all its processes, the first one or the children of that."""
        if victim == "balise":
            assert self._child is not None
            self._child.kill()
            return
        process = self.state.web if victim == "web" else self.state.worker
        if how == "all":
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        elif how == "first":
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        else:
            for child in children(process):
                os.kill(child, signal.SIGKILL)
            return
        await_(lambda: not alive(process))
        if victim == "web" and how == "all":
            self.refuse()

    def end_sessions(self) -> None:
        """End every login, as its age or another process's logout does."""
        with closing(sqlite3.connect(self.home / "db.sqlite3", timeout=60)) as database:
            database.execute("delete from django_session")
            database.commit()

    def documents(self) -> dict[int, int]:
        """Count the documents of each project in the server's database."""
        query = "select project_id, count(*) from examples_example group by project_id"
        with closing(sqlite3.connect(self.home / "db.sqlite3", timeout=60)) as database:
            return dict(database.execute(query))

    def limit_files(self, size: int) -> None:
        """Let no file of the server grow beyond a size; -1 takes the limit off."""
        for process in (self.state.web, self.state.worker):
            for pid in (process.pid, *children(process)):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def wait(self) -> None:
        """Wait until the run of `balise` that is going on has ended."""
        assert self._child is not None
        self._child.wait(PATIENCE)

    def groups(self, victim: Victim) -> str:
        """Name the process groups of a victim, for a run that kills them itself."""
        names = {"web": str(self.state.web.pid), "worker": str(self.state.worker.pid)}
        return names.get(victim, "")


def start_balise(home: Path, *words: str | Path, **environ: str) -> subprocess.Popen[str]:
    """Start `balise` with some words and the home of a server."""
    ours = {key: value for key, value in os.environ.items() if "DOCCANO" not in key}
    return subprocess.Popen(
        [sys.executable, "-P", KILLING, *words, "--home", home, "--labels", LABELS],
        env={**ours, **environ},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children(process: Process) -> list[int]:
    """List the children of a process."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def await_(ready: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.02)


@contextmanager
def bench_in(root: Path) -> Iterator[Bench]:
    """Start a bench, and stop its server at the end."""
    bench = Bench(root)
    try:
        yield bench
    finally:
        bench.close()

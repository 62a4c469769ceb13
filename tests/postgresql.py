"""A PostgreSQL cluster of Debian's programs: on loopback, for one test or module."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A cluster that runs; its superuser is `balise`."""

    def __init__(self, data: Path, programs: Path, password: str | None) -> None:
        self._data = data
        self._programs = programs
        self.password = password
        self.port = free_port()

    @property
    def url(self) -> str:
        """The URL of its first database, with the password where it has one."""
        return self.database("postgres")

    def database(self, name: str) -> str:
        """Write the URL of a database."""
        login = "balise" + (f":{quote(self.password, safe='')}" if self.password else "")
        return f"postgresql://{login}@127.0.0.1:{self.port}/{name}?sslmode=disable"

    def create(self, name: str) -> str:
        """Create an empty database and return its URL."""
        self.query("postgres", f"create database {name}")
        return self.database(name)

    def query(self, database: str, statement: str) -> str:
        """Run a statement, and return what it answers: rows of columns parted by a bar."""
        done = subprocess.run(
            [self._programs / "psql", "--no-psqlrc", "-Atc", statement, self.database(database)],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def start(self) -> None:
        """Start it, after `stop` or `kill` too: its data and its port stay."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._data} -F"
        self._control("-o", options, "start")

    def stop(self) -> None:
        """Stop it in order; whoever is connected is cut off."""
        self._control("-m", "fast", "stop")

    def kill(self) -> None:
        """Stop it as a power cut would: nothing is written any more."""
        self._control("-m", "immediate", "stop")

    def initialise(self) -> None:
        """Make its data."""
        call: list[str | Path] = ["-D", self._data / "cluster", "-U", "balise", "--no-sync"]
        if self.password:
            file = self._data / "password"
            file.write_text(self.password)
            _give(file)
            call += ["-A", "scram-sha-256", f"--pwfile={file}"]
        else:
            call += ["-A", "trust"]
        _run(self._programs / "initdb", *call)

    def _control(self, *words: str) -> None:
        where = ("-D", self._data / "cluster", "-l", self._data / "log", "-w")
        _run(self._programs / "pg_ctl", *where, *words)


@contextmanager
def running_cluster(password: str | None = None) -> Iterator[Cluster]:
    """Start a cluster and remove it at the end; without a password it trusts whoever connects."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert folders, "install Debian's postgresql: `make test` does it where it may"
    # Not below the session's folder: that is root's alone, and the server runs as another user.
    data = Path(tempfile.mkdtemp(prefix="balise-postgresql-", dir="/tmp"))
    _give(data)
    cluster = Cluster(data, folders[-1], password)
    try:
        cluster.initialise()
        cluster.start()
        yield cluster
    finally:
        if (data / "cluster" / "postmaster.pid").exists():
            cluster.kill()
        shutil.rmtree(data)


def _run(*call: str | Path) -> None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    user = "postgres" if os.getuid() == 0 else None
    done = subprocess.run(
        [str(word) for word in call],
        user=user,
        check=False,
        cwd="/",
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr


def _give(path: Path) -> None:
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(path, owner.pw_uid, owner.pw_gid)

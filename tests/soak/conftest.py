"""What the long tests of faults share: a server that may be killed, and a table of what was tried.

Each point tried becomes a line of `build/soak/points.jsonl`; `build/soak/faults.md` counts them.
"""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from faults.bench import Bench, bench_in
from faults.table import table
from faults.trial import Record, Tried

SOAK = Path(__file__).parents[2] / "build" / "soak"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin a new table, where the session is not a part of one that xdist spread."""
    if not hasattr(session.config, "workerinput"):
        (SOAK / "points.jsonl").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Start a Doccano with SQLite that the tests may kill."""
    with bench_in(tmp_path_factory.mktemp("bench")) as one:
        yield one


@pytest.fixture(scope="session")
def record() -> Record:
    """Enter what was tried in the table."""
    SOAK.mkdir(parents=True, exist_ok=True)

    def enter(tried: Tried) -> None:
        print(*tried, sep=" | ", flush=True)
        with (SOAK / "points.jsonl").open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(msgspec.json.encode(tried) + b"\n")
            file.seek(0)
            found = [msgspec.json.decode(line, type=Tried) for line in file]
            (SOAK / "faults.md").write_text(table(found), encoding="utf-8")

    return enter

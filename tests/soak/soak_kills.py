"""Kill -9 of Doccano's web process, its worker and balise itself, at points drawn by a seed.

`make soak` runs it; `BALISE_SOAK_SEED` draws other points.
"""

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from balise.doccano.server import down
from faults.bench import Bench, Victim
from faults.drives import AdjudicateDrive, Drive, PullDrive, PushDrive
from faults.points import Command, draw, writes
from faults.proxy import Fault
from faults.rules import once
from faults.trial import Record, Tried, finish, run_clean, try_point, try_write

SEED = int(os.environ.get("BALISE_SOAK_SEED", "0"))
LARGE = {"push": 300, "adjudicate": 40}
NUMBERS = {
    "push": {"opening": 2, "upload": 5, "import": 5, "read-back": 5, "admission": 2},
    "pull": {"opening": 3, "read-back": 12},
    "adjudicate": {"opening": 2, "upload": 5, "import": 5, "read-back": 5, "admission": 2},
}
WRITES = 5


def make_drive(command: Command, bench: Bench, root: Path) -> Drive:
    if command == "pull":
        return PullDrive(bench, root)
    kinds = {"push": PushDrive, "adjudicate": AdjudicateDrive}
    return kinds[command](bench, root, LARGE[command])


@pytest.mark.parametrize("victim", get_args(Victim))
@pytest.mark.parametrize("command", get_args(Command))
def test_what_was_killed_is_run_again_and_all_is_exact(
    victim: Victim, command: Command, bench: Bench, tmp_path: Path, record: Record
) -> None:
    """At least five points in each of upload, import, read-back and local write, twenty in all."""
    chance = random.Random(f"{SEED} {victim} {command}")
    drive = make_drive(command, bench, tmp_path)
    course = run_clean(bench, drive)
    struck: Counter[str] = Counter()
    documents: dict[int, int] = {}
    for phase, number in NUMBERS[command].items():
        while struck[phase] < number:
            for point in draw(victim, [phase], course, number - struck[phase], chance):
                if (tried := try_point(bench, drive, course, point)) is not None:
                    struck[tried.phase] += 1
                    record(tried)
                documents = {**bench.documents(), **documents}
    for write in chance.sample(writes(victim, drive.writes), WRITES):
        record(try_write(bench, drive, write))
        struck[write.phase] += 1
    assert struck.total() >= 20
    # Nothing of a cut-off import came after all.
    assert {project: bench.documents()[project] for project in documents} == documents


@pytest.mark.parametrize("command", ["push", "adjudicate"])
def test_an_import_that_waits_in_the_queue_while_all_is_stopped(
    command: Command, bench: Bench, tmp_path: Path, record: Record
) -> None:
    """A worker that is stopped in order puts back what it has not begun, and begins it later."""
    chance = random.Random(f"{SEED} {command} queue")
    drive = make_drive(command, bench, tmp_path)
    for seconds in (0.0, *(chance.uniform(0, 2) for _ in range(4))):
        words = drive.prepare("import")
        keep_busy(bench)

        def kill(seconds: float = seconds) -> None:
            time.sleep(seconds)
            bench.strike("balise")

        first = bench.balise(*words, rule=once(command, "import", 0, Fault("after", kill)))
        down(bench.home)
        again = finish(bench, drive, first, words)
        documents = bench.documents()
        record(Tried("balise killed, server stopped", "both", command, "import", first.kind, again))
        admin = bench.admin()
        admin.export(admin.projects()[-1], confirmed_only=False)
        assert bench.documents() == documents


def keep_busy(bench: Bench) -> None:
    """Give the server's worker an import that lasts some seconds, and do not wait for it."""
    server = bench.admin()
    project = server.create_project(f"busy-{time.monotonic_ns()}", "x", "x")
    row = b'{"text": "%s", "label": [[0, 4, "LOCATION"]]}\n' % (b"Gaza " * 200)
    sent = server.send_file("busy.jsonl", row * 3000)
    body = {
        "uploadIds": [sent],
        "format": "JSONL",
        "task": "SequenceLabeling",
        "encoding": "utf_8",
        "column_data": "text",
        "column_label": "label",
    }
    server.call("POST", f"projects/{project.id}/upload", "busy", json=body)

"""Killed, cut off, out of disk or beside a rival: run again, and all is exact.

A few points of what `make soak` tries at length.
"""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from faults.bench import Bench, bench_in
from faults.drives import AdjudicateDrive, Drive, PullDrive, PushDrive
from faults.points import Command, Course, Point, Write
from faults.proxy import Fault
from faults.rivals import try_rivals
from faults.rules import cutting, once
from faults.trial import try_fault, try_point, try_write

pytestmark = [pytest.mark.doccano, pytest.mark.xdist_group("faults")]
ROWS = 60
# An import and an export of so few rows take the worker about a second.
COURSE = Course(Counter(), Counter(), {"import": 1.0, "read-back": 1.0})
Drives = dict[Command, Drive]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("bench")) as one:
        yield one


@pytest.fixture(scope="module")
def drives(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Drives:
    return {
        "push": PushDrive(bench, tmp_path_factory.mktemp("push"), ROWS, annotators=1),
        "pull": PullDrive(bench, tmp_path_factory.mktemp("pull")),
        "adjudicate": AdjudicateDrive(bench, tmp_path_factory.mktemp("adjudicate"), 24),
    }


@pytest.mark.parametrize(
    ("command", "point"),
    [
        ("push", Point("balise", "all", "import", 0, share=0.6)),
        ("push", Point("worker", "all", "import", 0, share=0.5)),
        ("pull", Point("web", "children", "read-back", 1, "during")),
        ("adjudicate", Point("balise", "all", "read-back", 9, "after")),
    ],
)
def test_after_a_kill_the_same_command_makes_it_right(
    command: Command, point: Point, bench: Bench, drives: Drives
) -> None:
    tried = try_point(bench, drives[command], COURSE, point)
    assert tried is not None
    assert tried.again == 1
    assert tried.first == "killed" or point.victim != "balise"


@pytest.mark.parametrize(
    ("command", "write"),
    [
        ("push", Write("balise", "replace", 1, "before")),
        ("pull", Write("balise", "replace", 1, "after")),
        ("adjudicate", Write("balise", "replace", 1, "after")),
    ],
)
def test_after_a_kill_between_two_files_the_same_command_makes_it_right(
    command: Command, write: Write, bench: Bench, drives: Drives
) -> None:
    assert try_write(bench, drives[command], write).again == 1


def test_a_disk_that_is_full_where_balise_writes(bench: Bench, drives: Drives) -> None:
    _, first = try_fault(bench, drives["pull"], "", "local write", FILE_LIMIT="0")
    assert first.code == 1
    assert "cannot be written (File too large); free some space" in first.err


def test_a_disk_that_is_full_where_doccano_writes(bench: Bench, drives: Drives) -> None:
    rule = once("push", "import", 0, Fault(act=lambda: bench.limit_files(0)))
    free = {"after": lambda: bench.limit_files(-1)}
    _, first = try_fault(bench, drives["push"], "", "import", rule=rule, **free)
    assert first.kind == "message"


def test_a_bad_network_and_a_login_that_ends_do_not_stop_a_push(
    bench: Bench, drives: Drives
) -> None:
    cut = cutting(random.Random(1), 0.3)
    end = once("push", "import", 0, Fault(act=bench.end_sessions))
    drive, rule = drives["push"], lambda request: end(request) or cut(request)
    _, first = try_fault(bench, drive, "", "import", rule=rule)
    assert first.kind == "done"


def test_a_login_that_ends_does_not_stop_a_pull(bench: Bench, drives: Drives) -> None:
    rule = once("pull", "read-back", 2, Fault(act=bench.end_sessions))
    _, first = try_fault(bench, drives["pull"], "", "read-back", rule=rule)
    assert first.kind == "done"


@pytest.mark.parametrize(("command", "machines"), [("push", 2), ("pull", 1)])
def test_two_at_once_leave_what_one_would(
    command: Command, machines: int, bench: Bench, drives: Drives
) -> None:
    assert try_rivals(bench, drives[command], 0.0, machines=machines).again == 1

"""A slow network, a network that cuts, an answer that is none, a login that ends, a restart."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from balise.doccano.server import down
from certificates import make_certificate
from faults.bench import Bench
from faults.drives import AdjudicateDrive, Drive, PullDrive, PushDrive
from faults.points import Command, Course
from faults.proxy import Fault
from faults.rules import cutting, once, slowly
from faults.trial import Record, run_clean, try_fault

SEED = int(os.environ.get("BALISE_SOAK_SEED", "0"))
POINTS = 6
Make = Callable[[Command], Drive]


@pytest.fixture(params=get_args(Command))
def drive(request: pytest.FixtureRequest, bench: Bench, tmp_path: Path) -> Drive:
    command: Command = request.param
    if command == "pull":
        return PullDrive(bench, tmp_path)
    return {"push": PushDrive, "adjudicate": AdjudicateDrive}[command](bench, tmp_path, 24)


@pytest.fixture
def chance(drive: Drive) -> random.Random:
    return random.Random(f"{SEED} {drive.command}")


@pytest.fixture
def course(bench: Bench, drive: Drive) -> Course:
    return run_clean(bench, drive)


def places(course: Course, chance: random.Random) -> list[tuple[str, int]]:
    """Draw requests: a phase, and a number in it."""
    phases = chance.choices(sorted(course.requests), k=POINTS)
    return [(phase, chance.randrange(course.requests[phase])) for phase in phases]


def test_a_slow_server_is_waited_for(
    bench: Bench, drive: Drive, chance: random.Random, record: Record
) -> None:
    for seconds in (0.1, 0.5):
        tried, first = try_fault(
            bench,
            drive,
            f"each request late by up to {seconds} s",
            "all",
            rule=slowly(chance, seconds),
        )
        assert first.kind == "done"
        record(tried)


def test_a_server_that_stalls_is_given_up(
    bench: Bench, drive: Drive, course: Course, chance: random.Random, record: Record
) -> None:
    for phase, nth in places(course, chance):
        rule = once(drive.command, phase, nth, Fault(act=bench.wait))
        tried, first = try_fault(
            bench, drive, "no answer for ever", phase, rule=rule, BALISE_DOCCANO_TIMEOUT="10"
        )
        assert "no answer within 10 s (ReadTimeout)" in first.err
        record(tried)


def test_reading_is_tried_again_where_the_connection_is_cut(
    bench: Bench, drive: Drive, chance: random.Random, record: Record
) -> None:
    for _ in range(3):
        tried, first = try_fault(
            bench, drive, "answers to GET cut, 3 of 10", "all", rule=cutting(chance, 0.3)
        )
        assert first.kind == "done"
        record(tried)


def test_writing_is_not_tried_again_where_its_answer_is_lost(
    bench: Bench, drive: Drive, course: Course, chance: random.Random, record: Record
) -> None:
    for phase in sorted(course.requests):
        for cut in (False, True):
            nth = chance.randrange(course.writing[phase]) if course.writing[phase] else 0
            fault = Fault("after", cut=cut, lost=not cut)
            rule = once(drive.command, phase, nth, fault, writing=True)
            tried, first = try_fault(
                bench, drive, "answer to a change cut or lost", phase, rule=rule
            )
            assert first.kind == ("message" if course.writing[phase] else "done")
            record(tried)


@pytest.mark.parametrize("status", [401, 403, 500, 502])
def test_a_call_that_is_refused_once(
    status: int, bench: Bench, drive: Drive, course: Course, chance: random.Random, record: Record
) -> None:
    for phase, nth in places(course, chance):
        fault = Fault(answer=(status, '{"detail": "no"}'))
        rule = once(drive.command, phase, nth, fault)
        tried, _ = try_fault(bench, drive, f"answer {status}, once", phase, rule=rule)
        record(tried)


def test_a_login_that_ends_is_renewed(
    bench: Bench, drive: Drive, course: Course, chance: random.Random, record: Record
) -> None:
    for phase, drawn in places(course, chance):
        # The first two calls are the login.
        nth = max(drawn, 2) if phase == "opening" else drawn
        rule = once(drive.command, phase, nth, Fault(act=bench.end_sessions))
        tried, first = try_fault(bench, drive, "login ended", phase, rule=rule)
        assert first.kind == "done"
        record(tried)


def test_a_server_that_was_stopped_and_started_on_another_port(
    bench: Bench, drive: Drive, record: Record
) -> None:
    def restart() -> None:
        down(bench.home)
        bench.recover()

    before = bench.state.url
    tried, first = try_fault(bench, drive, "restart before it, other port", "opening", restart)
    assert first.kind == "done"
    assert bench.state.url != before
    record(tried)


def test_a_worker_that_died_on_another_machine_is_given_up(
    bench: Bench, drive: Drive, record: Record
) -> None:
    phase = "read-back" if drive.command == "pull" else "import"
    rule = once(drive.command, phase, 0, Fault(act=lambda: bench.strike("worker")))
    tried, first = try_fault(
        bench,
        drive,
        "worker killed, server elsewhere",
        phase,
        rule=rule,
        remote=True,
        BALISE_DOCCANO_TIMEOUT="10",
    )
    assert "not done after 20 s; check that Doccano's worker runs" in first.err
    record(tried)


def test_a_certificate_that_nobody_vouches_for(
    bench: Bench, drive: Drive, tmp_path: Path, record: Record
) -> None:
    certificate = make_certificate(tmp_path / "tls", "localhost")
    tried, first = try_fault(
        bench, drive, "certificate not trusted", "opening", certificate=certificate
    )
    assert "its TLS certificate is not trusted" in first.err
    assert first.seen == []
    record(tried)
    tried, first = try_fault(
        bench,
        drive,
        "certificate trusted by name",
        "opening",
        certificate=certificate,
        BALISE_DOCCANO_CA=str(certificate),
    )
    assert first.kind == "done"
    record(tried)

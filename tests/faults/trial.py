"""One fault, then what was killed started again, then the command run again: the state is exact."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from faults.bench import Bench, Outcome
from faults.drives import Drive
from faults.points import Course, Point, Striking, Write, follow

_AGAIN = 2


class Tried(NamedTuple):
    """What was tried, and how it went: the first run's end, and how many runs came after it."""

    fault: str
    victim: str
    command: str
    phase: str
    first: str
    again: int


Record = Callable[[Tried], None]


def run_clean(bench: Bench, drive: Drive) -> Course:
    """Run a command without faults, and return its course."""
    outcome = bench.balise(*drive.prepare("import"))
    assert outcome.kind == "done"
    drive.check()
    return follow(drive.command, outcome.seen)


def try_point(bench: Bench, drive: Drive, course: Course, point: Point) -> Tried | None:
    """Kill at a point and run again; None where the run had ended before."""
    words = drive.prepare(point.phase)
    rule = Striking(drive.command, point, course, lambda: bench.strike(point.victim, point.how))
    first = bench.balise(*words, rule=rule)
    rule.end()
    again = finish(bench, drive, first, words)
    if not rule.struck:
        return None
    return Tried("kill -9", point.victim, drive.command, rule.struck, first.kind, again)


def try_write(bench: Bench, drive: Drive, write: Write) -> Tried:
    """Kill at a point of writing files and run again."""
    words = drive.prepare(write.phase)
    first = bench.balise(*words, **write.environ(bench.groups(write.victim)))
    if write.victim == "balise":
        assert first.kind == "killed"
    again = finish(bench, drive, first, words)
    return Tried("kill -9", write.victim, drive.command, write.phase, first.kind, again)


def try_fault(
    bench: Bench,
    drive: Drive,
    fault: str,
    phase: str,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
    **options: Any,
) -> tuple[Tried, Outcome]:
    """Run a command under a fault that kills nobody, mend it by `after`, and run again.

    The options are those of `Bench.balise`.
    """
    words = drive.prepare(phase)
    before()
    first = bench.balise(*words, **options)
    after()
    again = finish(bench, drive, first, words)
    return Tried(fault, "–", drive.command, phase, first.kind, again), first


def finish(bench: Bench, drive: Drive, first: Outcome, words: Iterable[object]) -> int:
    """Recover, run the command again until it is done, at most twice, and check the state."""
    assert first.kind in ("done", "message", "killed")
    bench.recover()
    drive.check_cut()
    for again in range(1, _AGAIN + 1):
        outcome = bench.balise(*(str(word) for word in words))
        if outcome.kind == "done":
            drive.check()
            return again
    raise AssertionError(f"not right after {_AGAIN} more runs: {outcome.err}")

"""Points at which something is killed: drawn by a seed, found again in the course of a run."""

import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from statistics import mean
from typing import Literal, NamedTuple

from faults.bench import Victim
from faults.proxy import Fault, Moment, Request

Command = Literal["push", "pull", "adjudicate"]
_IMPORT = re.compile(r"projects/\d+/upload")
_EXPORT = re.compile(r"projects/\d+/download")
_HOWS = {"web": ("all", "first", "children"), "worker": ("all",), "balise": ("all",)}
_MOMENTS: tuple[Moment, ...] = ("before", "sending", "during", "after")


def is_poll(request: Request) -> bool:
    """Tell whether a request asks how far a task is."""
    return request.path.startswith("tasks/")


def starts_task(request: Request) -> bool:
    """Tell whether a request starts an import or an export."""
    routes = (_IMPORT, _EXPORT)
    return request.method == "POST" and any(one.fullmatch(request.path) for one in routes)


class Phases:
    """Tells in which phase of a command each request is, one after the other."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self.now = "opening"

    def enter(self, request: Request) -> str:
        """Take the next request and return its phase."""
        if request.path == "fp/process/":
            self.now = "upload"
        elif _IMPORT.fullmatch(request.path):
            self.now = "import"
        elif _EXPORT.fullmatch(request.path):
            self.now = "read-back"
        elif request.path == "projects":
            self.now = "opening"
        elif self._command != "pull" and self.now == "read-back" and not is_poll(request):
            self.now = "read-back" if request.path.endswith("/comments") else "admission"
        return self.now


class Course(NamedTuple):
    """How a run without faults goes: its requests by phase, and how long its tasks take.

    `writing` counts the requests that change something.
    """

    requests: Counter[str]
    writing: Counter[str]
    seconds: dict[str, float]


def follow(command: Command, seen: Sequence[Request]) -> Course:
    """Turn the requests of a run without faults into its course."""
    phases = Phases(command)
    requests: Counter[str] = Counter()
    writing: Counter[str] = Counter()
    times = defaultdict(list)
    for place, request in enumerate(seen):
        phase = phases.enter(request)
        if not is_poll(request):
            requests[phase] += 1
            writing[phase] += request.method != "GET"
        if starts_task(request):
            ends = next(one for one in seen[place + 1 :] if not is_poll(one))
            times[phase].append(ends.at - request.at)
    return Course(requests, writing, {phase: mean(found) for phase, found in times.items()})


class Point(NamedTuple):
    """Kill the victim at the `nth` request of a phase that is no poll, or after a share of a task.

    With a `share`, that of the time that the phase's nth task is expected to take.
    """

    victim: Victim
    how: str
    phase: str
    nth: int
    moment: Moment = "before"
    lost: bool = False
    share: float | None = None


class Striking:
    """The rule of a proxy that strikes at a point, once; `struck` says in which phase it did."""

    def __init__(
        self, command: Command, point: Point, course: Course, strike: Callable[[], None]
    ) -> None:
        self._point = point
        self._seconds = course.seconds.get(point.phase, 1.0)
        self._strike = strike
        self._phases = Phases(command)
        self._count = 0
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self.struck = ""

    def __call__(self, request: Request) -> Fault | None:
        with self._lock:
            phase = self._phases.enter(request)
            point = self._point
            counts = is_poll if point.share is None else lambda one: not starts_task(one)
            if phase != point.phase or counts(request):
                return None
            self._count += 1
            if self._count != point.nth + 1:
                return None
        if point.share is None:
            return Fault(point.moment, self._strike_now, lost=point.lost)
        return Fault("after", self._strike_later)

    def _strike_now(self) -> None:
        self.struck = self._point.phase
        self._strike()

    def _strike_later(self) -> None:
        seconds = (self._point.share or 0) * self._seconds
        self._timer = threading.Timer(seconds, self._strike_where_it_is)
        self._timer.start()

    def end(self) -> None:
        """Strike no more; one that is under way ends first."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()

    def _strike_where_it_is(self) -> None:
        with self._lock:
            self.struck = self._phases.now
        self._strike()


def draw(
    victim: Victim, phases: Sequence[str], course: Course, count: int, chance: random.Random
) -> Iterator[Point]:
    """Draw points for a victim at random, `count` in each phase.

    Where a phase has tasks of the server, two of three points are within their time.
    """
    for phase in phases:
        for number in range(count):
            how = chance.choice(_HOWS[victim])
            if phase in course.seconds and number % 3:
                nth = chance.randrange(2)
                yield Point(victim, how, phase, nth, share=chance.random())
            else:
                nth = chance.randrange(course.requests[phase])
                moment = chance.choice(_MOMENTS)
                lost = moment == "after" and chance.random() < 0.5
                yield Point(victim, how, phase, nth, moment, lost)


class Write(NamedTuple):
    """Kill the victim before or after the nth call of a function that writes files."""

    victim: Victim
    call: str
    nth: int
    moment: str

    phase = "local write"

    def environ(self, groups: str) -> dict[str, str]:
        """Tell it to `killing_balise.py`."""
        place = f"{self.call}:{self.nth}:{self.moment}"
        return {"KILL_AT": place, **({"KILL_GROUPS": groups} if groups else {})}


def writes(victim: Victim, files: int) -> list[Write]:
    """List every point of writing so many files together."""
    return [
        Write(victim, call, nth, moment)
        for call in ("fsync", "replace")
        for nth in range(1, files + 1)
        for moment in ("before", "after")
    ]

"""What a proxy does to requests that is no killing: it is slow, cuts, loses, refuses."""

import random
import time
from collections.abc import Callable

from faults.points import Command, Phases, is_poll
from faults.proxy import Fault, Request, Rule


def every(fault: Callable[[], Fault]) -> Rule:
    """Do something to every request."""
    return lambda _: fault()


def slowly(chance: random.Random, seconds: float) -> Rule:
    """Pass each request on after up to some seconds."""
    return every(lambda: Fault(act=lambda: time.sleep(chance.uniform(0, seconds))))


def cutting(chance: random.Random, share: float) -> Rule:
    """End a share of the answers to GET half-way, or never give them; never twice in a row."""
    last = False

    def rule(request: Request) -> Fault | None:
        nonlocal last
        last = request.method == "GET" and not last and chance.random() < share
        how = {"cut": True} if chance.random() < 0.5 else {"lost": True}
        return Fault("after", **how) if last else None

    return rule


def once(command: Command, phase: str, nth: int, fault: Fault, *, writing: bool = False) -> Rule:
    """Do something to the nth request of a phase that is no poll, or that writes."""
    phases, count = Phases(command), 0

    def rule(request: Request) -> Fault | None:
        nonlocal count
        passed = is_poll(request) or (writing and request.method == "GET")
        if phases.enter(request) != phase or passed:
            return None
        count += 1
        return fault if count == nth + 1 else None

    return rule

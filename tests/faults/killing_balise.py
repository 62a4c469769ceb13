"""Run `balise` with the arguments given, under what the environment says.

`KILL_AT=replace:2:after` kills at the end of the second `os.replace` of the run (or of `os.fsync`,
or `before` it): the process groups that `KILL_GROUPS` lists, or without it this process itself.
`FILE_LIMIT` is the number of bytes that no file may grow beyond.
"""

import os
import resource
import signal
from typing import Any

from balise.cli.main import main


def strike() -> None:
    """Kill whom the environment names."""
    groups = os.environ.get("KILL_GROUPS", "").split()
    for group in groups:
        os.killpg(int(group), signal.SIGKILL)
    if not groups:
        os.kill(os.getpid(), signal.SIGKILL)


def arm(call: str, nth: int, moment: str) -> None:
    """Let the nth call of a function of `os` strike, before or after its work."""
    original = getattr(os, call)
    calls = 0

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and moment == "before":
            strike()
        result = original(*arguments, **options)
        if calls == nth and moment == "after":
            strike()
        return result

    setattr(os, call, counted)


if __name__ == "__main__":
    if at := os.environ.get("KILL_AT"):
        name, number, when = at.split(":")
        arm(name, int(number), when)
    if limit := os.environ.get("FILE_LIMIT"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    main()

"""Long-running processes, started apart from us and ended by id, never by name."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

PRIVATE = 0o077
"""The umask under which files are their owner's alone."""


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process of ours: its id, and its start time in clock ticks, as ids are used again."""

    pid: int
    started: int


def start(
    call: Sequence[str | Path], folder: Path, environ: Mapping[str, str], log: Path
) -> Process:
    """Start a program in a session of its own, its output going to a new log of mode 600.

    What it writes is its owner's alone: Doccano's database holds tokens that log anyone in.
    """
    log.unlink(missing_ok=True)
    handle = os.open(log, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        child = subprocess.Popen(
            [str(part) for part in call],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
            umask=PRIVATE,
        )
    finally:
        os.close(handle)
    return Process(child.pid, _started(child.pid) or 0)


def alive(process: Process) -> bool:
    """Tell whether this very process still runs."""
    return _started(process.pid) == process.started


def stop(process: Process, seconds: float = 20) -> None:
    """End a process and its children: asked first, forced after `seconds`."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not alive(process):
            return
        # It may end by itself just now.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        end = time.monotonic() + seconds
        while alive(process) and time.monotonic() < end:
            time.sleep(0.05)


def _started(pid: int) -> int | None:
    """Read a process's start time from /proc (see proc(5)); None for none and for a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else int(fields[18])

"""Long-running processes, started apart from us and ended by id, never by name."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

PRIVATE = 0o077
"""The umask under which files are their owner's alone."""

_OURS = "BALISE_STARTED"


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process of ours: its id, and its start time in clock ticks, as ids are used again."""

    pid: int
    started: int


def start(
    call: Sequence[str | Path],
    folder: Path,
    environ: Mapping[str, str],
    log: Path,
    descriptors: Collection[int] = (),
) -> Process:
    """Start a program in a session of its own, its output going to a new log of mode 600.

    It inherits the open `descriptors` under their numbers, and no others.
    What it writes is its owner's alone: Doccano's database holds tokens that log anyone in.
    """
    log.unlink(missing_ok=True)
    handle = os.open(log, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        child = subprocess.Popen(
            [str(part) for part in call],
            cwd=folder,
            env={**environ, _OURS: "1"},
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
            umask=PRIVATE,
            pass_fds=descriptors,
        )
    finally:
        os.close(handle)
    return Process(child.pid, _started(child.pid) or 0)


def alive(process: Process) -> bool:
    """Tell whether this very process still runs."""
    return _started(process.pid) == process.started


def stop(process: Process, seconds: float = 20) -> None:
    """End a process and its children: asked first, forced after `seconds`.

    Children that outlived it are ended too: those of a web server would keep its port.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not _left(process):
            return
        # They may end by themselves just now.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        end = time.monotonic() + seconds
        while _left(process) and time.monotonic() < end:
            time.sleep(0.05)


def _left(process: Process) -> bool:
    """Tell whether a process or one of its group still runs."""
    if (started := _started(process.pid)) is not None:
        return started == process.started
    # The number of a group without its first process may have been used again by others.
    members = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return any(_group(pid) == process.pid and _is_ours(pid) for pid in members)


def _is_ours(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return f"{_OURS}=".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    return False


def _started(pid: int) -> int | None:
    """Read when a process started; None for none and for a zombie."""
    stat = _stat(pid)
    return int(stat[19]) if stat else None


def _group(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[2]) if stat else None


def _stat(pid: int) -> list[str]:
    """Read a process's state and what follows it in /proc (see proc(5)); nothing of a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    fields = stat.rpartition(")")[2].split()
    return [] if fields[0] == "Z" else fields

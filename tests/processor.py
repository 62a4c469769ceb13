"""How much processor time processes took, which hardly depends on how busy the machine is."""

import os
from collections.abc import Iterable
from pathlib import Path


def processor_seconds(roots: Iterable[int]) -> float:
    """Sum the processor time of processes and of all that descend from them (see proc(5)).

    Processes that have ended count once whoever started them has waited for them.
    """
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        ticks[pid] = sum(map(int, fields[11:15]))
    ours = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(ticks.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")

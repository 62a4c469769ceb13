"""Run `balise` with the arguments given, and say at its end what the process itself needed.

The last line of standard error is JSON: `cpu` in seconds, without what the server took, and
`peak` in MB of resident memory.
"""

import atexit
import json
import resource
import sys
from pathlib import Path

from balise.cli.main import main


def say_needs() -> None:
    """Write the process's CPU time and peak of resident memory."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # Not ru_maxrss: that counts what the process was before exec too.
    [peak] = [
        int(line.split()[1])
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    print(
        json.dumps({"cpu": usage.ru_utime + usage.ru_stime, "peak": peak / 1000}), file=sys.stderr
    )


if __name__ == "__main__":
    atexit.register(say_needs)
    main()

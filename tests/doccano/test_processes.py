"""What was started is ended with all its children, those that outlived it included."""

import os
import signal
import socket
import sys
from pathlib import Path

from balise.doccano.processes import Process, alive, start, stop

LISTEN = (
    "import os, socket, time\n"
    "listening = socket.create_server(('127.0.0.1', 0))\n"
    "os.fork()\n"
    "print(listening.getsockname()[1], flush=True)\n"
    "time.sleep(60)\n"
)


DAEMON = (
    "import os, time\n"
    "os.setsid()\n"
    "if os.fork():\n"
    "    os._exit(0)\n"
    "print(os.getpid(), flush=True)\n"
    "time.sleep(60)\n"
)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_the_children_of_a_killed_process_give_its_port_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = start([sys.executable, "-c", LISTEN], tmp_path, os.environ, log)
    while len(log.read_text().split()) < 2:
        assert alive(process)
    port = int(log.read_text().split()[0])
    os.kill(process.pid, signal.SIGKILL)
    while alive(process):
        pass
    assert not is_free(port)
    stop(process)
    assert is_free(port)


def test_a_group_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    read, write = os.pipe()
    first = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", DAEMON],
        {key: value for key, value in os.environ.items() if key != "BALISE_STARTED"},
        file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)],
    )
    os.close(write)
    os.waitpid(first, 0)
    with os.fdopen(read) as lines:
        child = int(lines.readline())
    try:
        stop(Process(first, 0), seconds=0.2)
        os.kill(child, 0)
    finally:
        os.kill(child, signal.SIGKILL)

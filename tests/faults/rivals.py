"""Two runs of one command at once: on one machine, or on two that share a server."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from balise.doccano.client import Server
from balise.errors import BaliseError
from balise.files import write_file
from balise.jsonl import encode_json, read_json, write_json
from faults.bench import PATIENCE, Bench, Outcome, start_balise
from faults.drives import Drive
from faults.trial import Tried, finish


def try_rivals(bench: Bench, drive: Drive, seconds: float, *, machines: int) -> Tried:
    """Start a command twice, some seconds apart, and run it again when both have ended."""
    words = drive.prepare("import")
    homes = [bench.client]
    if machines == 2:
        homes.append(bench.client.with_name(f"client-{time.monotonic_ns()}"))
        shutil.copytree(bench.client, homes[1])
    for home in homes:
        write_json(home / "server.json", bench.state)
    children = []
    for home in (homes[0], homes[-1]):
        children.append(start_balise(home, *words))
        time.sleep(seconds)
    outcomes = []
    for child in children:
        out, err = child.communicate(timeout=PATIENCE)
        outcomes.append(Outcome(child.returncode, out, err, []))
    kinds = sorted(one.kind for one in outcomes)
    if machines == 2:
        _join_logins(bench.state.url, homes)
    again = finish(bench, drive, outcomes[0], words)
    where = "one machine" if machines == 1 else "two machines"
    return Tried(f"two at once, {where}", "–", drive.command, "all", " + ".join(kinds), again)


def _join_logins(url: str, homes: list[Path]) -> None:
    """Bring the passwords that the server takes to the first home: each user has one of them."""
    found = {}
    for home in homes:
        for name, password in read_json(home / "logins.json", dict[str, str]).items():
            with suppress(BaliseError):
                Server(url, name, password)
                found[name] = password
    write_file(homes[0] / "logins.json", encode_json(found), mode=0o600)

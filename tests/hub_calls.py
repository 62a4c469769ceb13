"""Python run in an environment whose Hub is the double: its client reads that when imported."""

import os
import subprocess
import sys
from pathlib import Path

from hub_double import Hub

Done = subprocess.CompletedProcess[str]


def hub_environment(hub: Hub, home: Path, *, token: bool = True, **more: str) -> dict[str, str]:
    """Make the environment of a process that talks to the double and to no other Hub."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    return kept | {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(home / "hf"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        **({"HF_TOKEN": hub.token} if token else {}),
        **more,
    }


def call(hub: Hub, home: Path, *words: object, token: bool = True, **more: str) -> Done:
    """Run Python in a folder, with the double for a Hub."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=home,
        env=hub_environment(hub, home, token=token, **more),
        capture_output=True,
        text=True,
        check=False,
    )

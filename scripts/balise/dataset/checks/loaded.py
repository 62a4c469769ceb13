"""A folder is loaded in a clean process: offline, with an empty cache that goes away after."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from balise.dataset.checks.probe import Loaded
from balise.errors import BaliseError
from balise.jsonl import decode

_PROBE = "balise.dataset.checks.probe"


def load_offline(folder: Path, libraries: Sequence[str] = ()) -> Loaded:
    """Load a dataset folder with `datasets`, without network and without any cache of before.

    The libraries, of those of `libraries.READERS`, read its Parquet files too.

    Raises:
        BaliseError: the loading process died; what it said last is in the message.
    """
    with tempfile.TemporaryDirectory(prefix="balise-check-") as cache:
        done = subprocess.run(  # noqa: S603  # our own module
            # -P: a folder named datasets/ where the user stands must not be imported.
            [sys.executable, "-P", "-m", _PROBE, str(folder.resolve()), *libraries],
            env=os.environ | _environment(Path(cache)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise BaliseError(
            folder, f"loading it ended with {done.returncode}: {said[-1]}", "see what it says"
        )
    return decode(done.stdout, Loaded, folder)


def _environment(cache: Path) -> dict[str, str]:
    return {
        "HF_HOME": str(cache),
        "HF_HUB_CACHE": str(cache / "hub"),
        "HF_DATASETS_CACHE": str(cache / "datasets"),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }

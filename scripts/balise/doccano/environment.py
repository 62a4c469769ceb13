"""A virtual environment of Doccano's own: its pins must never meet ours."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from balise.errors import BaliseError, UsageError

DOCCANO = "1.8.4"

# pandas 1.5.3, which Doccano pins, has wheels up to Python 3.11 only.
_PYTHONS = ((3, 11), (3, 10), (3, 9), (3, 8))
_PINS = (
    f"doccano=={DOCCANO}",
    "marshmallow<4",
    "numpy<2",
    "setuptools<81",
    "psycopg2-binary",
)


def environment(python: str | None = None) -> Path:
    """Find or install Doccano's environment and return its Python interpreter.

    The environment is shared by all projects of the user, in the cache folder
    (`$XDG_CACHE_HOME/balise`, by default `~/.cache/balise`).

    Raises:
        UsageError: `python` cannot be run or is not Python 3.8 to 3.11.
        BaliseError: no such interpreter is found, or pip fails.
    """
    interpreter, version = _interpreter(python)
    pins = _requirements(version)
    digest = hashlib.sha256("\n".join([interpreter, *pins]).encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "balise"
    folder = cache / f"doccano-{DOCCANO}-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            _install(interpreter, pins, folder)
            (folder / "installed").touch()
    return folder / "bin" / "python"


def _interpreter(python: str | None) -> tuple[str, tuple[int, int]]:
    if python:
        if (version := _version(python)) not in _PYTHONS:
            raise UsageError(
                "--python",
                f"{python!r} is not a Python 3.8 to 3.11 that runs",
                "name one, as in --python /usr/bin/python3.11",
            )
        return str(shutil.which(python)), version
    for major, minor in _PYTHONS:
        name = f"python{major}.{minor}"
        if (path := shutil.which(name)) and _version(path) == (major, minor):
            return path, (major, minor)
    raise BaliseError(
        "Doccano",
        "needs a Python 3.8 to 3.11 of its own and none is on the PATH",
        "install python3.11 and python3.11-venv, name one with --python, or run Doccano "
        "elsewhere and set BALISE_DOCCANO_URL",
    )


def _version(python: str) -> tuple[int, int] | None:
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def _requirements(version: tuple[int, int]) -> list[str]:
    if version != (3, 11):
        return list(_PINS)
    text = files("balise.doccano").joinpath("server-requirements.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _install(interpreter: str, pins: list[str], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
    # What is used compiles itself when it is used; every library at once takes far longer.
    install = [*pip, "install", "--no-compile", *pins]
    for call in ([interpreter, "-m", "venv", str(folder)], install):
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise BaliseError(
                folder,
                f"Doccano could not be installed ({' '.join(last)})",
                "check the network and that python3-venv is installed, then run this again",
            )

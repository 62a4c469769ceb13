"""A Doccano of our own on loopback: started, checked and stopped."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import msgspec

from balise.doccano.credentials import ADMIN, ServerSecrets, server_secrets
from balise.doccano.database import check_database
from balise.doccano.environment import environment
from balise.doccano.processes import PRIVATE, Process, alive, start, stop
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_json, write_json

_HOST = "127.0.0.1"
_WEB_WORKERS = 2


class ServerState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A running server: where it answers and which processes are it."""

    url: str
    web: Process
    worker: Process


def up(
    home: Path,
    port: int = 8000,
    database_url: str | None = None,
    python: str | None = None,
    patience: float = 120,
) -> ServerState:
    """Install, start and check a Doccano whose data is in `home`; one that runs is left alone.

    `port` 0 takes a free one. Without `database_url` the data is in SQLite. Both the web server
    and the worker that imports and exports have answered when this returns.

    Raises:
        UsageError: the port is taken, or the database URL cannot be used.
        BaliseError: Doccano cannot be installed, `home` cannot be written, or Doccano does not
            start; its log is named.
    """
    if (state := running(home)) is not None:
        return state
    # Of a server that died, one process may still run; its record is replaced below.
    down(home)
    if database_url:
        check_database(database_url)
    database = database_url or f"sqlite:///{home.resolve() / 'db.sqlite3'}"
    with _take_port(port) as listening:
        return _start(home, listening, database, environment(python), patience)


def _start(
    home: Path, listening: socket.socket, database: str, interpreter: Path, patience: float
) -> ServerState:
    _make_folder(home)
    secrets = server_secrets(home)
    backend = next(interpreter.parents[1].glob("lib/python3.*/site-packages/backend"))
    environ = _environ(home, database, secrets)
    _prepare(interpreter, backend, environ, secrets, home)
    binaries = interpreter.parent
    programs: dict[str, list[str | Path]] = {
        "worker": [
            binaries / "celery",
            "--app=config",
            "worker",
            "--loglevel=info",
            "--pool=solo",
        ],
        "web": [
            binaries / "gunicorn",
            f"--bind=fd://{listening.fileno()}",
            f"--workers={_WEB_WORKERS}",
            "--timeout=300",
            "config.wsgi",
        ],
    }
    started: dict[str, Process] = {}
    try:
        for name, call in programs.items():
            handed = (listening.fileno(),) if name == "web" else ()
            started[name] = start(call, backend, environ, home / f"{name}.log", handed)
        state = ServerState(f"http://{_HOST}:{listening.getsockname()[1]}", **started)
        # A web server that dies now is found at once: nobody else listens.
        listening.close()
        write_json(home / "server.json", state)
        _wait(state, home, patience)
    except BaseException:
        for process in started.values():
            stop(process)
        (home / "server.json").unlink(missing_ok=True)
        raise
    return state


def running(home: Path) -> ServerState | None:
    """Return the server of `home` where both its processes run, and None otherwise."""
    path = home / "server.json"
    if not path.exists():
        return None
    state = read_json(path, ServerState)
    return state if alive(state.web) and alive(state.worker) else None


def down(home: Path) -> bool:
    """Stop the server of `home`; its data stays. False where none was running."""
    path = home / "server.json"
    if not path.exists():
        return False
    state = read_json(path, ServerState)
    was = alive(state.web) or alive(state.worker)
    stop(state.web)
    stop(state.worker)
    path.unlink(missing_ok=True)
    return was


def _environ(home: Path, database: str, secrets: ServerSecrets) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")},
        "STANDALONE": "True",
        # Unset, Doccano lets pages of any origin read its answers.
        "DEBUG": "False",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(home.resolve() / "media"),
        "SECRET_KEY": secrets.secret_key,
        "PYTHONUNBUFFERED": "1",
    }


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaliseError(
            home,
            f"cannot be made a folder ({error.strerror})",
            "choose another folder with --home",
        ) from error


def _take_port(port: int) -> socket.socket:
    """Listen on a port, so that nobody else gets it before the web server takes it over."""
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", "it is no port")
        raise UsageError(
            "--port", f"{port} cannot be used ({why})", "choose another, or 0"
        ) from error
    return listening


def _prepare(
    interpreter: Path, backend: Path, environ: dict[str, str], secrets: ServerSecrets, home: Path
) -> None:
    login = json.dumps({"username": ADMIN, "password": secrets.admin_password})
    done = subprocess.run(
        [interpreter, Path(__file__).with_name("serverside.py")],
        cwd=backend,
        env={**environ, "PYTHONPATH": str(backend)},
        input=login,
        capture_output=True,
        text=True,
        check=False,
        umask=PRIVATE,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise BaliseError(
            home,
            f"Doccano's database could not be prepared ({' '.join(last)})",
            "check that the database server runs and that the URL is right",
        )


def _wait(state: ServerState, home: Path, patience: float) -> None:
    end = time.monotonic() + patience
    waiting = {"web": _web_answers, "worker": _worker_ready}
    while waiting:
        for name, ready in list(waiting.items()):
            if ready(state, home):
                del waiting[name]
            elif not alive(getattr(state, name)) or time.monotonic() > end:
                raise BaliseError(
                    home / f"{name}.log",
                    f"Doccano's {name} process did not start",
                    "read the end of this log, mend what it says and run this again",
                )
        time.sleep(0.1)


def _web_answers(state: ServerState, _: Path) -> bool:
    # Whatever proxy the environment names, loopback is reached without one.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(f"{state.url}/v1/me", timeout=10)
    except urllib.error.HTTPError as error:
        return error.code == 403
    except OSError:
        return False
    return False


def _worker_ready(_: ServerState, home: Path) -> bool:
    with contextlib.suppress(OSError):
        return " ready." in (home / "worker.log").read_text(errors="replace")
    return False

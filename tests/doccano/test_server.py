"""The server is ours alone: on loopback, with secrets that nobody sees, ended by id."""

import contextlib
import os
import socket
import stat
import sys
import time
from pathlib import Path

import pytest

from balise.doccano import server as server_module
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins, admin_password, server_secrets
from balise.doccano.database import has_password
from balise.doccano.environment import environment
from balise.doccano.processes import Process, alive, start, stop
from balise.doccano.server import down, running, up
from balise.errors import BaliseError, UsageError

pytestmark = pytest.mark.doccano


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_random_and_private(home: Path, tmp_path: Path) -> None:
    other = server_secrets(tmp_path)
    ours = server_secrets(home)
    assert ours == server_secrets(home)
    assert len({ours.secret_key, ours.admin_password, other.secret_key, other.admin_password}) == 4
    assert mode(home / "secrets.json") == 0o600
    logins = Logins(tmp_path)
    logins.create("anne")
    assert mode(logins.path) == 0o600
    assert Logins(tmp_path).password("anne") == logins.password("anne")


def test_secrets_that_others_may_read_are_refused(tmp_path: Path) -> None:
    server_secrets(tmp_path)
    (tmp_path / "secrets.json").chmod(0o644)
    with pytest.raises(BaliseError, match="chmod 600"):
        server_secrets(tmp_path)


def test_no_secret_is_in_an_argument_or_a_log(home: Path, server: Server) -> None:
    assert server.user == "admin"
    secrets = server_secrets(home)
    state = running(home)
    assert state is not None
    processes = [Path(f"/proc/{one.pid}") for one in (state.web, state.worker)]
    processes += [path.parent for path in Path("/proc").glob("[0-9]*/cmdline")]
    shown = "".join(path.read_text() for path in home.glob("*.log"))
    for process in processes:
        with contextlib.suppress(OSError):
            shown += (process / "cmdline").read_text(errors="replace")
    assert "gunicorn" in shown
    assert secrets.admin_password not in shown
    assert secrets.secret_key not in shown


def test_the_web_server_is_bound_to_loopback_alone(home: Path) -> None:
    state = running(home)
    assert state is not None
    port = f"{int(state.url.rsplit(':', 1)[1]):04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    lines += Path("/proc/net/tcp6").read_text().splitlines()[1:]
    local = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert [one for one in local if one.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_a_server_that_runs_is_left_alone(home: Path) -> None:
    assert up(home, port=0) == running(home)


def test_a_port_is_held_from_its_choice_on() -> None:
    with server_module._take_port(0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)):
            server_module._take_port(port)


def test_a_port_in_use_is_a_wrong_call(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="--port"):
            up(tmp_path, port=taken.getsockname()[1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u@127.0.0.1/db", "scheme 'mysql' is not PostgreSQL's"),
        ("sqlite:///db.sqlite3", "scheme 'sqlite' is not PostgreSQL's"),
        ("postgresql://u@127.0.0.1/db", "does not name its sslmode"),
    ],
)
def test_a_database_that_doccano_cannot_use_is_a_wrong_call(
    url: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        up(tmp_path, port=0, database_url=url)


@pytest.mark.parametrize(
    ("url", "held"),
    [
        ("postgresql://u:p@127.0.0.1/db", True),
        ("postgresql://u@127.0.0.1/db?password=p&sslmode=disable", True),
        ("postgresql://u@127.0.0.1/db?sslmode=disable", False),
        ("postgresql://[", False),
    ],
)
def test_a_password_in_a_database_url_is_seen(url: str, held: bool) -> None:
    assert has_password(url) is held


def test_stopping_what_does_not_run_says_so(tmp_path: Path) -> None:
    assert down(tmp_path) is False
    with pytest.raises(BaliseError, match="balise doccano up"):
        admin_password(tmp_path)
    server_secrets(tmp_path)
    with pytest.raises(BaliseError, match="no Doccano runs here"):
        connect(tmp_path)


def test_a_python_that_doccano_cannot_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"--python.*'/bin/false'"):
        environment("/bin/false")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BaliseError, match=r"Python 3\.8 to 3\.11.*BALISE_DOCCANO_URL"):
        environment()


def test_a_process_is_ended_by_its_id_and_start_only(tmp_path: Path) -> None:
    call = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = start(call, tmp_path, os.environ, tmp_path / "log")
    assert alive(process)
    stop(Process(process.pid, process.started - 1))
    time.sleep(0.1)
    assert alive(process)
    stop(process)
    assert not alive(process)
    assert mode(tmp_path / "log") == 0o600


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_number_that_is_no_port_is_a_wrong_call(port: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"--port: {port} cannot be used"):
        up(tmp_path, port=port)


def test_a_broken_database_url_is_a_wrong_call_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--database-url: is not a URL") as caught:
        up(tmp_path, port=0, database_url="postgresql://u:mot-de-passe@[x/db")
    assert "mot-de-passe" not in str(caught.value)


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("x")
    with pytest.raises(BaliseError, match=r"cannot be made a folder.*--home"):
        up(home, port=0)
    assert home.read_text() == "x"


def test_the_database_is_its_owners_alone_because_it_holds_tokens(home: Path) -> None:
    assert mode(home / "db.sqlite3") == 0o600


def test_what_was_started_is_ended_where_the_rest_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Process] = []

    def start_one(*_: object) -> Process:
        if started:
            raise OSError("no more processes")
        call = [sys.executable, "-c", "import time; time.sleep(60)"]
        started.append(start(call, tmp_path, os.environ, tmp_path / "log"))
        return started[0]

    monkeypatch.setattr(server_module, "_prepare", lambda *_: None)
    monkeypatch.setattr(server_module, "start", start_one)
    with pytest.raises(OSError, match="no more processes"):
        up(tmp_path, port=0)
    assert not alive(started[0])
    assert not (tmp_path / "server.json").exists()


def test_our_own_password_is_not_sent_to_a_server_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_secrets(tmp_path)
    monkeypatch.setenv("BALISE_DOCCANO_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("BALISE_DOCCANO_PASSWORD", raising=False)
    with pytest.raises(BaliseError, match=r"no password for this server.*BALISE_DOCCANO_PASSWORD"):
        connect(tmp_path)


def test_loopback_is_reached_without_the_proxy_of_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert connect(home).user == "admin"
    state = running(home)
    assert state is not None
    assert server_module._web_answers(state, home)

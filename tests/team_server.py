"""The team's server without Docker: each service of its compose file runs as a process here.

What the compose file says is what runs: commands, environments, health checks, secrets. Only
what Docker would give is given otherwise: addresses, folders, and PostgreSQL's container.
"""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from balise.doccano.environment import environment
from balise.doccano.processes import Process, start, stop
from balise.doccano.team.write import Places, nginx_conf, write_team
from postgresql import Cluster, free_port

HOST = "localhost"


class TeamServer:
    """The folder that `balise doccano team` wrote, and the processes started from it."""

    def __init__(self, root: Path, cluster: Cluster) -> None:
        self.folder = root / "team"
        write_team(self.folder, HOST)
        self.services: dict[str, Any] = yaml.safe_load(
            (self.folder / "compose.yaml").read_text("utf-8")
        )["services"]
        self.cluster = cluster
        self.port = free_port()
        self._root = root
        self._processes: dict[str, Process] = {}
        self.media = root / "media"
        self.media.mkdir()
        for block in shell_blocks(self.folder / "README.md"):
            if block.startswith("openssl"):
                subprocess.run(
                    ["sh", "-ec", block], cwd=self.folder, check=True, capture_output=True
                )

    def secret(self, name: str) -> str:
        """Read a secret."""
        return (self.folder / "secrets" / name).read_text("utf-8")

    @property
    def authority(self) -> Path:
        """The file that whoever trusts this server names."""
        return self.folder / "tls" / "fullchain.pem"

    @property
    def url(self) -> str:
        """Where gunicorn answers, past the proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> list[Path]:
        """What Doccano's services and the proxies have logged."""
        return [*self._root.glob("*.log"), *self._root.glob("nginx-*/*log")]

    @property
    def pids(self) -> list[int]:
        """The processes of Doccano's services."""
        return [process.pid for process in self._processes.values()]

    def make_database(self, cluster: Cluster | None = None) -> None:
        """Make what PostgreSQL's image makes of its environment."""
        environ = self.services["db"]["environment"]
        file = self.folder / "secrets" / Path(environ["POSTGRES_PASSWORD_FILE"]).name
        user, name = environ["POSTGRES_USER"], environ["POSTGRES_DB"]
        password = file.read_text("utf-8")
        cluster = cluster or self.cluster
        cluster.query("postgres", f"create role {user} superuser login password '{password}'")
        cluster.query("postgres", f"create database {name} owner {user}")

    def run(self, service: str) -> None:
        """Start a service of Doccano's."""
        words = [
            environment(),
            self.folder / "image" / "start.py",
            *self.services[service]["command"],
        ]
        log = self._root / f"{service}.log"
        self._processes[service] = start(words, self._root, self._environ(service), log)

    def end(self, service: str) -> None:
        """Stop a service."""
        stop(self._processes.pop(service))

    def end_all(self) -> None:
        """Stop what runs."""
        for service in list(self._processes):
            self.end(service)

    def command(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Do what `docker compose exec` does with words that begin with `python`."""
        assert words[:2] == ("python", "/opt/balise/start.py")
        call = [environment(), self.folder / "image" / "start.py", *words[2:]]
        return subprocess.run(
            call, env=self._environ(service), capture_output=True, text=True, check=False
        )

    def healthy(self, service: str) -> bool:
        """Run a service's own health check once."""
        kind, *words = self.services[service]["healthcheck"]["test"]
        assert kind == "CMD"
        return self.command(service, *words).returncode == 0

    def wait_for_web(self) -> None:
        """Wait until the web server listens, and then until its health check is content."""
        end = time.monotonic() + 180
        while not (_listens(self.port) and self.healthy("web")):
            assert time.monotonic() < end, (self._root / "web.log").read_text()
            time.sleep(0.1)

    @contextmanager
    def proxy(self) -> Iterator["Proxy"]:
        """Start nginx with the settings that were written, on ports of loopback."""
        scratch = self._root / f"nginx-{free_port()}"
        scratch.mkdir()
        proxy = Proxy(free_port(), free_port(), scratch / "nginx.conf")
        places = Places(
            http=f"127.0.0.1:{proxy.http}",
            https=f"127.0.0.1:{proxy.https}",
            doccano=f"127.0.0.1:{self.port}",
            tls=str(self.folder / "tls"),
            acme=str(self.folder / "acme"),
            scratch=str(scratch),
            log=str(scratch / "access.log"),
        )
        proxy.conf.write_text(nginx_conf(HOST, places), "utf-8")
        *words, settings = self.services["proxy"]["command"]
        if os.getuid() == 0:
            # In its container it never is root.
            settings += " user root;"
        call = [*words, settings, "-c", str(proxy.conf)]
        process = start(call, scratch, os.environ, scratch / "log")
        try:
            end = time.monotonic() + 10
            while not (scratch / "nginx.pid").exists():
                assert time.monotonic() < end, (scratch / "log").read_text()
                time.sleep(0.02)
            yield proxy
        finally:
            stop(process)

    def _secrets(self, service: str) -> Path:
        """Make a folder of those secrets alone that a service is given."""
        folder = self._root / f"secrets-{service}"
        folder.mkdir(exist_ok=True)
        for name in self.services[service]["secrets"]:
            if not (folder / name).exists():
                (folder / name).symlink_to(self.folder / "secrets" / name)
        return folder

    def _environ(self, service: str) -> Mapping[str, str]:
        said: dict[str, str] = self.services[service]["environment"]
        given = {
            "PATH": os.environ["PATH"],
            "SECRETS": str(self._secrets(service)),
            "TMPDIR": str(self._root),
            "WEB": self.url,
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.cluster.port),
            "MEDIA_ROOT": str(self.media),
            "GUNICORN_CMD_ARGS": said["GUNICORN_CMD_ARGS"]
            .replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")
            .replace("--workers=3", "--workers=1"),
        }
        return {**said, **given}


class Proxy:
    """An nginx that runs: its ports and its settings."""

    def __init__(self, http: int, https: int, conf: Path) -> None:
        self.http = http
        self.https = https
        self.conf = conf
        self.url = f"https://{HOST}:{https}"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def shell_blocks(readme: Path) -> list[str]:
    """List the blocks of shell in a README, indented ones set to the left."""
    found = re.findall(r"^( *)```sh\n(.*?)^ *```", readme.read_text("utf-8"), re.M | re.S)
    return [re.sub(f"(?m)^{indent}", "", block) for indent, block in found]

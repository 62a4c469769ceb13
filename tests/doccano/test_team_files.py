"""What `balise doccano team` writes: nothing open but the proxy, no secret but in its file."""

import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from balise.cli.main import app
from balise.doccano.environment import DOCCANO, _requirements
from balise.doccano.team.write import SECRETS, nginx_conf, write_team
from balise.errors import BaliseError, UsageError

HOST = "doccano.example.org"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("team") / "out"
    write_team(folder, HOST)
    return folder


@pytest.fixture(scope="module")
def compose(team: Path) -> dict[str, Any]:
    return yaml.safe_load((team / "compose.yaml").read_text("utf-8"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_proxy_can_be_reached(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"db", "web", "worker", "proxy"}
    assert {name for name, one in services.items() if "ports" in one} == {"proxy"}
    assert services["proxy"]["ports"] == ["80:8080", "443:8443"]
    assert {name for name, one in services.items() if one["networks"] != ["inside"]} == {"proxy"}
    assert compose["networks"]["inside"] == {"internal": True}
    assert all("network_mode" not in one for one in services.values())


def test_every_service_restarts_is_watched_and_is_held_within_limits(
    compose: dict[str, Any],
) -> None:
    for one in compose["services"].values():
        assert one["restart"] == "unless-stopped"
        assert one["healthcheck"]["test"][0] == "CMD"
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
        assert set(one["logging"]["options"]) == {"max-size", "max-file"}
        assert not re.search(r"(:latest|^[^:]+)$", one["image"])
    rootless = {
        name for name, one in compose["services"].items() if "TEAM_UID" in one.get("user", "")
    }
    assert rootless == {"web", "worker", "proxy"}
    assert all(compose["services"][name]["read_only"] for name in rootless)


def test_no_secret_stands_anywhere_but_in_its_file(team: Path, compose: dict[str, Any]) -> None:
    assert compose["secrets"] == {name: {"file": f"secrets/{name}"} for name in SECRETS}
    given = {name: one.get("secrets", []) for name, one in compose["services"].items()}
    assert given == {
        "db": ["database_password"],
        "web": ["secret_key", "database_password", "admin_password"],
        "worker": ["secret_key", "database_password"],
        "proxy": [],
    }
    for one in compose["services"].values():
        assert "env_file" not in one
        for name, value in one.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|TOKEN", name):
                assert name.endswith("_FILE")
                assert value.startswith("/run/secrets/")
    secrets = [(team / "secrets" / name).read_text("utf-8") for name in SECRETS]
    assert len(set(secrets)) == 3
    assert min(map(len, secrets)) >= 24
    others = [path for path in team.rglob("*") if path.is_file() and path.parent.name != "secrets"]
    assert len(others) == 8
    assert all(secret not in path.read_text("utf-8") for path in others for secret in secrets)


def test_debug_standalone_media_and_plain_cookies_are_off(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        environ = compose["services"][name]["environment"]
        assert environ["DEBUG"] == "false"
        assert environ["SESSION_COOKIE_SECURE"] == environ["CSRF_COOKIE_SECURE"] == "true"
        assert "STANDALONE" not in environ


def test_web_and_worker_share_the_folder_in_which_uploads_wait(
    team: Path, compose: dict[str, Any]
) -> None:
    web, worker = compose["services"]["web"], compose["services"]["worker"]
    assert web["image"] == worker["image"] == f"balise-doccano:{DOCCANO}"
    assert web["volumes"] == worker["volumes"]
    folders = {volume.split(":")[1] for volume in web["volumes"]}
    made = (team / "image" / "Dockerfile").read_text("utf-8").split("install --directory", 1)[1]
    assert all(folder in made for folder in folders)
    assert any(folder.endswith("/backend/filepond-temp-uploads") for folder in folders)


def test_the_image_has_the_versions_that_up_installs_and_no_rights(team: Path) -> None:
    lines = (team / "image" / "server-requirements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if line and line[0] != "#"] == _requirements((3, 11))
    assert f"doccano=={DOCCANO}" in lines
    dockerfile = (team / "image" / "Dockerfile").read_text("utf-8")
    instructions = re.findall(r"^([A-Z]+) (.*)$", dockerfile, re.M)
    assert ("FROM", "python:3.11-slim-bookworm") in instructions
    assert [words for name, words in instructions if name == "USER"] == ["doccano"]
    last = [name for name, _ in instructions][-2:]
    assert last == ["USER", "ENTRYPOINT"]
    installed = re.findall(r"pip install (.*)", dockerfile)
    assert len(installed) == 1
    assert installed[0].endswith("-r /opt/balise/server-requirements.txt")


def test_every_setting_that_the_readme_explains_is_there(team: Path) -> None:
    readme = (team / "README.md").read_text("utf-8")
    names = ("compose.yaml", "nginx.conf", ".env", "image/Dockerfile")
    settings = "\n".join((team / name).read_text("utf-8") for name in names)
    rows = re.findall(r"^\| (.*?) \| (.*?) \| (.*?) \|$", readme, re.M)[1:]
    assert len(rows) > 20
    explained = [token for row in rows for token in re.findall("`([^`]+)`", row[0])]
    known = set(re.findall(r"[\w-]+", settings))
    absent = [token for token in explained if not known.issuperset(re.findall(r"[\w-]+", token))]
    # The one that is explained because it is not there.
    assert absent == ["STANDALONE"]
    assert HOST in readme


def test_secrets_are_private_and_made_once(tmp_path: Path) -> None:
    first = write_team(tmp_path, HOST)
    before = {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS}
    assert first.made == tuple(sorted(SECRETS))
    assert {mode(tmp_path / "secrets" / name) for name in SECRETS} == {0o600}
    assert mode(tmp_path / "secrets") == mode(tmp_path / "tls") == 0o700
    (tmp_path / "secrets" / "secret_key").unlink()
    assert write_team(tmp_path, HOST).made == ("secret_key",)
    after = {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS}
    assert [name for name in SECRETS if before[name] != after[name]] == ["secret_key"]
    (tmp_path / "secrets" / "admin_password").chmod(0o644)
    with pytest.raises(BaliseError, match="chmod 600"):
        write_team(tmp_path, HOST)


def test_the_containers_user_can_read_the_secrets(tmp_path: Path) -> None:
    written = write_team(tmp_path, HOST)
    assert written.owner != 0
    assert f"TEAM_UID={written.owner}\n" in (tmp_path / ".env").read_text()
    assert {(tmp_path / "secrets" / name).stat().st_uid for name in SECRETS} == {written.owner}
    assert os.getuid() in (0, written.owner)


def test_a_file_that_someone_changed_stays(tmp_path: Path) -> None:
    write_team(tmp_path, HOST)
    changed = tmp_path / "compose.yaml"
    changed.write_text(changed.read_text() + "# nôtre\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BaliseError, match=rf"{changed}: differs.*compose\.override\.yaml"):
        write_team(tmp_path, HOST)
    with pytest.raises(BaliseError, match=r"nginx\.conf"):
        write_team(tmp_path, "autre.example.org")
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "host",
    [
        "https://a.fr",
        "a.fr:443",
        "A.fr",
        "a..fr",
        "-a.fr",
        "10.0.0.1",
        "a.fr; deny all",
        "",
        "é.fr",
    ],
)
def test_what_is_no_host_name_is_a_wrong_call(host: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--host"):
        write_team(tmp_path / "out", host)
    assert not (tmp_path / "out").exists()


def test_the_proxys_settings_name_the_host_and_the_containers_places() -> None:
    conf = nginx_conf(HOST)
    assert f"server_name {HOST};" in conf
    assert "set $doccano web:8000;" in conf
    assert "/etc/nginx/tls/privkey.pem" in conf
    # Debian's OpenSSL would refuse older ones by itself, and other builds would not.
    assert re.findall("ssl_protocols (.*);", conf) == ["TLSv1.2 TLSv1.3"]
    assert "{{" not in conf


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(BaliseError, match="--out"):
        write_team(tmp_path / "out", HOST)


def test_the_command_shows_the_next_steps_and_no_secret(tmp_path: Path) -> None:
    call = ["doccano", "team", "--out", str(tmp_path / "team"), "--host", HOST]
    shown = CliRunner().invoke(app, call)
    assert shown.exit_code == 0
    assert "docker compose up --detach --build --wait" in shown.output
    assert f"BALISE_DOCCANO_URL=https://{HOST}" in shown.output
    for name in SECRETS:
        assert (tmp_path / "team" / "secrets" / name).read_text() not in shown.output
    again = CliRunner().invoke(app, [*call, "--json"])
    assert '"made": []' in again.output

"""The team's server as its compose file has it, behind Debian's nginx: what passes, what does not.

PostgreSQL, Doccano's two services and the proxy run here as processes; see `team_server.py`.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.errors import BaliseError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from browser import open_browser, open_document, sign_in
from postgresql import running_cluster
from small_batch import SmallBatch
from team_server import Proxy, TeamServer, shell_blocks

pytestmark = [pytest.mark.doccano, pytest.mark.xdist_group("team")]

DOCKER = """#!/bin/sh
# What is run in PostgreSQL's container is run here; what only Docker can do is not done.
[ "$1 $2" = "compose up" ] && exit 0
[ "$1 $2 $3 $4" = "compose exec -T db" ] || exit 64
shift 4
exec "$@"
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamServer]:
    with running_cluster("mot-de-passe") as cluster:
        server = TeamServer(tmp_path_factory.mktemp("team"), cluster)
        server.make_database()
        try:
            server.run("web")
            server.wait_for_web()
            server.run("worker")
            yield server
        finally:
            server.end_all()


@pytest.fixture
def proxy(team: TeamServer) -> Iterator[Proxy]:
    """Start a proxy whose limits nobody has used yet."""
    with team.proxy() as started:
        yield started


@pytest.fixture
def trusted(team: TeamServer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """Name the server to balise as its users do."""
    monkeypatch.setenv("BALISE_DOCCANO_URL", proxy.url)
    monkeypatch.setenv("BALISE_DOCCANO_PASSWORD", team.secret("admin_password"))
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(team.authority))
    # Whatever else the machine trusts, the file that is named counts.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")
    return proxy


@pytest.fixture
def ask(team: TeamServer) -> Iterator[requests.Session]:
    """Return a session without a login that trusts the server."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(team.authority)
        yield session


def test_a_batch_goes_out_is_seen_on_the_page_and_comes_back_through_tls(
    trusted: Proxy, make: Callable[..., SmallBatch], labels: LabelScheme, tmp_path: Path
) -> None:
    batch = make("equipe")
    logins = Logins(tmp_path)
    push(batch.make(), connect(tmp_path), logins, labels)
    session = Server(trusted.url, "anne", logins.password("anne"))
    project = session.require_project("equipe.anne")
    replay(session, project, batch.readings)
    with open_browser() as first:
        browser = first.context.browser
        assert browser is not None
        page = browser.new_page(locale="fr-FR", ignore_https_errors=True)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        sign_in(page, trusted.url, "anne", logins.password("anne"))
        open_document(page, trusted.url, project.id)
        safe = {one["name"] for one in page.context.cookies() if one["secure"]}
    # The policy that the proxy sends hinders nothing that the page does.
    assert [text for text in said if "Content Security Policy" in text] == []
    assert safe == {"sessionid", "csrftoken"}
    pull(load_batch(batch.folder), connect(tmp_path), batch.articles, labels, batch.annotations)
    came = read_jsonl(batch.annotations / "equipe" / "anne.jsonl", Annotation)
    assert [one.spans for one in came] == [one.spans for one in batch.readings]


def test_a_certificate_that_nobody_vouches_for_is_named_with_the_remedy(
    trusted: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BALISE_DOCCANO_CA")
    with pytest.raises(BaliseError, match=r"certificate is not trusted .*BALISE_DOCCANO_CA"):
        connect(tmp_path)


def test_plain_http_is_sent_on_and_balise_says_so(
    trusted: Proxy, ask: requests.Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = f"http://localhost:{trusted.http}"
    answer = ask.get(f"{plain}/v1/me?x=1", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "https://localhost/v1/me?x=1")
    monkeypatch.setenv("BALISE_DOCCANO_URL", plain)
    with pytest.raises(BaliseError, match="sends us on to https://localhost/v1/auth/login/"):
        connect(tmp_path)


def test_a_name_that_is_not_ours_is_shown_neither_certificate_nor_page(
    proxy: Proxy, ask: requests.Session
) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        ask.get(f"https://127.0.0.1:{proxy.https}/", verify=False)
    with pytest.raises(requests.ConnectionError):
        ask.get(f"{proxy.url}/", headers={"Host": "autre.example.org"})


@pytest.mark.parametrize("path", ["/", "/v1/me", "/media/x", "/static/_nuxt/none.js"])
def test_every_answer_bears_the_headers_once(
    path: str, proxy: Proxy, ask: requests.Session
) -> None:
    headers = ask.get(proxy.url + path, headers={"Origin": "https://evil.example"}).headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["server"] == "nginx"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/x.zip",
        "/%6dedia/x.zip",
        "//media/x.zip",
        "/x/../media/x.zip",
        "/admin/",
        "/admin/login/",
        "/api-auth/login/",
        "/swagger/",
        "/social/complete/okta-oauth2/",
        "/v1/health/?format=json",
        "/v1/auth/password/reset/",
        "/v1/auth/password/reset/confirm/",
        "/v1/fp/fetch/?target=http://127.0.0.1/",
        "/v1/fp/process/../fetch/?target=http://127.0.0.1/",
        "/v1/fp/load/?id=x",
        "/v1/fp/restore/?id=x",
    ],
)
def test_doors_that_doccano_leaves_open_are_closed(
    path: str, proxy: Proxy, ask: requests.Session
) -> None:
    for method in ("GET", "POST"):
        request = ask.prepare_request(requests.Request(method, proxy.url))
        # As a caller who means harm writes it, not as requests would tidy it.
        request.url = proxy.url + path
        answer = ask.send(request)
        assert (answer.status_code, answer.headers["server"]) == (404, "nginx")


def test_an_export_is_on_the_disk_and_only_its_member_gets_it(
    trusted: Proxy, team: TeamServer, ask: requests.Session, tmp_path: Path
) -> None:
    server = connect(tmp_path)
    project = server.create_project("export", "d", "g")
    content = server.export_archive(project, confirmed_only=False)
    [export] = [path for path in team.media.glob("*.zip") if path.read_bytes() == content]
    for url in (trusted.url, team.url):
        assert content not in ask.get(f"{url}/media/{export.name}").content


def test_a_file_is_taken_only_from_who_is_logged_in(
    team: TeamServer, proxy: Proxy, ask: requests.Session
) -> None:
    files = {"filepond": ("x.jsonl", b"x")}
    assert ask.post(f"{proxy.url}/v1/fp/process/", files=files).status_code == 403
    # Doccano itself takes it, which is why the proxy asks first.
    assert ask.post(f"{team.url}/v1/fp/process/", files=files).status_code == 200


def test_a_body_that_is_too_large_is_refused(proxy: Proxy, ask: requests.Session) -> None:
    answer = ask.post(f"{proxy.url}/v1/auth/login/", data=b"x" * (9 << 20))
    assert answer.status_code == 413


def test_guessing_passwords_is_slowed_down(
    trusted: Proxy, ask: requests.Session, tmp_path: Path
) -> None:
    login = {"username": "admin", "password": "devine"}
    url = f"{trusted.url}/v1/auth/login/"
    codes = [ask.post(url, json=login).status_code for _ in range(10)]
    assert codes[:6] == [400] * 6
    assert 429 in codes[6:]
    # Forwarded addresses that a caller invents count for nothing.
    for number in range(3):
        ask.headers["X-Forwarded-For"] = f"10.0.0.{number}"
        assert ask.post(url, json=login).status_code == 429
    assert ask.get(f"{trusted.url}/v1/me").status_code == 403
    with pytest.raises(BaliseError, match=r"too many logins.*wait a minute"):
        connect(tmp_path)


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("-tls1_3", True),
        ("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", True),
        # Its kind has been broken before; nginx takes it unless told otherwise.
        ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", False),
    ],
)
def test_only_sound_ciphers_are_spoken(words: str, spoken: bool, proxy: Proxy) -> None:
    call = ["openssl", "s_client", *words.split(), "-servername", "localhost"]
    call += ["-connect", f"127.0.0.1:{proxy.https}"]
    done = subprocess.run(call, input=b"", capture_output=True, check=False)
    assert (b"BEGIN CERTIFICATE" in done.stdout) is spoken


def test_gunicorn_hears_only_the_address_it_is_given(team: TeamServer) -> None:
    port = f"{team.port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    lines += Path("/proc/net/tcp6").read_text().splitlines()[1:]
    local = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert [one for one in local if one.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_secrets_are_in_no_argument_and_no_log(team: TeamServer) -> None:
    shown = "".join(path.read_text(errors="replace") for path in team.logs)
    for pid in team.pids:
        shown += Path(f"/proc/{pid}/cmdline").read_text()
    assert "gunicorn" in shown
    assert "celery@" in shown
    for name in ("secret_key", "database_password", "admin_password"):
        assert team.secret(name) not in shown


def test_a_worker_that_takes_no_task_is_seen(team: TeamServer) -> None:
    table = "insert into kombu_message (id, visible, payload, version, queue_id)"
    assert team.healthy("worker")
    team.cluster.query("doccano", f"{table} values (-1, true, '{{}}', 1, null)")
    try:
        # One that waits may have come just now; one that waits since the last look is not taken.
        assert team.healthy("worker")
        assert not team.healthy("worker")
    finally:
        team.cluster.query("doccano", "delete from kombu_message where id = -1")
    assert team.healthy("worker")


def test_doccanos_own_commands_run_in_the_container(team: TeamServer) -> None:
    done = team.command("web", "python", "/opt/balise/start.py", "manage", "check", "--deploy")
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY" not in done.stderr
    assert "DEBUG" not in done.stderr


def test_the_lines_of_the_readme_back_up_and_restore(team: TeamServer, tmp_path: Path) -> None:
    blocks = shell_blocks(team.folder / "README.md")
    [save] = [block for block in blocks if "pg_dump" in block]
    [load] = [block for block in blocks if "pg_restore" in block]
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    counts = "select (select count(*) from auth_user), (select count(*) from examples_example)"

    def run(block: str, port: int) -> int:
        environ = {
            "PATH": f"{docker.parent}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "PGPASSWORD": team.secret("database_password"),
        }
        call = ["sh", "-ec", block]
        return subprocess.run(call, cwd=tmp_path, env=environ, check=False).returncode

    assert run(save, team.cluster.port) == 0
    assert (tmp_path / "doccano.dump").stat().st_mode & 0o777 == 0o600
    with running_cluster("autre") as other:
        team.make_database(other)
        assert run(load, other.port) == 0
        assert other.query("doccano", counts) == team.cluster.query("doccano", counts)
        assert run(load, other.port) != 0
        assert other.query("doccano", counts) == team.cluster.query("doccano", counts)

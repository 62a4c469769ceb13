"""A server's certificate is checked, and what is wrong with it is said with the remedy."""

import http.server
import re
import threading
from pathlib import Path

import pytest

from balise.doccano.client import Server
from balise.doccano.session import Session
from balise.errors import BaliseError
from certificates import https_server, make_certificate

USUAL = "/etc/ssl/certs/ca-certificates.crt"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("ours"), "localhost")


@pytest.mark.parametrize("elsewhere", [None, USUAL])
def test_the_authority_that_is_named_is_trusted_whatever_the_machine_trusts(
    elsewhere: str | None, ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(ours))
    if elsewhere:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", elsewhere)
    else:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with https_server(ours) as url, pytest.raises(BaliseError, match="Doccano answered 418"):
        Server(url, "admin", "x")


def test_the_authority_holds_on_hosts_that_heed_the_environment(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loopback passes the environment over; a host elsewhere has its REQUESTS_CA_BUNDLE."""
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(ours))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", USUAL)
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setattr("balise.doccano.session._LOOPBACK", re.compile("never"))
    with https_server(ours) as url, pytest.raises(BaliseError, match="Doccano answered 418"):
        Session(url, "admin", "x")


def test_a_certificate_of_an_unknown_authority_is_refused(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = r"certificate is not trusted \(self.signed certificate\).*BALISE_DOCCANO_CA"
    monkeypatch.delenv("BALISE_DOCCANO_CA", raising=False)
    with https_server(ours) as url:
        with pytest.raises(BaliseError, match=message):
            Server(url, "admin", "x")
        other = make_certificate(tmp_path, "localhost")
        monkeypatch.setenv("BALISE_DOCCANO_CA", str(other))
        with pytest.raises(BaliseError, match=message):
            Server(url, "admin", "x")


def test_a_certificate_of_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificate(tmp_path, "doccano.example.org")
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(other))
    message = "not trusted.*doesn't match 'doccano.example.org'.*host name that the certificate"
    with https_server(other) as url, pytest.raises(BaliseError, match=message):
        Server(url, "admin", "x")


def test_a_certificate_that_is_over_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = make_certificate(tmp_path, "localhost", days=-1)
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(over))
    with https_server(over) as url, pytest.raises(BaliseError, match=r"has expired.*renewed"):
        Server(url, "admin", "x")


def test_a_server_without_tls_is_named() -> None:
    web = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=web.handle_request, daemon=True).start()
    with pytest.raises(BaliseError, match=r"no TLS connection .*check the URL"):
        Server(f"https://127.0.0.1:{web.server_port}", "admin", "x")
    web.server_close()


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), ("nothing", "it is no PEM file")]
)
def test_a_file_that_holds_no_authority_is_named(
    content: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    monkeypatch.setenv("BALISE_DOCCANO_CA", str(file))
    message = f"BALISE_DOCCANO_CA={file}: holds no certificate that can be read .{reason}"
    with pytest.raises(BaliseError, match=message):
        Server("https://127.0.0.1:9", "admin", "x")

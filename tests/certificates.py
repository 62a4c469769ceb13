"""Certificates for tests, made by openssl, and servers that show them."""

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_certificate(folder: Path, name: str, days: int = 1) -> Path:
    """Make a certificate that signs itself, with its key beside it; days below 0 are over."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        f"-subj /CN={name} -addext subjectAltName=DNS:{name} -keyout key.pem -out request.pem",
        f"openssl x509 -req -in request.pem -signkey key.pem -days {days} "
        "-copy_extensions copy -out certificate.pem",
    ]
    for line in words:
        subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem"


@contextmanager
def https_server(certificate: Path) -> Iterator[str]:
    """Serve nothing, over TLS, on a port of loopback; yield the URL by the name `localhost`."""
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    web.socket = context.wrap_socket(web.socket, server_side=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield f"https://localhost:{web.server_port}"
    finally:
        web.shutdown()
        web.server_close()


class _Silent(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_error(418)

    def log_message(self, *_: object) -> None:
        """Log nothing."""

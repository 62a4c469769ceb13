"""A proxy on loopback that a test tells when to fail: it sees each request, and can act on it."""

import http.client
import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

Moment = Literal["before", "sending", "during", "after"]


class Request(NamedTuple):
    """A request as the proxy saw it: when it came, and its path from `/v1/` on."""

    at: float
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Fault(NamedTuple):
    """What to do to one request.

    `act` runs before the request is passed on, after half of its body was sent, `delay` seconds
    after all of it was sent, or when the answer is there. `answer` is given instead of the
    server's; `lost` is an answer that never comes, `cut` one that ends half-way.
    """

    moment: Moment = "before"
    act: Callable[[], None] = lambda: None
    delay: float = 0
    answer: tuple[int, str] | None = None
    lost: bool = False
    cut: bool = False


Rule = Callable[[Request], Fault | None]


class Proxy:
    """A proxy that runs; `seen` lists the requests in the order in which they came."""

    def __init__(self, target: str, rule: Rule, certificate: Path | None) -> None:
        self.target = urlsplit(target).netloc
        self.rule = rule
        self.seen: list[Request] = []
        self.ended = threading.Event()
        self._order = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._web.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_name("key.pem"))
            self._web.socket = context.wrap_socket(self._web.socket, server_side=True)
            self.url = f"https://localhost:{self._web.server_port}"
        self._thread = threading.Thread(target=self._web.serve_forever, args=(0.01,))
        self._thread.start()

    def note(self, method: str, path: str) -> Request:
        """Enter a request in the list."""
        with self._order:
            short = urlsplit(path).path.removeprefix("/v1/")
            request = Request(time.monotonic(), method, short)
            self.seen.append(request)
            return request

    def close(self) -> None:
        """Refuse connections from now on, as the port of a program that died does."""
        if not self.ended.is_set():
            self.ended.set()
            self._web.shutdown()
            self._thread.join()
            self._web.socket.close()


@contextmanager
def faulty(
    target: str, rule: Rule = lambda _: None, certificate: Path | None = None
) -> Iterator[Proxy]:
    """Run a proxy before the server at a URL; with a certificate it speaks TLS."""
    proxy = Proxy(target, rule, certificate)
    try:
        yield proxy
    finally:
        proxy.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Passes one request on."""

    proxy: Proxy

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            # The client was killed, or the server: the connection ends without a word.
            self.close_connection = True

    def _pass_on(self) -> None:
        """Answer a request of any method."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.proxy.rule(self.proxy.note(self.command, self.path)) or Fault()
        if fault.moment == "before":
            fault.act()
        if fault.answer:
            status, text = fault.answer
            self._answer(status, [("Content-Type", "application/json")], text.encode())
            return
        try:
            status, headers, content = self._ask(body, fault)
        except (OSError, http.client.HTTPException):
            return
        if fault.moment == "after":
            fault.act()
        if not fault.lost:
            self._answer(status, headers, content, len(content) // 2 if fault.cut else None)

    def _ask(self, body: bytes, fault: Fault) -> tuple[int, list[tuple[str, str]], bytes]:
        server = http.client.HTTPConnection(self.proxy.target, timeout=300)
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            server.putheader(name, value)
        # A server may answer without reading the body; what it then closes refuses the rest.
        refusal = suppress(BrokenPipeError, ConnectionResetError)
        with refusal:
            server.endheaders()
            server.send(body[: len(body) // 2])
        if fault.moment == "sending":
            fault.act()
        with refusal:
            server.send(body[len(body) // 2 :])
        timer = threading.Timer(fault.delay, fault.act)
        if fault.moment == "during":
            timer.start()
        try:
            answer = server.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            if fault.moment == "during":
                timer.join()
            server.close()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], content: bytes, end: int | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:end])

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{method}", _Handler._pass_on)

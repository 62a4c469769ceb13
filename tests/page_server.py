"""A web server on loopback that answers as it is told, badly too, and remembers what it was asked.

A path has a list of replies, given one after another; the last is given again and again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """One answer; `after` writes what comes after it to the connection, `length` may lie.

    `instead` writes all of it, its status and headers too.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    after: Callable[[Callable[[bytes], object]], object] | None = None
    instead: Callable[[Callable[[bytes], object]], object] | None = None


def page(body: str, **headers: str) -> Reply:
    """Make an HTML page in UTF-8; header names have `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8", **named})


@dataclass
class PageServer:
    """The server; `asked` lists the paths asked for, and `requests` their headers."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, *replies: Reply) -> str:
        """Give a path its replies, and name its address."""
        self.replies[path] = list(replies)
        return self.url(path)

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        self.asked.append(path)
        self.requests.append(headers)
        replies = self.replies.get(path, [Reply(status=404)])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        etag = reply.headers.get("ETag")
        if etag is not None and headers.get("If-None-Match") == etag:
            return Reply(status=304)
        return reply


@contextmanager
def serve() -> Iterator[PageServer]:
    """Run a server until the context ends."""
    pages = PageServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = pages.answer(self.path, dict(self.headers.items()))
            if reply.instead is not None:
                self.close_connection = True
                with suppress(OSError):
                    reply.instead(self.wfile.write)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.after is None or reply.length is not None:
                length = len(reply.body) if reply.length is None else reply.length
                self.send_header("Content-Length", str(length))
            if reply.after is not None or reply.length is not None:
                self.close_connection = True
            self.end_headers()
            try:
                self.wfile.write(reply.body)
                if reply.after is not None:
                    reply.after(self.wfile.write)
            except OSError:
                # The client has gone, as it should from an answer without end.
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pages.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

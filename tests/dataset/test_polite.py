"""Pages are asked for politely, whatever servers answer."""

import gzip
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.utils import formatdate
from importlib.util import find_spec
from pathlib import Path
from time import sleep, time
from typing import cast

import pytest
from requests import adapters
from urllib3 import HTTPConnectionPool, PoolManager

from balise.dataset.rehydration.deadline import watched_session
from balise.dataset.rehydration.download import (
    Answer,
    Downloader,
    Limits,
    Unfetched,
    user_agent,
)
from balise.dataset.rehydration.page_cache import StoredPage
from balise.dataset.rehydration.polite import PATIENCE, Polite
from balise.errors import BaliseError
from page_server import PageServer, Reply, page, serve


class Clock:
    """A time that passes only where it is slept, or where each look takes some of it."""

    def __init__(self, look: float = 0.0) -> None:
        self.time, self.look = 1000.0, look
        self.slept: list[float] = []

    def now(self) -> float:
        self.time += self.look
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serve() as pages:
        yield pages


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def polite(clock: Clock, limits: Limits = Limits(), pause: float = 2.0) -> Polite:  # noqa: B008 - frozen
    return Polite(Downloader(None, limits), pause, clock.sleep, clock.now)


def refusal(ask: Callable[[], object]) -> str:
    with pytest.raises(Unfetched) as caught:
        ask()
    return caught.value.reason


def test_a_page_comes_with_what_is_known_of_it(server: PageServer, clock: Clock) -> None:
    url = server.put("/a", page("été", ETag='"1"', Last_Modified="Mon, 30 Nov 2026 00:00:00 GMT"))
    found = polite(clock).fetch(url)
    assert (found.body.decode(), found.final_url, found.etag) == ("été", url, '"1"')
    assert (found.kind, found.charset) == ("text/html", "utf-8")
    assert server.asked == ["/robots.txt", "/a"]


def test_we_say_who_we_are_and_keep_no_cookies(server: PageServer, clock: Clock) -> None:
    server.put("/a", page("a", Set_Cookie="id=1; Path=/"))
    polite(clock).fetch(server.url("/a"))
    Downloader("mailto:me@example.org", Limits()).get(server.url("/a"))
    agents = [headers["User-Agent"] for headers in server.requests]
    assert agents == [user_agent(None)] * 2 + [user_agent("mailto:me@example.org")]
    assert agents[0].startswith("balise/")
    assert agents[2] == f"{agents[0]} (+mailto:me@example.org)"
    assert not any("Cookie" in headers or "Authorization" in headers for headers in server.requests)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /private/", "/a", True),
        ("User-agent: *\nAllow: /\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.html$", "/b.html", False),
        ("User-agent: *\nDisallow:\n\nUser-agent: balise\nDisallow: /", "/a", False),
        ("User-agent: balise\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("<html>no rules at all</html>", "/a", True),
    ],
)
def test_robots_txt_is_obeyed(
    server: PageServer, clock: Clock, rules: str, path: str, allowed: bool
) -> None:
    server.put("/robots.txt", Reply(rules.encode()))
    url = server.put(path, page("a"))
    if allowed:
        assert polite(clock).fetch(url).body == b"a"
    else:
        assert refusal(lambda: polite(clock).fetch(url)) == "the host's robots.txt forbids it"
    assert (path in server.asked) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_a_robots_txt_that_is_not_there_allows_and_one_out_of_reach_forbids(
    server: PageServer, clock: Clock, status: int, allowed: bool
) -> None:
    server.put("/robots.txt", Reply(status=status))
    url = server.put("/a", page("a"))
    if allowed:
        assert polite(clock).fetch(url).body == b"a"
    else:
        assert "robots.txt cannot be had" in refusal(lambda: polite(clock).fetch(url))
        assert "/a" not in server.asked


def test_robots_txt_is_asked_once_a_host_and_may_be_redirected(
    server: PageServer, clock: Clock
) -> None:
    server.put("/robots.txt", Reply(status=301, headers={"Location": "/rules"}))
    server.put("/rules", Reply(b"User-agent: *\nDisallow: /no"))
    server.put("/a", page("a"))
    asking = polite(clock)
    asking.fetch(server.url("/a"))
    asking.fetch(server.url("/a"))
    assert "forbids" in refusal(lambda: asking.fetch(server.url("/no")))
    assert server.asked == ["/robots.txt", "/rules", "/a", "/a"]


def test_a_host_gets_its_pause_and_a_longer_one_where_it_asks(
    server: PageServer, clock: Clock
) -> None:
    server.put("/a", page("a"))
    polite(clock).fetch(server.url("/a"))
    assert clock.slept == [2.0]
    server.put("/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 7"))
    clock.slept.clear()
    asking = polite(clock)
    asking.fetch(server.url("/a"))
    asking.fetch(server.url("/a", "localhost"))
    asking.fetch(server.url("/a"))
    # The other host has a turn of its own: while it is asked, the first has rested.
    assert clock.slept == [7.0, 7.0]


def test_a_host_that_asks_for_too_much_patience_is_left_alone(
    server: PageServer, clock: Clock
) -> None:
    server.put("/robots.txt", Reply(f"User-agent: *\nCrawl-delay: {PATIENCE + 1}".encode()))
    said = refusal(lambda: polite(clock).fetch(server.url("/a")))
    assert said == f"the host asks for {PATIENCE + 1:g} seconds between two requests"
    assert server.asked == ["/robots.txt"]


def test_a_server_in_trouble_is_asked_again_with_growing_pauses(
    server: PageServer, clock: Clock
) -> None:
    trouble = Reply(status=500)
    url = server.put("/a", trouble, Reply(status=502), Reply(status=504), page("a"))
    assert polite(clock, pause=0).fetch(url).body == b"a"
    assert clock.slept == [2.0, 8.0, 30.0]
    url = server.put("/b", trouble)
    assert refusal(lambda: polite(clock).fetch(url)) == "the server answers 500"
    assert server.asked.count("/b") == 4


@pytest.mark.parametrize(
    "form", ["40", "date", "soon", "-5", "Fri, 31 Dec 99999 23:59:59 GMT", "1" * 5000]
)
def test_retry_after_is_obeyed(server: PageServer, clock: Clock, form: str) -> None:
    value = formatdate(time() + 100, usegmt=True) if form == "date" else form
    url = server.put("/a", Reply(status=429, headers={"Retry-After": value}), page("a"))
    assert polite(clock, pause=0).fetch(url).body == b"a"
    [waited] = clock.slept
    least = {"40": 40, "date": 50}.get(form, 2)
    assert least <= waited <= PATIENCE


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=503, headers={"Retry-After": "9999"}), "asks to wait for 9999 seconds"),
        (Reply(status=429), "the server answers 429"),
    ],
)
def test_a_host_that_wants_no_more_is_asked_no_more(
    server: PageServer, clock: Clock, reply: Reply, said: str
) -> None:
    server.put("/a", reply)
    server.put("/b", page("b"))
    asking = polite(clock)
    assert said in refusal(lambda: asking.fetch(server.url("/a")))
    assert "the host" in refusal(lambda: asking.fetch(server.url("/b")))
    assert "/b" not in server.asked


@pytest.mark.parametrize(
    "cut",
    [
        Reply(b"<p>half", length=100),
        Reply(
            headers={"Transfer-Encoding": "chunked"},
            after=lambda write: write(b"50\r\n<p>half"),
        ),
        Reply(gzip.compress(b"a" * 999)[:20], headers={"Content-Encoding": "gzip"}, length=99),
    ],
)
def test_a_cut_answer_is_no_answer_and_asked_for_again(
    server: PageServer, clock: Clock, cut: Reply
) -> None:
    url = server.put("/a", cut, page("whole"))
    assert polite(clock).fetch(url).body == b"whole"
    url = server.put("/b", cut)
    assert "no whole answer" in refusal(lambda: polite(clock).fetch(url))
    assert server.asked.count("/b") == 4


def test_a_host_that_fails_three_times_on_end_is_left_alone(
    server: PageServer, clock: Clock
) -> None:
    asking = polite(clock)
    for path in ("/a", "/b", "/c"):
        server.put(path, Reply(b"half", length=100))
        assert "no whole answer" in refusal(lambda path=path: asking.fetch(server.url(path)))
    assert "failed 3 times" in refusal(lambda: asking.fetch(server.url("/d")))
    assert "/d" not in server.asked


def test_a_host_where_nothing_listens_is_named(clock: Clock) -> None:
    with serve() as gone:
        url = gone.url("/a")
    said = refusal(lambda: polite(clock).fetch(url))
    assert said.startswith("the host's robots.txt cannot be had: no whole answer (")
    assert "refused" in said


def forever(write: Callable[[bytes], object]) -> None:
    while True:
        write(b"<p>toujours</p>" * 1000)


def test_an_answer_without_end_ends_at_the_size(server: PageServer, clock: Clock) -> None:
    url = server.put("/a", Reply(after=forever))
    said = refusal(lambda: polite(clock, Limits(size=100_000)).fetch(url))
    assert said == "more than 100,000 bytes, too large for an article"
    assert server.asked.count("/a") == 1


def slowly(first: bytes, again: bytes) -> Reply:
    """Begin an answer, and go on with the same bytes from time to time, without an end."""

    def write_on(write: Callable[[bytes], object]) -> None:
        write(first)
        while True:
            write(again)
            sleep(0.02)

    return Reply(instead=write_on)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_slow_answer_without_end_ends_at_its_time(
    server: PageServer, first: bytes, again: bytes
) -> None:
    url = server.put("/a", slowly(first, again))
    said = refusal(lambda: Downloader(None, Limits(whole=0.5)).get(url))
    assert said == "not at its end after 0.5 seconds"
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]


def test_a_handshake_without_end_ends_at_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        record = b"\x16\x03\x03\x40\x00"  # so long is what TLS says first, and it never comes
        thread = threading.Thread(target=_write_on, args=(listening, record), daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{port}/"
        said = refusal(lambda: Downloader(None, Limits(whole=0.5)).get(url))
    assert said == "not at its end after 0.5 seconds"
    thread.join(30)
    assert not thread.is_alive()


def _write_on(listening: socket.socket, first: bytes) -> None:
    line, _ = listening.accept()
    with line, suppress(OSError):
        line.sendall(first)
        while True:
            line.sendall(b"a")
            sleep(0.02)


def test_a_silent_server_is_not_waited_for(server: PageServer, clock: Clock) -> None:
    answered = threading.Event()
    url = server.put("/a", Reply(after=lambda _write: answered.wait(30)))
    assert "no whole answer" in refusal(lambda: Downloader(None, Limits(silence=0.1)).get(url))
    answered.set()


def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused(
    server: PageServer, clock: Clock
) -> None:
    packed = gzip.compress(b"\0" * 30_000_000)
    url = server.put("/a", Reply(packed, headers={"Content-Encoding": "gzip"}))
    assert "too large" in refusal(lambda: polite(clock, Limits(size=1_000_000)).fetch(url))


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,gzip,gzip", "br", "deflate"])
def test_a_page_packed_as_nobody_asked_is_refused_unpacked(
    server: PageServer, clock: Clock, coding: str
) -> None:
    packed = gzip.compress(gzip.compress(b"a"))
    url = server.put("/a", Reply(packed, headers={"Content-Encoding": coding}))
    assert refusal(lambda: polite(clock).fetch(url)) == (
        f"its answer is packed as {coding!r}, which was not asked for"
    )
    assert server.requests[-1]["Accept-Encoding"] == "gzip"


def test_redirects_are_followed_and_the_last_address_is_told(
    server: PageServer, clock: Clock
) -> None:
    server.put("/a", Reply(status=301, headers={"Location": "/b"}))
    server.put("/b", Reply(status=302, headers={"Location": server.url("/c", "localhost")}))
    server.put("/c", page("c"))
    found = polite(clock).fetch(server.url("/a"))
    assert (found.url, found.final_url) == (server.url("/a"), server.url("/c", "localhost"))
    # The other host has rules of its own.
    assert server.asked == ["/robots.txt", "/a", "/b", "/robots.txt", "/c"]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/loop", "redirects more than 5 times"),
        ("", "redirects more than 5 times"),
        ("/no", "forbids it"),
        ("file:///etc/passwd", "not an address of the web"),
        ("ftp://127.0.0.1/a", "not an address of the web"),
        ("http://", "redirects more than 5 times"),
        ("http://[", "not an address of the web"),
    ],
)
def test_a_redirect_to_nowhere_is_refused(
    server: PageServer, clock: Clock, location: str, said: str
) -> None:
    server.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /no"))
    server.put("/loop", Reply(status=307, headers={"Location": location}))
    assert said in refusal(lambda: polite(clock).fetch(server.url("/loop")))
    assert "/no" not in server.asked


def test_an_address_in_a_redirect_may_hold_characters_as_they_are(
    server: PageServer, clock: Clock
) -> None:
    server.put("/a", Reply(status=301, headers={"Location": "/été".encode().decode("latin-1")}))
    server.put("/%C3%A9t%C3%A9", page("été"))
    assert polite(clock).fetch(server.url("/a")).body == "été".encode()


class Redirecting:
    """Answers as a host of the web that leads elsewhere."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.asked: list[str] = []

    def get(self, url: str, headers: object) -> Answer:
        self.asked.append(url)
        if url.endswith("/robots.txt"):
            return Answer(404, {}, b"")
        return Answer(302, {"location": self.target}, b"")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "a.localhost",
        "10.0.0.1:8080",
        "169.254.169.254",
        "[::1]",
        "[::ffff:192.168.0.1]",
        "127.1",
        "2130706433",
        "0x7f000001",
        "LOCALHOST.",
    ],
)
def test_no_page_of_the_web_leads_into_the_network_of_whoever_asks(clock: Clock, host: str) -> None:
    web = Redirecting(f"http://{host}/secret")
    ask = Polite(cast("Downloader", web), 0.0, clock.sleep, clock.now)
    assert "which is no host of the web" in refusal(lambda: ask.fetch("http://example.org/a"))
    assert web.asked == ["http://example.org/robots.txt", "http://example.org/a"]


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.org", "a b", "a:99999"])
def test_a_host_whose_name_is_none_is_refused(server: PageServer, clock: Clock, host: str) -> None:
    assert "cannot be" in refusal(lambda: polite(clock).fetch(f"http://{host}/"))
    server.put("/a", Reply(status=302, headers={"Location": f"http://{host}/"}))
    assert "cannot be" in refusal(lambda: polite(clock).fetch(server.url("/a")))


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_read_end_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str | None
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content, encoding="utf-8")
    monkeypatch.setenv(name, str(bundle))
    with pytest.raises(BaliseError) as caught:
        Downloader(None, Limits())
    assert caught.value.place == f"{name}={bundle}"
    assert caught.value.problem.startswith("no certificates can be read there (")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        pytest.param(
            "socks5://me:secret@127.0.0.1:9",
            "socks5://…@127.0.0.1:9",
            marks=pytest.mark.skipif(find_spec("socks") is not None, reason="PySocks is here"),
        ),
        ("gopher://127.0.0.1:9", "gopher://127.0.0.1:9"),
        ("http://[x", "http://[x"),
        ("http://", "http://"),
        ("me:secret@127.0.0.1:port", "…@127.0.0.1:port"),
    ],
)
def test_a_proxy_that_cannot_be_used_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, name: str, proxy: str, shown: str
) -> None:
    without_proxies(monkeypatch)
    monkeypatch.setenv(name, proxy)
    with pytest.raises(BaliseError) as caught:
        polite(clock).fetch("http://journal.example/a")
    assert caught.value.place == f"{name}={shown}"
    assert "secret" not in str(caught.value)


def test_a_proxy_that_is_not_for_an_address_may_be_unusable(
    server: PageServer, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    url = server.put("/a", page("a"))
    without_proxies(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:9")
    assert polite(clock).fetch(url).body == b"a"


def test_a_page_comes_through_a_proxy(
    server: PageServer, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    server.put("http://journal.example/a", page("a"))
    without_proxies(monkeypatch)
    monkeypatch.setenv("HTTP_PROXY", server.url(""))
    assert polite(clock).fetch("http://journal.example/a").body == b"a"


def test_connections_over_a_proxy_of_another_kind_stay_of_their_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class OtherPool(HTTPConnectionPool):
        """A stand-in for the pools of a SOCKS proxy, for which a package may be missing."""

    class OtherManager(PoolManager):
        def __init__(self, _url: str, **_kwargs: object) -> None:
            super().__init__()
            self.pool_classes_by_scheme = {"http": OtherPool}

    monkeypatch.setattr(adapters, "SOCKSProxyManager", OtherManager)
    session = watched_session(lambda _line: None)
    for _ in range(2):
        manager = session.get_adapter("http://a").proxy_manager_for("socks5://127.0.0.1:9")
        pool = manager.connection_from_url("http://journal.example/a")
        assert type(pool).__mro__[1:3] == (OtherPool, HTTPConnectionPool)


def test_the_body_of_a_redirect_or_an_error_is_not_read(server: PageServer, clock: Clock) -> None:
    server.put("/a", Reply(status=302, headers={"Location": "/b"}, after=forever))
    server.put("/b", page("b"))
    assert polite(clock).fetch(server.url("/a")).body == b"b"
    url = server.put("/c", Reply(status=404, after=forever))
    assert refusal(lambda: polite(clock).fetch(url)) == "the server answers 404"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nonsense", "", "http://", "http://[::1"])
def test_only_the_web_is_asked(clock: Clock, url: str) -> None:
    assert "not an address of the web" in refusal(lambda: polite(clock).fetch(url))


def test_a_page_that_did_not_change_stays_as_it_is(server: PageServer, clock: Clock) -> None:
    url = server.put("/a", page("old", ETag='"1"'))
    old = polite(clock).fetch(url)
    assert polite(clock).fetch(url, old) is old
    server.put("/a", page("new", ETag='"2"'))
    new = polite(clock).fetch(url, old)
    assert isinstance(new, StoredPage)
    assert (new.body, new.etag) == (b"new", '"2"')

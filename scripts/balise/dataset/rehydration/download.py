"""One request over HTTP: an answer with its body, within limits, or the reason why there is none.

Redirects are not followed here and nothing is tried again: `polite` decides on both.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from balise.dataset.rehydration.network_settings import require_certificates, require_proxy
from balise.dataset.rehydration.unpack import ACCEPTED, TooLarge, unpack

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

_CHUNK = 2**16


class Unfetched(Exception):  # noqa: N818 - it is no defect, but what became of an address
    """Why an address gave no page; `passing` where another try may help."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing


class Limits(msgspec.Struct, frozen=True):
    """What one answer may take: seconds of silence, seconds in all, and bytes once unpacked."""

    silence: float = 20.0
    whole: float = 120.0
    size: int = 10_000_000


class Answer(msgspec.Struct, frozen=True):
    """A server's answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def user_agent(contact: str | None) -> str:
    """Name the program to servers, and whoever runs it where they say how to reach them."""
    name = f"balise/{version('balise')}"
    return f"{name} (+{contact})" if contact else name


class Downloader:
    """Sends one request at a time; keeps no cookies and sends no passwords.

    Raises:
        BaliseError: the environment names certificates that cannot be read.
    """

    def __init__(self, contact: str | None, limits: Limits) -> None:
        from requests.adapters import HTTPAdapter

        require_certificates()
        self._plain = HTTPAdapter()
        self._limits = limits
        self._headers = {"User-Agent": user_agent(contact), "Accept-Encoding": ACCEPTED}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address; the body of anything but 200 is not read.

        Raises:
            Unfetched: the address is not one of the web, nothing answers, or the answer is cut,
                too large, too slow or packed otherwise than asked for.
            BaliseError: the environment names a proxy for it that cannot be used.
        """
        from balise.dataset.rehydration.deadline import Deadline, watched_session

        require_web(url)
        require_proxy(url, self._plain)
        with Deadline(self._limits.whole) as deadline:
            try:
                with watched_session(deadline.watch) as session:
                    answer = self._ask(session, url, {**self._headers, **(headers or {})})
            except Unfetched:
                if not deadline.passed:
                    raise
            if not deadline.passed:
                return answer
        raise Unfetched(f"not at its end after {self._limits.whole:g} seconds")

    def _ask(self, session: "Session", url: str, headers: Mapping[str, str]) -> Answer:
        from requests import ConnectionError as Unconnected
        from requests.exceptions import RequestException, SSLError, Timeout
        from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

        # With any authentication of its own, requests leaves the user's .netrc alone.
        session.auth = _without_password
        try:
            with session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=self._limits.silence,
            ) as response:
                body = self._read(response) if response.status_code == 200 else b""
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, found, body)
        except SSLError as error:
            raise Unfetched(f"its certificate is not accepted ({_cause(error)})") from error
        except (Unconnected, Timeout, ProtocolError, ReadTimeoutError) as error:
            raise Unfetched(f"no whole answer ({_cause(error)})", passing=True) from error
        # Of a host's name that cannot be one urllib3's own errors are told, or Python's.
        except (RequestException, HTTPError, UnicodeError) as error:
            raise Unfetched(f"cannot be asked for ({_cause(error)})") from error

    def _read(self, response: "Response") -> bytes:
        # A part of a page would pass for the whole; urllib3 1 counts only when told to.
        response.raw.enforce_content_length = True
        chunks = response.raw.stream(_CHUNK, decode_content=False)
        try:
            return unpack(chunks, response.headers.get("content-encoding", ""), self._limits.size)
        except TooLarge as error:
            most = f"{self._limits.size:,}"
            raise Unfetched(f"more than {most} bytes, too large for an article") from error
        except ValueError as error:
            raise Unfetched(f"its answer is {error}") from error


def require_web(url: str) -> None:
    """Accept an address of the web.

    Raises:
        Unfetched: it has another scheme, or no host.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise Unfetched("not an address of the web (http:// or https://)")


def _without_password(request: "PreparedRequest") -> "PreparedRequest":
    return request


def _cause(error: Exception) -> str:
    """Name an error in few words: what requests says repeats the address and its objects."""
    inner: object = error
    while isinstance(inner, Exception):
        last = inner
        inner = getattr(last, "reason", None) or next(
            (each for each in last.args if isinstance(each, Exception)), None
        )
    return str(last).rpartition(">: ")[2] or type(last).__name__

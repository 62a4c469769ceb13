"""One request over HTTP: an answer with its body, within limits, or the reason why there is none.

Redirects are not followed here and nothing is tried again: `polite` decides on both.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

_CHUNK = 256
"""Bytes read at a time: so often, however slowly they come, the limits are looked at."""


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
    """Sends one request at a time; keeps no cookies and sends no passwords."""

    def __init__(
        self, contact: str | None, limits: Limits, now: Callable[[], float] = monotonic
    ) -> None:
        from http.cookiejar import DefaultCookiePolicy

        from requests import Session

        class DirectSession(Session):
            def get_redirect_target(self, resp: "Response") -> None:
                # Told not to follow, requests still reads a redirect's whole body, if it ends.
                return None

        self._limits, self._now = limits, now
        self._session = DirectSession()
        self._session.headers["User-Agent"] = user_agent(contact)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # With any authentication of its own, requests leaves the user's .netrc alone.
        self._session.auth = _without_password

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address; the body of anything but 200 is not read.

        Raises:
            Unfetched: the address is not one of the web, nothing answers, or the answer is cut,
                too large or too slow.
        """
        from requests import ConnectionError as Unconnected
        from requests.exceptions import ChunkedEncodingError, RequestException, SSLError, Timeout

        require_web(url)
        until = self._now() + self._limits.whole
        try:
            with self._session.get(
                url,
                headers=dict(headers or {}),
                stream=True,
                allow_redirects=False,
                timeout=self._limits.silence,
            ) as response:
                body = self._read(response, until) if response.status_code == 200 else b""
                found = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, found, body)
        except SSLError as error:
            raise Unfetched(f"its certificate is not accepted ({_cause(error)})") from error
        except (Unconnected, ChunkedEncodingError, Timeout) as error:
            raise Unfetched(f"no whole answer ({_cause(error)})", passing=True) from error
        # A host's name that cannot be encoded is none of requests' own errors.
        except (RequestException, UnicodeError) as error:
            raise Unfetched(f"cannot be asked for ({_cause(error)})") from error

    def _read(self, response: "Response", until: float) -> bytes:
        # A part of a page would pass for the whole; urllib3 1 counts only when told to.
        response.raw.enforce_content_length = True
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._limits.size:
                raise Unfetched(f"more than {self._limits.size:,} bytes, too large for an article")
            if self._now() > until:
                raise Unfetched(f"not at its end after {self._limits.whole:g} seconds")
        return bytes(body)


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

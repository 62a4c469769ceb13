"""Pages are asked for politely: robots.txt obeyed, one request at a time, pauses, few new tries."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from balise.dataset.rehydration.download import Answer, Downloader, Unfetched, require_web
from balise.dataset.rehydration.hosts import is_local
from balise.dataset.rehydration.page_cache import StoredPage
from balise.dataset.rehydration.robots import Rules, origin, read_rules

PAUSE = 2.0
"""Seconds between two requests to a host, unless it asks for more."""

PATIENCE = 120.0
"""A host that asks to wait for more seconds than these gets no request in this run."""

_WAITS = (2.0, 8.0, 30.0)
_PASSING = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 5
_FAILURES = 3


class Polite:
    """Fetches pages for one run, and remembers what hosts allow and when they were asked."""

    def __init__(
        self,
        downloader: Downloader,
        pause: float = PAUSE,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._downloader, self._pause = downloader, pause
        self._sleep, self._now = sleep, now
        self._rules: dict[str, Rules] = {}
        self._asked: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        self._closed: dict[str, str] = {}

    def fetch(self, url: str, known: StoredPage | None = None) -> StoredPage:
        """Fetch a page, over at most five redirects; the one already known where it is unchanged.

        Raises:
            Unfetched: a host forbids it, asks for too much patience or gives no page.
        """
        at = url
        for _ in range(_HOPS + 1):
            require_web(at)
            rules = self._rules_of(origin(at))
            if refusal := rules.refusal(at):
                raise Unfetched(refusal if at == url else f"redirects to {at}: {refusal}")
            same = known if known is not None and known.final_url == at else None
            answer = self._ask(at, max(self._pause, rules.delay), _conditions(same))
            if answer.status == 304 and same is not None:
                return same
            if answer.status not in _REDIRECTS:
                break
            at = _target(at, answer)
        if answer.status in _REDIRECTS:
            raise Unfetched(f"redirects more than {_HOPS} times")
        if answer.status != 200:
            raise Unfetched(f"the server answers {answer.status}")
        header = answer.headers.get
        return StoredPage(
            url, at, header("content-type"), header("etag"), header("last-modified"), answer.body
        )

    def _rules_of(self, host: str) -> Rules:
        if host not in self._rules:
            rules = read_rules(self._ask_for_rules, host)
            if rules.delay > PATIENCE:
                why = f"the host asks for {rules.delay:g} seconds between two requests"
                rules = Rules("", why)
            self._rules[host] = rules
        return self._rules[host]

    def _ask_for_rules(self, url: str) -> Answer:
        for _ in range(_HOPS):
            require_web(url)
            answer = self._ask(url, self._pause, {})
            if answer.status not in _REDIRECTS:
                break
            url = _target(url, answer)
        return answer

    def _ask(self, url: str, pause: float, headers: Mapping[str, str]) -> Answer:
        host = urlsplit(url).hostname or ""
        if host in self._closed:
            raise Unfetched(self._closed[host])
        try:
            answer = self._try(url, host, pause, headers)
        except Unfetched as error:
            if error.passing:
                self._count_failure(host, error.reason)
            raise
        self._failures[host] = 0
        return answer

    def _count_failure(self, host: str, reason: str) -> None:
        self._failures[host] += 1
        if self._failures[host] == _FAILURES:
            self._closed[host] = f"not asked, as the host failed {_FAILURES} times ({reason})"

    def _try(self, url: str, host: str, pause: float, headers: Mapping[str, str]) -> Answer:
        """Ask until an answer stands: four times, with growing pauses or those asked for."""
        waits = iter(_WAITS)
        while True:
            self._take_turn(host, pause)
            wait = next(waits, None)
            try:
                answer = self._downloader.get(url, headers)
            except Unfetched as error:
                if wait is None or not error.passing:
                    raise
            else:
                if answer.status not in _PASSING:
                    return answer
                asked_for = _retry_after(answer)
                if asked_for > PATIENCE:
                    self._closed[host] = f"the host asks to wait for {asked_for:g} seconds"
                    raise Unfetched(self._closed[host])
                if wait is None:
                    # Asked for less and not heeding it is what a host shuts out for.
                    if answer.status in (429, 503):
                        self._closed[host] = f"the host wants no more requests ({answer.status})"
                    return answer
                wait = max(wait, asked_for)
            finally:
                self._asked[host] = self._now()
            self._sleep(wait)

    def _take_turn(self, host: str, pause: float) -> None:
        if host in self._asked:
            rest = self._asked[host] + pause - self._now()
            if rest > 0:
                self._sleep(rest)


def _target(url: str, answer: Answer) -> str:
    """Read where a redirect leads.

    Raises:
        Unfetched: to no address at all, or from the web into the network of whoever asks.
    """
    location = answer.headers.get("location", "")
    # Headers are read as Latin-1, and servers write UTF-8.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = urljoin(url, location)
        inwards = is_local(target) and not is_local(url)
    except ValueError as error:
        raise Unfetched(f"redirects to {location!r}, not an address of the web") from error
    if inwards:
        raise Unfetched(f"redirects to {target}, which is no host of the web")
    return target


def _conditions(known: StoredPage | None) -> dict[str, str]:
    """Ask for a page only where it is another than the one that we have."""
    if known is None:
        return {}
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value is not None}


def _retry_after(answer: Answer) -> float:
    """Read how many seconds a server asks to wait; 0 where it does not say so."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    try:
        return float(Retry().parse_retry_after(answer.headers.get("retry-after", "0")))
    # The last two: a day that is in no calendar, or more digits than a number may have.
    except (InvalidHeader, OverflowError, ValueError):
        return 0.0

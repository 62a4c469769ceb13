"""What a host allows to be fetched: its robots.txt, read as RFC 9309 says."""

from collections.abc import Callable
from urllib.parse import urlsplit

from balise.dataset.rehydration.download import Answer, Unfetched

AGENT = "balise"
_READ = 500 * 1024
"""RFC 9309, 2.5: so many bytes must be read; what comes after them is left."""


class Rules:
    """One host's rules for us."""

    def __init__(self, content: str, refused: str | None = None) -> None:
        from protego import Protego

        self._rules = Protego.parse(content)
        self._refused = refused

    def refusal(self, url: str) -> str | None:
        """Say why an address may not be fetched; nothing where it may."""
        if self._refused is not None:
            return self._refused
        if self._rules.can_fetch(url, AGENT):
            return None
        return "the host's robots.txt forbids it"

    @property
    def delay(self) -> float:
        """The seconds that the host asks for between two requests."""
        return self._rules.crawl_delay(AGENT) or 0.0


def origin(url: str) -> str:
    """Name the scheme, host and port of an address, for which one robots.txt speaks."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def read_rules(ask: Callable[[str], Answer], host: str) -> Rules:
    """Ask a host for its rules.

    A host that has no robots.txt (4xx, 401 and 403 among them, or redirects without end) allows
    everything; one whose robots.txt cannot be reached (5xx, no answer, and here 429 too) nothing.
    """
    try:
        answer = ask(f"{host}/robots.txt")
    except Unfetched as error:
        return Rules("", f"the host's robots.txt cannot be had: {error.reason}")
    if answer.status == 200:
        return Rules(answer.body[:_READ].decode("utf-8-sig", errors="replace"))
    if answer.status >= 500 or answer.status == 429:
        return Rules("", f"the host's robots.txt cannot be had: it answers {answer.status}")
    return Rules("")

"""Texts of articles are found at their addresses, by their hash."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, zip_longest

from balise.dataset.rehydration.bare import Bare
from balise.dataset.rehydration.download import Unfetched
from balise.dataset.rehydration.harvest import Changed, Harvest, Passed
from balise.dataset.rehydration.page_cache import PageCache, StoredPage
from balise.dataset.rehydration.polite import Polite
from balise.dataset.rehydration.robots import origin
from balise.errors import BaliseError
from balise.files import locked
from balise.text import normalise, sha256, with_title
from balise.webpage import decode_page, extract_page

_PAGES = ("text/html", "application/xhtml+xml")

Track = Callable[[list[Bare]], Iterable[Bare]]


def collect_pages(
    rows: Mapping[str, Bare],
    polite: Polite,
    cache: PageCache,
    *,
    refresh: bool = False,
    track: Track = iter,
) -> Harvest:
    """Look for the texts of articles at their addresses.

    A page in the cache is taken from there; with `refresh` its server is asked whether it
    changed, unless it has the text of one of the articles of its address: such a page stays.
    Every page is kept as soon as it is here. Articles without an address, and those whose text is
    a file's, are passed over.

    Raises:
        BaliseError: the cache cannot be written, or another process is fetching into it.
    """
    asked: list[Bare] = []
    passed: list[Passed] = []
    for row in rows.values():
        if row.url is None or row.is_of_a_file:
            passed.append(_pass_over(row))
        else:
            asked.append(row)
    hashes: dict[str | None, set[str]] = defaultdict(set)
    for row in asked:
        hashes[row.url].add(row.sha256)
    found: dict[str, str] = {}
    changed: dict[str, Changed] = {}
    failed: list[Passed] = []
    elsewhere: dict[str, str] = {}
    with locked(cache.folder):
        for row in track(_in_turns(asked)):
            url = row.url or ""
            try:
                page = cache.get(url)
                if page is None or (refresh and not _has_text(page, hashes[url])):
                    page = polite.fetch(url, page)
                    cache.put(page)
            except Unfetched as error:
                remedy = "run this again later, or look for the text and give it with --texts"
                failed.append(Passed(row.id, url, error.reason, remedy))
                continue
            if _host(page.final_url) != _host(url):
                elsewhere[url] = page.final_url
            try:
                texts = page_texts(page)
            except BaliseError as error:
                remedy = "look for the text as it was then and give it with --texts"
                failed.append(Passed(row.id, url, error.problem, remedy))
                continue
            right = next((text for text in texts if sha256(text) == row.sha256), None)
            if right is None:
                changed[row.id] = Changed(url, texts[0])
            else:
                found[row.id] = right
    return Harvest(
        found,
        changed,
        passed=tuple(sorted(passed, key=_article)),
        failed=tuple(sorted(failed, key=_article)),
        elsewhere=tuple(sorted(elsewhere.items())),
    )


def page_texts(page: StoredPage) -> list[str]:
    """Extract the article of a page, as it may have been stored: with its title, and without.

    Raises:
        BaliseError: the page is no HTML or text, is not in its encoding, or has no article.
    """
    place = page.final_url
    if page.kind == "text/plain":
        return [normalise(decode_page(page.body, place, page.charset))]
    if page.kind not in _PAGES:
        raise BaliseError(place, f"is {page.kind}, no page", "look for the article's page")
    found = extract_page(page.body, place, page.charset)
    return [normalise(with_title(found.title, found.body)), normalise(found.body)]


def _has_text(page: StoredPage, hashes: set[str]) -> bool:
    try:
        return any(sha256(text) in hashes for text in page_texts(page))
    except BaliseError:
        return False


def _pass_over(row: Bare) -> Passed:
    if row.is_of_a_file:
        problem = f"the text is a file of {row.source or 'its source'}, not that of a page"
        return Passed(row.id, row.path or "", problem, "give a copy of that source with --texts")
    return Passed(row.id, "", "no address is known", "look for the text and give it with --texts")


def _article(passed: Passed) -> str:
    return passed.article


def _host(url: str) -> str:
    return origin(url).partition("://")[2]


def _in_turns(rows: list[Bare]) -> list[Bare]:
    """Order rows so that hosts take turns: while one rests, another is asked."""
    by_host: dict[str, list[Bare]] = defaultdict(list)
    for row in rows:
        by_host[_key(row.url or "")].append(row)
    return [row for row in chain(*zip_longest(*by_host.values())) if row is not None]


def _key(url: str) -> str:
    try:
        return origin(url)
    except ValueError:
        return url

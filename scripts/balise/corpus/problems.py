"""What makes an article valid; `add` refuses and `check` lists the same faults."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from balise.records import Article
from balise.text import NORMALISATION, normalise, sha256

HASH_DIGITS = 8
_SOURCE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HASH = re.compile(r"[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LAYOUT = frozenset("\n\t")


class Problem(msgspec.Struct, frozen=True):
    """One fault of the corpus: where (an article's id or `file:line`), what, and the remedy."""

    place: str
    problem: str
    remedy: str


def is_source_name(name: str) -> bool:
    """Tell whether a source's name can stand in ids and file names: `[a-z0-9]`, hyphens within."""
    return _SOURCE.fullmatch(name) is not None


def is_published(value: str) -> bool:
    """Tell whether a publication day is ISO 8601: a year, a month or a day, a time may follow."""
    day, has_time, _ = value.partition("T")
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", day)
    if match is None:
        return False
    year, month, number = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, number)
        if has_time:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def article_problems(article: Article) -> Iterator[Problem]:
    """Yield every fault of one article."""
    for problem, remedy in (*_identity(article), *_text(article), *_fields(article)):
        yield Problem(article.id, problem, remedy)


def _identity(article: Article) -> Iterator[tuple[str, str]]:
    source = article.source or ""
    if not is_source_name(source):
        yield f"source {source!r} is not a name", "use lower-case letters, digits and hyphens"
    elif not article.id.startswith(f"{source}-"):
        yield f"its id does not begin with its source {source!r}", "correct the id or the source"
    if article.id.split() != [article.id]:
        yield f"its id {article.id!r} holds white space", "correct the id: lists name one a line"
    if not _HASH.fullmatch(article.sha256):
        yield (
            f"sha256 {article.sha256!r} is not a hash",
            "write the SHA-256 of its text's UTF-8, 64 hexadecimal digits in lower case",
        )
    suffix = article.sha256[:HASH_DIGITS]
    if not article.id.endswith(f"-{suffix}"):
        yield (
            f"its id does not end with the first digits of its hash, {suffix!r}",
            "a changed text is a new article: remove this line and add the text again",
        )


def _text(article: Article) -> Iterator[tuple[str, str]]:
    if article.normalisation != NORMALISATION:
        yield (
            f"normalisation {article.normalisation!r} is not {NORMALISATION!r}",
            "add the text again so that it is normalised",
        )
    text = article.text
    if text is None:
        if article.length < 1:
            yield f"length is {article.length}", "write the number of its text's characters"
        return
    again = "restore the text from version control, or add the changed text as a new article"
    if (found := sha256(text)) != article.sha256:
        yield f"sha256 is {article.sha256[:12]}…, its text has {found[:12]}…", again
    if len(text) != article.length:
        yield f"length is {article.length}, its text has {len(text)} characters", again
    if not text.strip():
        yield "its text is empty", "remove the article"
    if "\r" in text:
        yield r"its text has a \r line end", "add the text again so that it is normalised"
    elif normalise(text) != text:
        yield "its text is not in NFC", "add the text again so that it is normalised"
    for control in sorted({c for c in text if unicodedata.category(c) == "Cc"} - _LAYOUT - {"\r"}):
        yield (
            f"its text has the control character U+{ord(control):04X} at {text.index(control)}",
            "remove the character from the source file and add the text again",
        )
    if article.title is not None and not _begins_with(text, article.title):
        yield (
            f"its text does not begin with its title {article.title!r}",
            "where title and text come apart, call the text `body` and add it again",
        )


def _begins_with(text: str, title: str) -> bool:
    return text == title or text.startswith(f"{title}\n")


def _fields(article: Article) -> Iterator[tuple[str, str]]:
    if article.publishable == "full" and not article.license:
        yield (
            "publishable is 'full' but no licence is given",
            "name its licence, or make it 'standoff'",
        )
    if article.published is not None and not is_published(article.published):
        yield f"published {article.published!r} is not an ISO date", "write it as 2016-10-17"
    if article.country is not None and not _COUNTRY.fullmatch(article.country):
        yield (
            f"country {article.country!r} is not an ISO 3166 alpha-2 code",
            "write two capital letters, such as ML",
        )

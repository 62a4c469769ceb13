"""Words that must stay behind: looked for in rows and in the files for people.

Where a text is here it is looked for itself (`leak.Page`). Where it is not, what could hold
words is told by its form: a hash has so many digits, and no other value is long.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from balise.dataset.anchors import CONTEXT
from balise.dataset.build import CARD
from balise.dataset.checks.stands import Part, strings
from balise.dataset.checks.subject import Subject
from balise.dataset.leak import POINTERS, Page, own_words, why_held
from balise.dataset.manifest import MANIFEST
from balise.dataset.rows import ANNOTATORS, STANDOFF
from balise.records import Article
from balise.withdrawn import is_meant

LONGEST = 200
"""A longer value of a row without text can hold a piece of one; an attribution has about 70."""

_DIGITS = {"sha256": 64, "salt": 16, "surface": 4, "before": 4, "after": 4}


def leak_problems(subject: Subject) -> Iterator[str]:
    """Yield texts and titles that go out though their article stays behind; none is quoted."""
    held = subject.release.held
    texts = subject.standing.texts
    pages, together = {name: Page(texts[name]) for name in texts}, Page(*texts.values())
    quoted: dict[str, list[str]] = {name: [] for name in pages}
    for id_, article in held.items():
        words = own_words(article)
        if not together.quotes(words):
            continue
        for name, page in pages.items():
            if page.quotes(words):
                quoted[name].append(f"{name} quotes {id_}, {why_held(article)}; take the words out")
    yield from chain.from_iterable(quoted.values())
    for config in (STANDOFF, ANNOTATORS):
        for part in subject.standing.of(config):
            for row in part.each_row():
                id_ = str(row.get("article", row.get("id")))
                # An article that the corpus does not know is held too: nobody says it may go out.
                if id_ in held or id_ not in subject.articles:
                    yield from _row_problems(part, row, subject.articles.get(id_))


def _row_problems(part: Part, row: Mapping[str, Any], article: Article | None) -> Iterator[str]:
    place = f"{part.place}, row {row.get('id')}"
    words = () if article is None else own_words(article)
    for column, value in row.items():
        if column in POINTERS or column == "article":
            continue
        for string in strings(value):
            if Page(string).quotes(words):
                yield f"{place}: {column} quotes its title or text; take the words out"
                break
            if len(string) > LONGEST:
                yield (
                    f"{place}: {column} has {len(string)} characters, enough for a piece of a "
                    f"text; keep it below {LONGEST}"
                )
                break
    if part.config == ANNOTATORS and any(span.get("text") for span in row.get("spans") or ()):
        yield f"{place}: surfaces go out, and its article stays behind; build the dataset again"


def hash_problems(subject: Subject) -> Iterator[str]:
    """Yield stand-off rows and readings whose hashes are no hashes, or are too many."""
    for config in (STANDOFF, ANNOTATORS):
        for part in subject.standing.of(config):
            for row in part.each_row():
                place = f"{part.place}, row {row.get('id')}"
                yield from _form(place, {name: row[name] for name in _DIGITS if name in row})
                if config == STANDOFF:
                    for number, span in enumerate(row.get("spans") or ()):
                        hashes = {name: span.get(name) for name in ("surface", "before", "after")}
                        yield from _form(f"{place}, span {number}", hashes)


def _form(place: str, hashes: Mapping[str, object]) -> Iterator[str]:
    for name, value in hashes.items():
        if value is None and name == "surface":  # the text was not there
            continue
        found = list(value) if isinstance(value, list | tuple) else [value]
        digits = _DIGITS[name]
        form = re.compile(rf"[0-9a-f]{{{digits}}}")
        if not all(isinstance(each, str) and form.fullmatch(each) for each in found):
            yield f"{place}: {name} is not of {digits} hexadecimal digits; build the dataset again"
        elif len(found) > CONTEXT:
            yield f"{place}: {name} has {len(found)} hashes, not up to {CONTEXT}; build it again"


def withdrawal_problems(subject: Subject) -> Iterator[str]:
    """Yield where a withdrawn article still stands: anywhere but in the manifest's list."""
    release = subject.release
    if subject.manifest.withdrawn != release.withdrawn:
        yield (
            f"{MANIFEST}: withdrawn are {_names(subject.manifest.withdrawn)}, by the corpus "
            f"{_names(release.withdrawn)}; build the dataset again"
        )
    articles = [
        article
        for article in subject.articles.values()
        if any(one.names(article) for one in subject.withdrawn)
    ]
    names = {one.article for one in subject.withdrawn}
    names |= {name for article in articles for name in (article.id, article.url) if name}
    hashes = {article.sha256: article.id for article in articles}
    for part in subject.standing.parts:
        for row in part.each_row("id", "article", "url", "sha256"):
            id_, url = str(row.get("article", row.get("id"))), row.get("url")
            if any(is_meant(one.article, id_, url) for one in subject.withdrawn):
                yield f"{part.place}: {id_} was withdrawn; build it again"
            elif row.get("sha256") in hashes:
                yield (
                    f"{part.place}, row {row.get('id')}: it has the text of "
                    f"{hashes[row['sha256']]}, which was withdrawn; withdraw it too"
                )
    for name, content in subject.standing.texts.items():
        for each in sorted(names) if name != MANIFEST else ():
            if re.search(rf"(?<![\w/-]){re.escape(each)}(?![\w/-])", content):
                remedy = "build the dataset again" if name == CARD else "take it out"
                yield f"{name} names {each}, which was withdrawn; {remedy}"


def _names(ids: tuple[str, ...] | list[str]) -> str:
    return ", ".join(ids) or "none"

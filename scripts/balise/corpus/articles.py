"""Drafts become Articles: text put together, hashed, named and checked."""

from pathlib import PurePath
from typing import Any

import msgspec

from balise.corpus.inputs import Draft, Row
from balise.corpus.problems import HASH_DIGITS, article_problems
from balise.errors import BaliseError
from balise.records import Article
from balise.text import NORMALISATION, normalise, sha256, slug, with_title

_OWN = ("id", "text", "body", "sha256", "length", "normalisation", "title", "source")
DESCRIPTIVE = tuple(field for field in Row.__struct_fields__ if field not in _OWN)
"""The Article fields that describe a text, and that options of the call may set."""


def make_article(draft: Draft, source: str, options: Row) -> Article:
    r"""Turn a draft into an article of the given source.

    The text is title, blank line and body where the draft has a body and a title, else the body
    or the text alone, brought to NFC with `\n` line ends. A descriptive field comes from the
    first that gives it: the draft's file, the options, what was found in the page.

    Raises:
        BaliseError: the draft has no text or two, disagrees with its own hash, length, id or
            source, or breaks a rule that `check` holds.
    """
    row = draft.stated
    if row.source not in (None, source):
        raise BaliseError(
            draft.place, f"its source is {row.source!r}, not {source!r}", "correct --source"
        )
    title = normalise(row.title) if row.title else None
    text = _text(draft, title)
    digest = row.sha256 or sha256(text or "")
    description = _description(draft, options)
    article = Article(
        id=row.id or f"{source}-{_slug(title, draft, description)}-{digest[:HASH_DIGITS]}",
        text=text,
        sha256=digest,
        length=len(text or "") if row.length is None else row.length,
        normalisation=row.normalisation or NORMALISATION,
        title=title,
        source=source,
        **description,
    )
    for problem in article_problems(article):
        place = draft.place if row.id is None else f"{draft.place} ({row.id})"
        raise BaliseError(place, problem.problem, problem.remedy)
    return article


def _slug(title: str | None, draft: Draft, description: dict[str, Any]) -> str:
    """Name an article by its title or its file, as a reference does.

    By its first words only where the text may go out: ids go out in any case.
    """
    if name := title or PurePath(draft.found.path or "").stem:
        return slug(name)
    text = draft.stated.text or draft.stated.body or ""
    return slug(text if description.get("publishable") == "full" else "article")


def _text(draft: Draft, title: str | None) -> str | None:
    row = draft.stated
    if row.text is not None and row.body is not None:
        raise BaliseError(draft.place, "has both text and body", "keep one of the two")
    if row.text is not None:
        return normalise(row.text)
    if row.body is not None:
        return with_title(title, normalise(row.body))
    if None in (row.id, row.sha256, row.length):
        raise BaliseError(
            draft.place,
            "has no text",
            "give `text`, or `title` and `body`; a stand-off article needs id, sha256 and length",
        )
    return None


def _description(draft: Draft, options: Row) -> dict[str, Any]:
    given = [msgspec.structs.asdict(row) for row in (draft.stated, options, draft.found)]
    description = {}
    for field in DESCRIPTIVE:
        values = [row[field] for row in given if row[field] is not None]
        if values:
            description[field] = values[0]
    return description

"""A saved web page becomes the title and body of its article."""

from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import read_bytes


class Page(msgspec.Struct, frozen=True):
    """The article found in a web page, and what the page says about it."""

    title: str | None
    body: str
    url: str | None
    published: str | None


def read_page(path: Path) -> Page:
    """Extract the article from an HTML file; the page's own encoding declaration is followed.

    Raises:
        BaliseError: the file is missing, or no article text is found in it.
    """
    import trafilatura

    document = trafilatura.bare_extraction(
        read_bytes(path),
        with_metadata=True,
        include_comments=False,
        # A date is taken from the page's metadata, never guessed from figures in its text.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = (document.text or "") if document is not None else ""
    if document is None or not body.strip():
        raise BaliseError(
            path,
            "no article text found in this page",
            "save the page again with its text, or copy the text into a .txt file",
        )
    title = document.title or None
    if title is not None:
        body = _without_heading(title, body)
    return Page(title, body, document.url, document.date)


def _without_heading(title: str, body: str) -> str:
    """Drop the page's heading where the extractor repeats it as the first line of the body."""
    first, _, rest = body.partition("\n")
    return rest if rest.strip() and first.strip() == title.strip() else body

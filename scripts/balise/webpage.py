"""A web page, saved or fetched, becomes the title and body of its article."""

import codecs
import re
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import read_bytes

_HEAD = 1024
"""The bytes in which the HTML standard looks for a declared encoding."""

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_NO_CHARSETS = frozenset(
    ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
)
"""Encodings of Python that are none of the web; some give characters that no text may have."""

_AS_BROWSERS_DO = dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii"), "windows-1252")


class Page(msgspec.Struct, frozen=True):
    """The article found in a web page, and what the page says about it; not normalised."""

    title: str | None
    body: str
    url: str | None
    published: str | None


def read_page(path: Path) -> Page:
    """Extract the article from an HTML file, which is UTF-8 or declares its encoding.

    Raises:
        BaliseError: the file is missing or not in its encoding, or no article text is found in it.
    """
    return extract_page(read_bytes(path), path)


def extract_page(data: bytes, place: object, charset: str | None = None) -> Page:
    """Extract the article from a page's bytes; `place` names the page in an error.

    `charset` is the encoding that a server declared: it goes before the page's own word, and what
    the bytes themselves show (UTF-8, a byte-order mark) before both.

    Raises:
        BaliseError: the page is not in its encoding, or no article text is found in it.
    """
    import trafilatura

    document = trafilatura.bare_extraction(
        decode_page(data, place, charset),
        with_metadata=True,
        include_comments=False,
        # A date is taken from the page's metadata, never guessed from figures in its text.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = (document.text or "") if document is not None else ""
    if document is None or not body.strip():
        raise BaliseError(
            place,
            "no article text found in this page",
            "save the page again with its text, or copy the text into a .txt file",
        )
    title = document.title or None
    if title is not None:
        body = _without_heading(title, body)
    return Page(title, body, document.url, document.date)


def decode_page(data: bytes, place: object, charset: str | None = None) -> str:
    """Turn a page into text: trafilatura would guess, and store a wrong guess as text.

    Raises:
        BaliseError: the page is in another encoding than it or its server says.
    """
    found = _CHARSET.search(data[:_HEAD])
    declared = charset or (found[1].decode("ascii") if found else None)
    encoding = (declared or "utf-8").lower()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    for each in ("utf-8-sig", _AS_BROWSERS_DO.get(encoding, encoding)):
        try:
            if codecs.lookup(each).name.replace("_", "-") not in _NO_CHARSETS:
                return data.decode(each)
        except (ValueError, LookupError):
            continue
    raise BaliseError(
        place,
        f"this page is not in its encoding, {encoding}"
        + ("" if declared else " (it declares none)"),
        "save the page again as UTF-8, or correct the charset that it declares",
    )


def _without_heading(title: str, body: str) -> str:
    """Drop the page's heading where the extractor repeats it as the first line of the body."""
    first, _, rest = body.partition("\n")
    return rest if rest.strip() and first.strip() == title.strip() else body

"""What may be done to a text and to a span's edges: all of it is here, and nothing else is done."""

import hashlib
import re
import unicodedata

NORMALISATION = "nfc-lf"

_SPACES = frozenset(" \t\n\r\v\f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b") | {
    chr(point) for point in range(0x2000, 0x200B)
}
_OPENING = _SPACES | frozenset('«“"([')
_CLOSING = _SPACES | frozenset('»”")],;:!?…')
# Unicode does not decompose a ligature, and a dropped ’ would glue two words together.
_SPELT_OUT = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})
_CONTROLS = ("Cc", "Cs", "Zl", "Zp")
_WORD = re.compile(r"[^\W_]+")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def normalise(text: str) -> str:
    r"""Bring a text to NFC with `\n` line ends; nothing else changes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def with_title(title: str | None, body: str) -> str:
    """Put an article's text together: title, blank line and body, or the body alone."""
    return f"{title}\n\n{body}" if title and body.strip() else body


def sha256(text: str) -> str:
    """Hash a text's UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def printable(name: object) -> str:
    """Write a file's name, or what names one, with U+FFFD for bytes that are not UTF-8."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_one_line(text: str) -> bool:
    """Tell whether a text can be written into one cell of a table: no control or line end in it."""
    return not any(unicodedata.category(each) in _CONTROLS for each in text)


def bare_words(text: str) -> str:
    """Reduce a text to its letters and digits in lower case, one space where anything else stood.

    Two copies of a passage come out alike where they differ by line breaks, kinds of white space
    and apostrophes, list marks, other punctuation, capitals, or Unicode's forms of a character.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", plain)))


def slug(text: str, words: int = 6) -> str:
    """Turn the first words of a text into lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT_OUT))
    plain = plain.encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:words]) or "sans-titre"


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Strip from a range what annotators' mice pick up at its edges.

    White space (U+00A0, U+202F and U+200B included) and « “ " ( [ go at the start; white space
    and » ” " ) ] , ; : ! ? … at the end; a final full stop goes where the span has no other, so
    that « O.N.U. » keeps its own. The result may be empty (`start == end`).
    """
    while True:
        before = (start, end)
        while start < end and text[start] in _OPENING:
            start += 1
        while start < end and text[end - 1] in _CLOSING:
            end -= 1
        if text[start:end].endswith(".") and text.count(".", start, end) == 1:
            end -= 1
        if (start, end) == before:
            return before

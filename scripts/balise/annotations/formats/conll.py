"""Read token and tag columns, tagged IOB2 or BILOU.

A document begins at a `# article = ID` line or at `-DOCSTART-`; a file without either is one
document. The first column is the token, the last one its tag; columns are separated by tabs, or
by spaces in a line without tabs; an empty line ends a sentence and every span in it. Other
`# key = value` lines are passed over. CoNLL-2003 and CoNLL-U define these habits.
"""

import re
from pathlib import Path
from typing import NamedTuple

from balise.annotations.formats.foreign import ForeignDocument, make_span, squeeze
from balise.errors import BaliseError
from balise.files import read_text
from balise.records import Span

_ARTICLE = re.compile(r"# *article *= *(\S.*?) *$")
_COMMENT = re.compile(r"# *\w+ *= ")
_DOCSTART = "-DOCSTART-"
_SCHEMES = {"IOB2": "BIO", "BILOU": "BILOU"}
_REMEDY = "convert the file to IOB2 or BILOU"


class _Row(NamedTuple):
    """One token with its tag taken apart; at a sentence's end all but the place is empty."""

    place: str
    token: str = ""
    position: str = ""
    label: str = ""


class _Block(NamedTuple):
    """The lines of one document."""

    place: str
    article: str | None
    rows: list[_Row]

    def has_tokens(self) -> bool:
        return any(row.position for row in self.rows)


def read(path: Path) -> list[ForeignDocument]:
    """Read the documents of a file; their texts are squeezed.

    Raises:
        BaliseError: a line has one column only, a tag does not follow IOB2 or BILOU, or a named
            article has no tokens.
    """
    blocks = []
    for block in _blocks(path):
        if block.has_tokens():
            blocks.append(block)
        elif block.article is not None:
            raise BaliseError(
                block.place, f"article {block.article} has no tokens", "remove the line or add them"
            )
    positions = {row.position for block in blocks for row in block.rows}
    scheme = "BILOU" if positions & {"L", "U"} else "IOB2"
    return [
        ForeignDocument(
            block.place,
            block.article,
            "".join(squeeze(row.token) for row in block.rows),
            _spans(block.rows, scheme),
            squeezed=True,
        )
        for block in blocks
    ]


def _blocks(path: Path) -> list[_Block]:
    blocks: list[_Block] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        place, line = f"{path}:{number}", line.rstrip("\r")
        if match := _ARTICLE.match(line):
            blocks.append(_Block(place, match[1], []))
        elif line.startswith(_DOCSTART):
            # The marker right after an `# article` line opens no second document.
            if not blocks or blocks[-1].has_tokens():
                blocks.append(_Block(place, None, []))
        elif not _COMMENT.match(line):
            if not blocks:
                blocks.append(_Block(place, None, []))
            blocks[-1].rows.append(_row(line, place))
    return blocks


def _row(line: str, place: str) -> _Row:
    if not line.strip(" \t"):
        return _Row(place)
    columns = line.split("\t") if "\t" in line else line.split()
    token, tag = columns[0], columns[-1]
    if len(columns) < 2 or not token:
        raise BaliseError(
            place, f"no token and tag in {line!r}", "write the token first and its tag last"
        )
    position, _, label = tag.partition("-")
    if len(position) != 1 or (position == "O") == bool(label):
        raise BaliseError(
            place, f"{tag!r} is no tag", "write O, or a position and label: B-LOCATION"
        )
    return _Row(place, token, position, label)


def _spans(rows: list[_Row], scheme: str) -> tuple[Span, ...]:
    """Join one document's tags into spans over its squeezed text."""
    found: list[tuple[int, int, _Row]] = []
    length = 0
    before = _Row("")
    for row in rows:
        _require_order(before, row, scheme)
        start, length = length, length + len(squeeze(row.token))
        if row.position in ("B", "U"):
            found.append((start, length, row))
        elif row.position in ("I", "L"):
            found[-1] = (found[-1][0], length, found[-1][2])
        before = row
    _require_order(before, _Row(before.place), scheme)
    return tuple(make_span(start, end, first.label, first.place) for start, end, first in found)


def _require_order(before: _Row, row: _Row, scheme: str) -> None:
    """Accept a tag after the one before it.

    Raises:
        BaliseError: the scheme has no such tag, or not after that one.
    """
    if row.position and row.position not in _SCHEMES[scheme]:
        raise BaliseError(row.place, f"position {row.position!r} is not in {scheme}", _REMEDY)
    inside = before.position in ("B", "I")
    continues = row.position in ("I", "L")
    if continues and not (inside and before.label == row.label):
        raise BaliseError(
            row.place,
            f"{row.position}-{row.label} does not continue a {row.label} (IOB1, or a broken file)",
            _REMEDY,
        )
    if scheme == "BILOU" and inside and not continues:
        raise BaliseError(before.place, f"no L-{before.label} follows", _REMEDY)

"""Files of four kinds become drafts: the texts to add, with what each file says about them."""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import read_text
from balise.jsonl import decode
from balise.records import Publishable
from balise.webpage import read_page

KINDS = (".txt", ".jsonl", ".csv", ".html")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a JSONL or CSV file: `text`, or `title` and `body`, and any Article field."""

    id: str | None = None
    text: str | None = None
    body: str | None = None
    sha256: str | None = None
    length: int | None = None
    normalisation: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    path: str | None = None
    published: str | None = None
    retrieved_at: str | None = None
    language: str | None = None
    country: str | None = None
    event: str | None = None
    register: str | None = None
    synthetic: bool | None = None
    license: str | None = None
    license_url: str | None = None
    rights_holder: str | None = None
    attribution: str | None = None
    tdm_optout: bool | None = None
    publishable: Publishable | None = None


class Draft(msgspec.Struct, frozen=True):
    """A text on its way into the corpus.

    `stated` is what its file says about it; `found` was only extracted from a page or taken from
    the file's name, so an option of the call goes before it.
    """

    place: str
    stated: Row
    found: Row = Row()


def read_drafts(path: Path) -> list[Draft]:
    """Read a file's drafts, in its order.

    Raises:
        UsageError: the file's kind is none of `KINDS`, or its name is not UTF-8.
        BaliseError: the file is missing, not UTF-8 (a page may declare its own encoding), broken
            or empty, or a line has an unknown key or a value of another type.
    """
    # The name stands in the article or in its rejects, and both are UTF-8.
    require_utf8(str(path), repr(str(path)), "rename the file or its folder")
    kind = path.suffix.lower()
    if kind == ".txt":
        drafts = [Draft(str(path), Row(body=read_text(path)), Row(path=_provenance(path)))]
    elif kind == ".html":
        page = read_page(path)
        drafts = [
            Draft(
                str(path),
                Row(title=page.title, body=page.body),
                Row(path=_provenance(path), url=page.url, published=page.published),
            )
        ]
    elif kind == ".jsonl":
        drafts = list(_read_jsonl(path))
    elif kind == ".csv":
        drafts = list(_read_csv(path))
    else:
        raise UsageError(
            path, f"cannot read files of kind {kind!r}", f"give one of {', '.join(KINDS)}"
        )
    if not drafts:
        raise BaliseError(path, "holds no article", "check that this is the file you meant")
    return drafts


def require_utf8(value: str, place: str, remedy: str) -> None:
    """Accept a name or an option that the system gave us, which may be any bytes.

    Raises:
        UsageError: it is not UTF-8.
    """
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(place, "is not UTF-8", remedy) from error


def _provenance(path: Path) -> str:
    """Name a file in a record that others read: never by a folder of this machine."""
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def _read_jsonl(path: Path) -> Iterator[Draft]:
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            place = f"{path}:{number}"
            yield Draft(place, decode(line, Row, place))


def _read_csv(path: Path) -> Iterator[Draft]:
    # The default, 131,072 characters a cell, is less than a long article.
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    start = 1
    header: list[str] | None = None
    try:
        for cells in reader:
            place, start = f"{path}:{start}", reader.line_num + 1
            if not cells:
                continue
            if header is None:
                header = _check_header(cells, place)
            elif len(cells) != len(header):
                raise BaliseError(
                    place,
                    f"{len(cells)} cells under a header of {len(header)}",
                    'put quotes around a cell that holds a comma, a line end or a "',
                )
            else:
                values = {key: cell for key, cell in zip(header, cells, strict=True) if cell}
                yield Draft(place, _convert(values, place))
    except csv.Error as error:
        raise BaliseError(
            f"{path}:{start}", f"broken CSV ({error})", "quote the cell, and double a quote in it"
        ) from error


def _check_header(cells: list[str], place: str) -> list[str]:
    known = Row.__struct_fields__
    for cell in cells:
        if cell not in known or cells.count(cell) > 1:
            fault = "unknown key" if cell not in known else "two columns"
            raise BaliseError(
                place,
                f"{fault} {cell!r} in the header",
                f"name each column once, separated by commas: {', '.join(known)}",
            )
    return cells


def _convert(values: dict[str, Any], place: str) -> Row:
    try:
        # Cells are text; lax conversion reads `true` and `120` where a field asks for them.
        return msgspec.convert(values, Row, strict=False)
    except msgspec.ValidationError as error:
        raise BaliseError(
            place, f"not a valid Row ({error})", "correct the key or the value named"
        ) from error

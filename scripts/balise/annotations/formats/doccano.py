"""Read an export made in Doccano's page: JSONL, or the zip that the page downloads."""

import zipfile
import zlib
from functools import partial
from pathlib import Path

import msgspec

from balise.annotations.formats.foreign import ForeignDocument, Reader, make_span
from balise.errors import BaliseError
from balise.files import read_text
from balise.jsonl import decode
from balise.offsets import OffsetMap, Unit
from balise.records import Span
from balise.spans import require_hash


class _Entity(msgspec.Struct, frozen=True):
    start_offset: int
    end_offset: int
    label: str


class _Meta(msgspec.Struct, frozen=True):
    article: str | None = None
    sha256: str | None = None


class Row(msgspec.Struct, frozen=True, rename={"comments": "Comments"}):
    """An exported document; a project with relations writes `entities` in place of `label`."""

    text: str
    label: tuple[tuple[int, int, str], ...] | None = None
    entities: tuple[_Entity, ...] | None = None
    relations: tuple[msgspec.Raw, ...] = ()
    comments: tuple[str, ...] = ()
    meta: _Meta | None = None


def reader(unit: Unit, *, approved: bool) -> Reader:
    """Make the reader of exports whose offsets count in `unit`.

    An export does not say which documents were confirmed, and spans may be suggestions that
    nobody read: unless it is said that it holds approved documents only, none is confirmed.
    """
    return partial(_read, unit=unit, approved=approved)


def _read(path: Path, unit: Unit, approved: bool) -> list[ForeignDocument]:
    lines = _zipped_lines(path) if zipfile.is_zipfile(path) else _plain_lines(path)
    return [
        _document(decode(line, Row, place), unit, approved, place)
        for place, line in lines
        if line.strip()
    ]


def _plain_lines(path: Path) -> list[tuple[str, str]]:
    lines = read_text(path).split("\n")
    return [(f"{path}:{number}", line) for number, line in enumerate(lines, start=1)]


def _zipped_lines(path: Path) -> list[tuple[str, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith((".jsonl", ".json"))]
            if len(names) != 1:
                raise BaliseError(
                    path,
                    f"holds {len(names)} JSONL files ({', '.join(sorted(names))})",
                    "unpack it and import the file of one annotator at a time",
                )
            data = archive.read(names[0])
        lines = data.decode("utf-8-sig").split("\n")
    # The last is what `zipfile` raises for a password, and for a compression that it lacks.
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, RuntimeError) as error:
        raise BaliseError(path, f"a broken archive ({error})", "export it again") from error
    return [(f"{path}:{names[0]}:{number}", line) for number, line in enumerate(lines, start=1)]


def _document(row: Row, unit: Unit, approved: bool, place: str) -> ForeignDocument:
    meta = row.meta or _Meta()
    if meta.sha256 is not None:
        require_hash(row.text, meta.sha256, place)
    if row.entities is not None:
        found = [(entity.start_offset, entity.end_offset, entity.label) for entity in row.entities]
    elif row.label is not None:
        found = list(row.label)
    else:
        raise BaliseError(
            place,
            "the row has neither `label` nor `entities`",
            "export a sequence labelling project, as JSONL",
        )
    return ForeignDocument(
        place,
        meta.article,
        row.text,
        _spans(row.text, found, unit, place),
        row.comments,
        confirmed=approved,
        set_aside=len(row.relations),
    )


def _spans(
    text: str, found: list[tuple[int, int, str]], unit: Unit, place: str
) -> tuple[Span, ...]:
    offsets = OffsetMap(text, unit)
    try:
        return tuple(
            make_span(offsets.to_codepoint(start), offsets.to_codepoint(end), label, place)
            for start, end, label in found
        )
    except BaliseError as error:
        where = error.place if error.place == place else f"{place}: {error.place}"
        raise BaliseError(where, error.problem, error.remedy) from error

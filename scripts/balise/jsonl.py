"""JSON Lines files of typed records: strict on the way in, atomic and sorted on the way out."""

import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from balise.errors import BaliseError
from balise.files import BOM, not_utf8, read_text, unreadable, write_file

Record = TypeVar("Record", bound=msgspec.Struct)
Value = TypeVar("Value")


def decode(line: str | bytes, type_: type[Value], place: object) -> Value:
    """Turn one JSON text into a value of the given type; `place` names it in the error.

    Raises:
        BaliseError: the JSON is broken, a key is unknown or missing, or a value has another type.
    """
    try:
        return msgspec.json.decode(line, type=type_)
    except msgspec.ValidationError as error:
        raise BaliseError(
            place, f"not a valid {_name(type_)} ({error})", "correct the key or the value named"
        ) from error
    # The second is what JSON nested without end raises.
    except (msgspec.DecodeError, RecursionError) as error:
        raise BaliseError(
            place, f"broken JSON ({error})", "write one JSON object a line"
        ) from error


def _name(type_: object) -> str:
    return getattr(type_, "__name__", str(type_))


def read_jsonl(path: Path, type_: type[Record]) -> list[Record]:
    """Read a JSONL file into records, in the order of its lines; empty lines are passed over.

    Raises:
        BaliseError: the file is missing or not UTF-8, or a line is not such a record (the
            message starts with `file:line`).
    """
    return [record for _, record in scan_jsonl(path, type_)]


class Line(NamedTuple):
    """Where a record stands: its file, the first byte of its line, how many it has, their hash.

    The hash is of this process alone, and tells whether the line is still the same.
    """

    path: Path
    start: int
    size: int
    hash: int


def scan_jsonl(path: Path, type_: type[Record]) -> Iterator[tuple[Line, Record]]:
    """Read a JSONL file record by record, each with its line; no more than one is held.

    Raises:
        BaliseError: as for `read_jsonl`, at the record that is at fault.
    """
    try:
        with path.open("rb") as file:
            start = 0
            for number, line in enumerate(file, start=1):
                text = _text(line, path, number, start)
                if text.strip():
                    record = decode(text, type_, f"{path}:{number}")
                    yield Line(path, start, len(line), hash(line)), record
                start += len(line)
    except OSError as error:
        raise unreadable(path, error) from error


def _text(line: bytes, path: Path, number: int, start: int) -> str:
    try:
        text = str(line, "utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        raise not_utf8(f"{path}:{number}", line[at], start + at) from error
    return text.removeprefix(BOM) if start == 0 else text


def read_line(line: Line, type_: type[Record]) -> Record:
    """Read again a record that `scan_jsonl` found.

    Raises:
        BaliseError: the file is gone, or something else stands on the line now.
    """
    try:
        handle = os.open(line.path, os.O_RDONLY)
        try:
            content = os.pread(handle, line.size, line.start)
        finally:
            os.close(handle)
    except OSError as error:
        raise unreadable(line.path, error) from error
    if hash(content) != line.hash:
        raise was_changed(line.path)
    return msgspec.json.decode(content.removeprefix(BOM_UTF8), type=type_)


def was_changed(path: Path) -> BaliseError:
    """Say that a file is another one than a moment ago."""
    return BaliseError(path, "was changed while it was read", "run this again")


def encode_jsonl(records: Iterable[msgspec.Struct]) -> bytes:
    """Turn records into UTF-8 lines in the order given, keys in the order of the type."""
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)


def write_jsonl(path: Path, records: Iterable[msgspec.Struct]) -> None:
    """Replace a JSONL file atomically; the records' order is kept, so sort them first."""
    write_file(path, encode_jsonl(records))


def read_json(path: Path, type_: type[Value]) -> Value:
    """Read a JSON file into a value of the given type.

    Raises:
        BaliseError: the file is missing or its content is not such a value.
    """
    return decode(read_text(path), type_, path)


def encode_json(value: object) -> bytes:
    """Turn a value into indented JSON that ends with a newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def write_json(path: Path, value: object) -> None:
    """Replace a JSON file atomically."""
    write_file(path, encode_json(value))

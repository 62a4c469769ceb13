"""JSON Lines files of typed records: strict on the way in, atomic and sorted on the way out."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from balise.errors import BaliseError
from balise.files import read_text, write_file

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
    lines = read_text(path).split("\n")
    return [
        decode(line, type_, f"{path}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


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

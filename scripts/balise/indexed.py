"""Records that stay in their files: only where each one stands is kept in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar, overload

import msgspec

from balise.errors import BaliseError
from balise.jsonl import Line, read_line, scan_jsonl

Record = TypeVar("Record", bound=msgspec.Struct)
Key = TypeVar("Key")
Value = TypeVar("Value")


def scan_named(
    files: Iterable[Path], type_: type[Record], name: Callable[[Record], str]
) -> Iterator[tuple[str, Line, Record]]:
    """Read the records of JSONL files, each with its article and its line.

    Raises:
        BaliseError: a line is broken, or an article comes twice.
    """
    places: dict[str, Path] = {}
    for path in files:
        for line, record in scan_jsonl(path, type_):
            article = name(record)
            if article in places:
                raise BaliseError(
                    path,
                    f"article {article} comes twice, first in {places[article]}",
                    "keep one line",
                )
            places[article] = path
            yield article, line, record


class Indexed(Mapping[str, Record]):
    """The records of JSONL files by article, in the files' order, read when they are looked up.

    Every line is read and completed once to begin with, so that what is broken is told at once.
    `name` gives a record's article, and `complete` adds to a record what stands elsewhere.

    Raises:
        BaliseError: as for `scan_named`; later, a line is no longer the one that was read.
    """

    def __init__(
        self,
        files: Iterable[Path],
        type_: type[Record],
        name: Callable[[Record], str],
        complete: Callable[[Record], Record] = lambda record: record,
    ) -> None:
        self._type, self._complete = type_, complete
        self._lines: dict[str, Line] = {}
        for article, line, record in scan_named(files, type_, name):
            complete(record)
            self._lines[article] = line

    def __getitem__(self, article: str) -> Record:
        return self._complete(read_line(self._lines[article], self._type))

    def __contains__(self, article: object) -> bool:
        return article in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class Lazy(Sequence[Value], Generic[Key, Value]):
    """A value for every key, made each time that it is asked for; only the keys are kept."""

    def __init__(self, keys: Sequence[Key], make: Callable[[Key], Value]) -> None:
        self._keys, self._make = keys, make

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> "Lazy[Key, Value]": ...
    def __getitem__(self, place: int | slice) -> "Value | Lazy[Key, Value]":
        if isinstance(place, slice):
            return Lazy(self._keys[place], self._make)
        return self._make(self._keys[place])

    def __iter__(self) -> Iterator[Value]:
        # A sequence's own would take an IndexError of `make` for its end.
        return map(self._make, self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class LazyMapping(Mapping[str, Value], Generic[Key, Value]):
    """A value for every name, made of the name's key each time that it is looked up."""

    def __init__(self, keys: Mapping[str, Key], make: Callable[[Key], Value]) -> None:
        self._keys, self._make = keys, make

    def __getitem__(self, name: str) -> Value:
        return self._make(self._keys[name])

    def __contains__(self, name: object) -> bool:
        return name in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

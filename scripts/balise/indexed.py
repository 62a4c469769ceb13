"""Records that stay in their files: only where each one stands is kept in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar, overload

import msgspec

from balise.errors import BaliseError
from balise.jsonl import Line, changed, read_line, scan_jsonl

Record = TypeVar("Record", bound=msgspec.Struct)
Key = TypeVar("Key")
Value = TypeVar("Value")


class Indexed(Mapping[str, Record]):
    """The records of JSONL files by article, in the files' order, read when they are looked up.

    Every line is read once to begin with, so that a broken one is told at once. `name` gives a
    record's article, and `finish` completes a record that was read.

    Raises:
        BaliseError: a line is broken, or an article comes twice; later, a file was changed since.
    """

    def __init__(
        self,
        files: Iterable[Path],
        type_: type[Record],
        name: Callable[[Record], str],
        finish: Callable[[Record], Record] = lambda record: record,
    ) -> None:
        self._type, self._name, self._finish = type_, name, finish
        self._lines: dict[str, Line] = {}
        for path in files:
            for line, record in scan_jsonl(path, type_):
                if name(record) in self._lines:
                    raise BaliseError(path, f"article {name(record)} comes twice", "keep one line")
                self._lines[name(record)] = line

    def __getitem__(self, article: str) -> Record:
        line = self._lines[article]
        record = read_line(line, self._type)
        if self._name(record) != article:
            raise changed(line.path)
        return self._finish(record)

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

    def __len__(self) -> int:
        return len(self._keys)


class LazyMapping(Mapping[str, Value], Generic[Key, Value]):
    """A value for every name, made of the name's key each time that it is looked up."""

    def __init__(self, keys: Mapping[str, Key], make: Callable[[Key], Value]) -> None:
        self._keys, self._make = keys, make

    def __getitem__(self, name: str) -> Value:
        return self._make(self._keys[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

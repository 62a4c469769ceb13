"""Which articles train, tune and test, as `corpus/splits.json` records it."""

from pathlib import Path

import msgspec

from balise.errors import BaliseError, UsageError
from balise.jsonl import read_json


class RealRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which sources hold real articles, and the day from which theirs are kept for testing."""

    sources: tuple[str, ...]
    test_from: str


class Splits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which article ids train, tune and test, and why those that go together do.

    The parts `…_real` hold the articles of `real.sources`, whose texts may be kept elsewhere: a
    project works without them, and whoever has the texts trains and tests on them too.
    """

    seed: int
    train: tuple[str, ...]
    dev: tuple[str, ...]
    test: tuple[str, ...]
    groups: dict[str, str]
    train_real: tuple[str, ...] = ()
    dev_real: tuple[str, ...] = ()
    test_real: tuple[str, ...] = ()
    real: RealRule | None = None

    def part(self, name: str) -> tuple[str, ...]:
        """Return the ids of one part.

        Raises:
            UsageError: there is no part of that name.
        """
        if name not in ALL_PARTS:
            raise UsageError(
                "--split", f"no part {name!r}", f"choose one of {', '.join(ALL_PARTS)}"
            )
        ids: tuple[str, ...] = getattr(self, name)
        return ids


PARTS = ("train", "dev", "test")
REAL_PARTS = ("train_real", "dev_real", "test_real")
ALL_PARTS = (*PARTS, *REAL_PARTS)


def load_splits(path: Path) -> Splits:
    """Read the split of the corpus.

    Raises:
        BaliseError: the file is missing or broken, or an id stands in two parts.
    """
    splits = read_json(path, Splits)
    seen: set[str] = set()
    for part in ALL_PARTS:
        for id_ in splits.part(part):
            if id_ in seen:
                raise BaliseError(path, f"article {id_} stands twice", "split again")
            seen.add(id_)
    return splits

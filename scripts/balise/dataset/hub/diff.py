"""Two datasets become what differs: rows by config and split, labels, licences, files."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set

import msgspec

from balise.dataset.hub.contents import Config, Contents, Line, fingerprint
from balise.dataset.release import SPLIT_NAMES
from balise.withdrawn import is_meant


class Count(msgspec.Struct, frozen=True):
    """A number in the old dataset and in the new one."""

    old: int
    new: int


class SplitChange(msgspec.Struct, frozen=True):
    """What happened to one split of one config, by row id.

    `moved` maps a row that stands here now to the split where it stood; one that was written
    anew on the way is `changed` too. `removed` is from the whole config, not to another split.
    """

    config: str
    split: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    moved: dict[str, str]
    rows: Count


class Names(msgspec.Struct, frozen=True):
    """Which of some named things came, which are no longer the same, and which went."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Diff(msgspec.Struct, frozen=True):
    """What differs between an old and a new dataset.

    `columns` lists the columns by config, where any differ; rows are compared in the columns
    that both have. `labels` counts the spans of each label by config. `articles`, `spans` and
    `licences` are those of the gold.
    """

    old: str | None
    new: str | None
    rows: tuple[SplitChange, ...]
    columns: dict[str, Names]
    labels: dict[str, dict[str, Count]]
    licences: dict[str, Count]
    articles: Count
    spans: Count
    files: Names

    @property
    def empty(self) -> bool:
        """Tell whether all files are the same."""
        return not (self.files.added or self.files.changed or self.files.removed)


def smaller_gold(old: Contents, new: Contents, withdrawn: Collection[str]) -> str:
    """Say how much smaller the gold has become without the withdrawn articles, or nothing."""
    kept = {
        id_: line
        for id_, line in old.gold().items()
        if not any(is_meant(name, id_, line.url) for name in withdrawn)
    }
    counts = {
        "articles": Count(len(kept), len(new.gold())),
        "spans": Count(_labels(kept.values()).total(), _labels(new.gold().values()).total()),
    }
    lost = [
        f"{c.new} gold {what} instead of {c.old}" for what, c in counts.items() if c.new < c.old
    ]
    return " and ".join(lost)


def diff_contents(old: Contents, new: Contents) -> Diff:
    """Compare two datasets, whatever configs they have."""
    configs = sorted(old.configs.keys() | new.configs.keys())
    none = Config({}, {})
    pairs = {name: (old.configs.get(name, none), new.configs.get(name, none)) for name in configs}
    columns = {
        name: _names(a.columns, b.columns) for name, (a, b) in pairs.items() if a.rows and b.rows
    }
    gold = (old.gold(), new.gold())
    return Diff(
        old=old.version,
        new=new.version,
        rows=tuple(change for name, pair in pairs.items() for change in _rows(name, *pair)),
        columns={name: names for name, names in columns.items() if any(_listed(names))},
        labels={
            name: counted
            for name, (a, b) in pairs.items()
            if (counted := _counts(_labels(_lines(a)), _labels(_lines(b))))
        },
        licences=_counts(*(Counter(line.licence for line in each.values()) for each in gold)),
        articles=Count(*(len(each) for each in gold)),
        spans=Count(*(_labels(each.values()).total() for each in gold)),
        files=_names(old.files, new.files),
    )


def _rows(name: str, old: Config, new: Config) -> Iterable[SplitChange]:
    """Compare the rows of a config by id, and list them under the split where they stand now."""
    common = sorted(old.columns.keys() & new.columns.keys())
    before = {id_: _splits(lines) for id_, lines in old.rows.items()}
    after = {id_: _splits(lines) for id_, lines in new.rows.items()}
    both = sorted(before.keys() & after.keys())
    changed = [
        id_
        for id_ in both
        if fingerprint(old.rows[id_], common) != fingerprint(new.rows[id_], common)
    ]
    moved = {id_: before[id_] for id_ in both if before[id_] != after[id_]}
    for split in _in_order({*before.values(), *after.values()}):
        yield SplitChange(
            config=name,
            split=split,
            added=_in(split, after, after.keys() - before.keys()),
            changed=_in(split, after, changed),
            removed=_in(split, before, before.keys() - after.keys()),
            moved={id_: moved[id_] for id_ in _in(split, after, moved)},
            rows=Count(*(sum(at == split for at in each.values()) for each in (before, after))),
        )


def _splits(lines: tuple[Line, ...]) -> str:
    """Name the split of a row; one whose lines stand in several has a place of its own."""
    return "+".join(sorted({line.split for line in lines}))


def _in_order(splits: Set[str]) -> list[str]:
    known = list(SPLIT_NAMES.values())
    return sorted(
        splits, key=lambda name: (known.index(name) if name in known else len(known), name)
    )


def _in(split: str, places: Mapping[str, str], ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(id_ for id_ in ids if places[id_] == split))


def _lines(config: Config) -> Iterable[Line]:
    return (line for lines in config.rows.values() for line in lines)


def _labels(lines: Iterable[Line]) -> Counter[str]:
    return Counter(label for line in lines for label in line.labels)


def _counts(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, Count]:
    return {name: Count(old.get(name, 0), new.get(name, 0)) for name in sorted({*old, *new})}


def _names(old: Mapping[str, str], new: Mapping[str, str]) -> Names:
    return Names(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(n for n in old.keys() & new.keys() if old[n] != new[n])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _listed(names: Names) -> tuple[tuple[str, ...], ...]:
    return names.added, names.changed, names.removed

"""The `configs` and `dataset_info` of a card, held against the files of the folder."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from balise.dataset.checks.card_values import as_list

_SPLIT = re.compile(r"\w+(\.\w+)*")
"""`datasets` refuses another name of a split (datasets/naming.py)."""

_FORBIDDEN = frozenset(r'<>:/\|?*"')
"""Windows refuses them in a name, and so does `datasets` in a config's."""


def config_problems(values: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield what would keep a config from being found, named or loaded."""
    configs = [each for each in as_list(values.get("configs")) if isinstance(each, dict)]
    if len(configs) < len(as_list(values.get("configs"))):
        yield "configs: each must have a config_name and data_files; correct the others"
    names = [str(each.get("config_name")) for each in configs]
    for name in names:
        yield from _name_problems(name)
    for name, count in Counter(names).items():
        if count > 1:
            yield f"configs: {name} stands {count} times; keep one"
    defaults = [str(each.get("config_name")) for each in configs if each.get("default")]
    if configs and len(defaults) != 1:
        yield f"configs: one must be the default, not {len(defaults)} ({', '.join(defaults)})"
    named: Counter[str] = Counter()
    for name, config in zip(names, configs, strict=True):
        for problem in _file_problems(config, folder, named):
            yield f"configs: {name}: {problem}"
    for path in sorted(folder.rglob("*.parquet")):
        inside = path.relative_to(folder).as_posix()
        if inside not in named:
            yield f"configs: no config names {inside}; name it, or remove the file"
    yield from _info_problems(values, names)


def _name_problems(name: str) -> Iterator[str]:
    if name == "data":
        yield "configs: a config cannot be called data, which is the Hub's folder; rename it"
    elif not name or name == "None" or _FORBIDDEN & set(name):
        yield f"configs: {name!r} cannot be a config's name; take letters, digits and underscores"


def _file_problems(config: Mapping[str, Any], folder: Path, named: Counter[str]) -> Iterator[str]:
    files = config.get("data_files")
    if not isinstance(files, list) or not files:
        yield "data_files must list each split with its path; write them"
        return
    seen: Counter[str] = Counter()
    for each in files:
        if not isinstance(each, dict) or set(each) != {"split", "path"}:
            yield f"data_files: {each!r} is not a split with its path; write both"
            continue
        split = str(each["split"])
        seen[split] += 1
        if not _SPLIT.fullmatch(split):
            yield f"{split!r} cannot be a split's name; take letters, digits and underscores"
        for pattern in as_list(each["path"]):
            found = _find(folder, str(pattern))
            if not found:
                yield f"{split}: no file {pattern} in the folder; build the dataset again"
            named.update(found)
    for split, count in seen.items():
        if count > 1:
            yield f"the split {split} stands {count} times; keep one"


def _find(folder: Path, pattern: str) -> list[str]:
    path = PurePosixPath(pattern)
    if path.is_absolute() or ".." in path.parts or "://" in pattern or not path.parts:
        return []
    try:
        return [found.relative_to(folder).as_posix() for found in folder.glob(pattern)]
    except ValueError:  # pathlib's word for a pattern that is none
        return []


def _info_problems(values: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    infos = [each for each in as_list(values.get("dataset_info")) if isinstance(each, dict)]
    described = [str(each.get("config_name", "default")) for each in infos]
    for name in names:
        if name not in described:
            yield f"dataset_info: config {name} is not described; build the dataset again"
    for info, name in zip(infos, described, strict=True):
        if name not in names:
            yield f"dataset_info: {name} is no config; remove it"
        splits = [each for each in as_list(info.get("splits")) if isinstance(each, dict)]
        if not info.get("features") or not splits:
            yield f"dataset_info: {name} has no features or no splits; build the dataset again"
            continue
        for split in splits:
            if not split.get("num_examples"):
                yield f"dataset_info: {name}/{split.get('name')} is empty; leave it out"
        sizes = [split.get("num_bytes") for split in splits]
        stated = sum(size for size in sizes if isinstance(size, int))
        if stated != info.get("dataset_size"):
            yield (
                f"dataset_info: the splits of {name} have {stated} bytes together, not "
                f"{info.get('dataset_size')}; build the dataset again"
            )

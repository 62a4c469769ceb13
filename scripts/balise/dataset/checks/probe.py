"""Load a dataset folder as a stranger would, and write down what is there.

It runs in a process of its own (`python -m balise.dataset.checks.probe FOLDER LIBRARY…`), because
`datasets` reads at import whether it is offline and where it keeps its cache; see `loaded.py`.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.dataset.checks.libraries import ARROW, library_problems, stream_problems
from balise.dataset.rows import BIO, default_config
from balise.errors import first_line

if TYPE_CHECKING:
    from datasets import DatasetDict, DatasetInfo


class Loaded(msgspec.Struct, frozen=True):
    """What `datasets` found, and other libraries: problems, the tags' names, and numbers of rows.

    `problems` are the card's and the loading's, `libraries` those of every other way to read:
    where there is none, the rows in the files are the ones that `datasets` loads. `rows` maps
    config and split to their number.
    """

    problems: tuple[str, ...]
    libraries: tuple[str, ...]
    tags: tuple[str, ...]
    rows: dict[str, dict[str, int]]


def probe(folder: Path, libraries: Sequence[str] = ()) -> Loaded:
    """Load each config in every way, and the default one, and hold the card against the files."""
    from datasets import load_dataset
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCard

    try:
        card = DatasetCard.load(str(folder / "README.md")).data
        infos = DatasetInfosDict.from_dataset_card_data(card)
        listed = card.to_dict().get("configs") or []
        names = [config["config_name"] for config in listed]
        defaults = [config["config_name"] for config in listed if config.get("default")]
    except Exception as error:  # whatever a broken card makes the libraries raise
        return Loaded((f"README.md cannot be read as a card ({_say(error)})",), (), (), {})

    problems: list[str] = []
    found: dict[str, DatasetDict] = {}
    tags: tuple[str, ...] = ()
    if defaults != [default_config(names)]:
        problems.append(
            f"README.md: the default config must be {default_config(names)} alone, not {defaults}"
        )
    for name in names:
        if name in infos:
            problems += _card_problems(folder, name, infos[name])
        else:
            problems.append(f"README.md: no dataset_info for config {name}")
        try:
            found[name] = load_dataset(str(folder), name)
            if name == BIO:
                tags = tuple(next(iter(found[name].values())).features["ner_tags"].feature.names)
        except Exception as error:  # likewise: every failure to load is the finding
            problems.append(f"config {name} does not load ({_say(error)})")
    try:
        default = load_dataset(str(folder))
        if "spans" not in next(iter(default.values())).features:
            problems.append("what loads by default is not the spans")
    except Exception as error:  # likewise
        problems.append(f"the default config does not load ({_say(error)})")
    others = [
        *stream_problems(folder, names, found),
        *library_problems(folder, dict.fromkeys((ARROW, *libraries)), found),
    ]
    rows = {
        name: {split: part.num_rows for split, part in parts.items()}
        for name, parts in found.items()
    }
    return Loaded(tuple(problems), tuple(others), tags, rows)


def _card_problems(folder: Path, name: str, info: "DatasetInfo") -> Iterator[str]:
    """Compare the card's features, rows and sizes with those of the Parquet files."""
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
    from datasets import Features

    counted: Counter[str] = Counter()
    files = sorted((folder / name).glob("*.parquet"))
    for path in files:
        place = path.relative_to(folder).as_posix()
        try:
            meta = pq.read_metadata(path)
            schema = pq.read_schema(path)
            features = Features.from_arrow_schema(schema)
        except Exception as error:  # pyarrow has a dozen ways to refuse a file, and datasets too
            yield f"{place} is not readable Parquet with features ({_say(error)})"
            continue
        stated_features = info.features or Features()
        if b"huggingface" not in (schema.metadata or {}):
            yield f"{place} names no features"
        elif features != stated_features:
            differing = [key for key in features if features[key] != stated_features.get(key)]
            yield (
                f"README.md: the features of {name} are not those of {place} "
                f"({', '.join(differing) or 'a column is added'})"
            )
        counted[path.name.split("-")[0]] += meta.num_rows
    stated = {split: each.num_examples for split, each in (info.splits or {}).items()}
    for split in {**stated, **counted}:
        if stated.get(split) != counted[split]:
            yield f"README.md: {name}/{split} has {counted[split]} rows, not {stated.get(split)}"
    size = sum(path.stat().st_size for path in files)
    if size != info.download_size:
        yield f"README.md: {name} takes {size} bytes, not {info.download_size}"


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {first_line(error)[:200]}"


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(probe(Path(sys.argv[1]), sys.argv[2:])))

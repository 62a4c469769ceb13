"""Load a dataset folder as a stranger would, and write down what is there.

It runs in a process of its own (`python -m balise.dataset.probe FOLDER`), because `datasets`
reads at import whether it is offline and where it keeps its cache; see `loaded.py`.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from balise.dataset.rows import BIO, default_config
from balise.errors import first_line

if TYPE_CHECKING:
    from datasets import DatasetInfo


class Loaded(msgspec.Struct, frozen=True):
    """What `datasets` found: what is wrong with the card, the tags' names, and every row.

    `rows` maps config and split to the rows as `datasets` gives them.
    """

    problems: tuple[str, ...]
    tags: tuple[str, ...]
    rows: dict[str, dict[str, list[dict[str, Any]]]]


def probe(folder: Path) -> Loaded:
    """Load each config, and the default one, and hold the card against the Parquet files."""
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
        return Loaded((f"README.md cannot be read as a card ({_say(error)})",), (), {})

    problems: list[str] = []
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
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
            loaded = load_dataset(str(folder), name)
            rows[name] = {split: part.to_list() for split, part in loaded.items()}
            if name == BIO:
                tags = tuple(next(iter(loaded.values())).features["ner_tags"].feature.names)
        except Exception as error:  # likewise: every failure to load is the finding
            problems.append(f"config {name} does not load ({_say(error)})")
    try:
        default = load_dataset(str(folder))
        if "spans" not in next(iter(default.values())).features:
            problems.append("what loads by default is not the spans")
    except Exception as error:  # likewise
        problems.append(f"the default config does not load ({_say(error)})")
    return Loaded(tuple(problems), tags, rows)


def _card_problems(folder: Path, name: str, info: "DatasetInfo") -> list[str]:
    """Compare the card's features, rows and sizes with those of the Parquet files."""
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
    from datasets import Features

    problems = []
    files = sorted((folder / name).glob("*.parquet"))
    for path in files:
        place = path.relative_to(folder).as_posix()
        try:
            meta = pq.read_metadata(path)
            schema = pq.read_schema(path)
        except Exception as error:  # pyarrow has a dozen ways to refuse a file
            problems.append(f"{place} is not readable Parquet ({_say(error)})")
            continue
        if b"huggingface" not in (schema.metadata or {}):
            problems.append(f"{place} names no features")
        elif (features := Features.from_arrow_schema(schema)) != info.features:
            differing = [key for key in features if features[key] != info.features.get(key)]
            problems.append(
                f"README.md: the features of {name} are not those of {place} "
                f"({', '.join(differing) or 'a column is added'})"
            )
        split = path.name.split("-")[0]
        stated = info.splits[split].num_examples if split in info.splits else None
        if stated != meta.num_rows:
            problems.append(f"README.md: {name}/{split} has {meta.num_rows} rows, not {stated}")
    size = sum(path.stat().st_size for path in files)
    if size != info.download_size:
        problems.append(f"README.md: {name} takes {size} bytes, not {info.download_size}")
    return problems


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {first_line(error)[:200]}"


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(probe(Path(sys.argv[1]))))

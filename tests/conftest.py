"""What the tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from msgspec.structs import replace

from balise.labels import LabelScheme, load_labels

# Importing spaCy or compiling its French rules inside an example is no slowness of ours.
settings.register_profile("balise", deadline=None)
settings.load_profile("balise")

# The Hub's client reads it when it is imported, as building a dataset does; see balise.hub.
os.environ["HF_HUB_DISABLE_XET"] = "1"

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def labels() -> LabelScheme:
    """Return the project's own label scheme."""
    return load_labels(ROOT / "annotations" / "labels.toml")


@pytest.fixture(scope="session")
def nesting(labels: LabelScheme) -> LabelScheme:
    """Return the project's labels in a scheme that lets spans overlap."""
    return replace(labels, overlapping=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)

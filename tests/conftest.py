"""What the tests share."""

from pathlib import Path

import pytest

from balise.labels import LabelScheme, load_labels

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def labels() -> LabelScheme:
    """Return the project's own label scheme."""
    return load_labels(ROOT / "annotations" / "labels.toml")

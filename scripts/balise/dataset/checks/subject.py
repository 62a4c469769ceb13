"""What is checked: a folder as it stands and as it loads, beside what it should be made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from balise.dataset.checks.front_matter import FrontMatter
from balise.dataset.checks.probe import Loaded
from balise.dataset.checks.stands import Standing
from balise.dataset.manifest import Manifest
from balise.dataset.release import Inputs, Item, Release
from balise.records import Article
from balise.withdrawn import Withdrawal


@dataclass(frozen=True)
class Subject:
    """Everything that a check may look at.

    `items` are the release's by id, sorted; they and `articles` are read from their files whenever
    they are looked at. `card` is null where the front matter cannot be read, which is then a
    problem of its own.
    """

    folder: Path
    inputs: Inputs
    manifest: Manifest
    release: Release
    items: Mapping[str, Item]
    articles: Mapping[str, Article]
    withdrawn: tuple[Withdrawal, ...]
    standing: Standing
    card: FrontMatter | None
    loaded: Loaded

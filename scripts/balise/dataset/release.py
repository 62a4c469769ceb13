"""What goes out: the gold, its articles and their parts, and the readings that it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.dataset.changelog import Changelog
from balise.dataset.imports import Import
from balise.labels import LabelScheme
from balise.origin import Origin
from balise.records import Article, Gold, Span
from balise.splits import ALL_PARTS, Splits

SPLIT_NAMES = {part: part.replace("dev", "validation") for part in ALL_PARTS}
"""The Hub's names for our parts, in the order in which a card lists them."""


GUIDELINES = "guidelines.*.md"
"""The guidelines' names in the folder of the readings, one a language, and in the dataset."""


class Inputs(msgspec.Struct, frozen=True):
    """The files that a release is made of; without `annotations` it has no single readings."""

    gold: Path
    corpus: Path
    splits: Path
    labels: Path
    texts: Path | None = None
    annotations: Path | None = None


class Item(msgspec.Struct, frozen=True):
    """One article that goes out, with its gold spans and the split it stands in.

    `annotators` are the pseudonyms of those whose readings the gold rests on.
    """

    article: Article
    gold: Gold
    split: str
    annotators: tuple[str, ...]

    @property
    def text(self) -> str | None:
        """The text that may be shown; null for a stand-off article, whether it is here or not."""
        return self.article.text if self.article.publishable == "full" else None


class Reading(msgspec.Struct, frozen=True):
    """One confirmed reading of an article that goes out, under its annotator's pseudonym."""

    article: str
    sha256: str
    batch: str
    annotator: str
    spans: tuple[Span, ...]


class Release(msgspec.Struct, frozen=True):
    """Everything that goes out, and what describes it.

    `parts` are the articles of each split that has any, sorted by id, and `readings` those of each
    article that has any, by batch and annotator. Both are read from their files whenever they are
    looked at, so that a release is never in memory as a whole.

    `held` are the articles whose words stay behind, by id: stand-off, withheld or withdrawn.
    `withheld` counts the gold articles that must not be published at all, and `left_out` those that
    were taken back. `withdrawn` names all that ever were, by id or address; the digest in `origin`
    is over the whole gold, these included. `who` says of pseudonyms who they are, `imports` what
    became of spans when readings came in, `changelog` what each version brought, and `guidelines`
    are the annotators', by file name.
    """

    parts: Mapping[str, Sequence[Item]]
    readings: Mapping[str, Sequence[Reading]]
    labels: LabelScheme
    splits: Splits
    withheld: int
    withdrawn: tuple[str, ...]
    origin: Origin
    held: Mapping[str, Article] = {}
    left_out: int = 0
    who: dict[str, str] = {}
    imports: tuple[Import, ...] = ()
    changelog: Changelog = Changelog()
    guidelines: dict[str, str] = {}

    @property
    def size(self) -> int:
        """How many articles go out."""
        return sum(len(items) for items in self.parts.values())

    def each_item(self) -> Iterator[Item]:
        """Read the articles, split by split."""
        for items in self.parts.values():
            yield from items

    def each_reading(self) -> Iterator[Reading]:
        """Read the readings, article by article."""
        for readings in self.readings.values():
            yield from readings

"""Columns and tags: what each Parquet file names, held against what its config must have."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from balise.dataset.bio import tag_names
from balise.dataset.build import CARD
from balise.dataset.checks.card_values import as_list
from balise.dataset.checks.stands import Part
from balise.dataset.checks.subject import Subject
from balise.dataset.rows import BIO
from balise.dataset.schema import config_features

if TYPE_CHECKING:
    from datasets import Features

_TAGS = "ner_tags"


def feature_problems(subject: Subject) -> Iterator[str]:
    """Yield where columns, their types or the order of the tags are not the config's.

    The card's own features are held against the files by the probe, as `datasets` reads them.
    """
    labels = subject.release.labels
    expected, tags = config_features(labels), tag_names(labels)
    for part in subject.standing.parts:
        if part.config in expected:
            yield from _part_problems(part, expected[part.config], tags)
    if subject.card is not None and any(subject.standing.of(BIO)):
        yield from _order(CARD, _card_tags(subject.card.values), tags)


def _part_problems(part: Part, expected: "Features", tags: Sequence[str]) -> Iterator[str]:
    from datasets import Features

    try:
        found = Features.from_arrow_schema(part.schema)
    except Exception as error:  # a broken `huggingface` key has many ways to fail
        yield f"{part.name}: its features cannot be read ({type(error).__name__}); build it again"
        return
    for column in found:
        if column not in expected:
            kind = part.schema.field(column).type
            yield f"{part.name}: {part.config} has no column {column} ({kind}); remove it"
    for column in expected:
        if column not in found:
            yield f"{part.name}: the column {column} is missing; build the dataset again"
        elif column == _TAGS and part.config == BIO:
            yield from _order(part.name, _names(found[column]), tags)
        elif found[column] != expected[column]:
            yield f"{part.name}: the column {column} has another type; build the dataset again"


def _names(feature: object) -> list[str]:
    return list(getattr(getattr(feature, "feature", None), "names", None) or [])


def _card_tags(values: Mapping[str, Any]) -> list[str]:
    """Find the names of the tags of `bio` in a card; none where it has none."""
    for info in as_list(values.get("dataset_info")):
        if isinstance(info, dict) and info.get("config_name") == BIO:
            for column in as_list(info.get("features")):
                if isinstance(column, dict) and column.get("name") == _TAGS:
                    return _listed_names(column)
    return []


def _listed_names(column: Mapping[str, Any]) -> list[str]:
    try:
        names = column["list"]["class_label"]["names"]
        return [str(names[str(number)]) for number in range(len(names))]
    except (KeyError, TypeError):
        return []


def _order(place: str, found: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    for number, (name, tag) in enumerate(zip_longest(found, tags)):
        if name != tag:
            yield (
                f"{place}: tag {number} of {_TAGS} is {name}, not {tag}; O comes first, then B- "
                "and I- of each label in the scheme's order"
            )
            return

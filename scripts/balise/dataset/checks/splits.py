"""Splits that know each other: one id, one text, one event, or nearly one text in two of them.

`validation_real` counts as `validation`, and so on: it does what the part of its name does.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from balise.dataset.checks.findings import Finding
from balise.dataset.checks.subject import Subject
from balise.dataset.release import Item
from balise.indexed import LazyMapping
from balise.near import RESEMBLANCE, near_duplicates
from balise.spans import require_text


def doubled_problems(subject: Subject) -> Iterator[Finding]:
    """Yield ids that come twice in a config, in one split or in two, and texts under two ids."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part in subject.standing.parts:
        for row in part.each_row("id"):
            places[part.config, str(row.get("id"))].append(part.split)
    for (config, id_), splits in places.items():
        if len(splits) > 1:
            yield Finding(
                f"{config}: row {id_} is there {len(splits)} times ({', '.join(splits)}); keep one"
            )
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for id_, item in subject.items.items():
        texts[item.article.sha256].append((id_, item.split))
    for (first, split), *others in texts.values():
        for other, its in others:
            yield Finding(
                f"{first} ({split}) and {other} ({its}) are one text; leave one out", first, other
            )


def near_problems(subject: Subject) -> Iterator[Finding]:
    """Yield pairs of texts that resemble each other across splits, those that are here.

    The measure and its threshold are `near.near_duplicates`, by which the corpus is split.
    """
    items = subject.items
    here = {id_: id_ for id_, item in items.items() if item.article.text}
    for pair in near_duplicates(
        LazyMapping(here, lambda id_: require_text(items[id_].article, id_))
    ):
        left, right = items[pair.left], items[pair.right]
        same = left.article.sha256 == right.article.sha256
        if not same and _side(left) != _side(right):
            yield Finding(
                f"{pair.left} ({left.split}) and {pair.right} ({right.split}) resemble each other "
                f"({pair.resemblance}, from {RESEMBLANCE} on they belong together)",
                pair.left,
                pair.right,
            )


def event_problems(subject: Subject) -> Iterator[Finding]:
    """Yield events that are told in more than one of training, validation and test."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    sides: dict[str, set[str]] = defaultdict(set)
    for item in subject.items.values():
        if item.article.event:
            told[item.article.event][item.split] += 1
            sides[item.article.event].add(_side(item))
    for event, splits in sorted(told.items()):
        if len(sides[event]) > 1:
            counted = ", ".join(f"{count} {split}" for split, count in splits.items())
            yield Finding(
                f"the event {event} straddles splits ({counted})", event, "+".join(sorted(splits))
            )


def _side(item: Item) -> str:
    return item.split.removesuffix("_real")

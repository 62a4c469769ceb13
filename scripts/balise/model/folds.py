"""Articles are dealt to folds for cross-validation."""

import random
from collections import defaultdict
from collections.abc import Sequence

from balise.errors import UsageError
from balise.records import Article


def deal_folds(articles: Sequence[Article], folds: int, seed: int) -> list[tuple[str, ...]]:
    """Deal articles to folds of like size, each as sorted ids; those on one event stay together.

    Raises:
        UsageError: there are fewer than two folds, or fewer events than folds.
    """
    events: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        events[article.event or article.id].append(article.id)
    if len(events) < folds or folds < 2:
        raise UsageError(
            "--folds",
            f"{folds} folds of {len(events)} events",
            "give at least 2, and no more than there are events",
        )
    order = sorted(events)
    random.Random(seed).shuffle(order)  # noqa: S311 - a deal, not a secret
    hands: list[list[str]] = [[] for _ in range(folds)]
    for event in sorted(order, key=lambda name: -len(events[name])):
        min(hands, key=len).extend(events[event])
    return [tuple(sorted(hand)) for hand in hands]

"""Real articles stand in parts of their own: the later ones test, a fifth of the others tunes."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from balise.errors import BaliseError
from balise.records import Article
from balise.splits import REAL_PARTS, RealRule

_DEV_SHARE = 0.2


class Apart(msgspec.Struct, frozen=True):
    """The ids of each real part, and why each article is where it is.

    `pinned` maps the groups of other articles whose events real ones tell too to the part, train
    or test, where they must go, so that no event trains and tests.
    """

    parts: dict[str, tuple[str, ...]]
    reasons: dict[str, str]
    pinned: dict[int, str]


def is_real(article: Article, rule: RealRule | None) -> bool:
    """Tell whether an article is of a source that the rule sets apart."""
    return rule is not None and article.source in rule.sources


def split_real(
    articles: Sequence[Article],
    rule: RealRule | None,
    seed: int,
    groups: Mapping[str, int] | None = None,
) -> Apart:
    """Split real articles by their day, and the earlier ones by a seeded draw of whole events.

    Those published from `rule.test_from` on are `test_real`. Of the others, events are drawn
    until a fifth of the articles is `dev_real`; the rest is `train_real`. An event that has
    articles on both sides of the day is `test_real` whole, because its later texts tell what its
    earlier ones told. `groups` maps the events of the other articles to their groups: events of
    one group stay together here too, in `test_real` or in `train_real`. A day that is known by its
    year or month alone is late where it may be. Texts are not needed, so that whoever lacks them
    gets the same split.

    Raises:
        BaliseError: an article does not say when it was published.
    """
    groups = groups or {}
    parts: dict[str, list[str]] = {part: [] for part in REAL_PARTS}
    reasons: dict[str, str] = {}
    events: dict[str | int, list[Article]] = defaultdict(list)
    for article in articles:
        name = article.event or article.id
        events[groups.get(name, name)].append(article)
    if rule is None:
        return Apart(dict.fromkeys(REAL_PARTS, ()), reasons, {})
    pinned: dict[int, str] = {}
    earlier = []
    total = 0
    for key, group in sorted(events.items(), key=lambda item: str(item[0])):
        late = any(_may_be_late(article, rule.test_from) for article in group)
        for article in group:
            event = f"event {article.event}" if article.event else "alone"
            side = f"from {rule.test_from} on" if late else f"before {rule.test_from}"
            reasons[article.id] = f"real, {side}, {event}"
        if isinstance(key, int):
            pinned[key] = "test" if late else "train"
        total += 0 if late else len(group)
        if late:
            parts["test_real"] += [article.id for article in group]
        elif isinstance(key, int):
            parts["train_real"] += [article.id for article in group]
        else:
            earlier.append(key)
    wanted = round(_DEV_SHARE * total)
    random.Random(seed).shuffle(earlier)  # noqa: S311 - a split, not a secret
    for key in earlier:
        ids = [article.id for article in events[key]]
        part = "dev_real" if len(parts["dev_real"]) + len(ids) <= wanted else "train_real"
        parts[part] += ids
    return Apart({part: tuple(sorted(ids)) for part, ids in parts.items()}, reasons, pinned)


def _may_be_late(article: Article, test_from: str) -> bool:
    if article.published is None:
        raise BaliseError(
            f"article {article.id}",
            "is real and does not say when it was published",
            "give its `published` in the corpus: the split keeps later articles for testing",
        )
    day = article.published[:10]
    return day >= test_from[: len(day)]

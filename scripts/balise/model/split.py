"""Gold articles are split into train, dev and test so that nothing leaks between them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from balise.errors import BaliseError, UsageError
from balise.model.real import is_real, split_real
from balise.near import near_duplicates
from balise.records import Article, Gold
from balise.spans import require_text
from balise.splits import PARTS, RealRule, Splits
from balise.stores import find_article

_SHARES = {"train": 0.7, "dev": 0.1, "test": 0.2}
_TRIES = 200
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def split(
    gold: Sequence[Gold],
    articles: Mapping[str, Article],
    seed: int = 0,
    real: RealRule | None = None,
) -> Splits:
    """Split gold 70/10/20 by groups of articles on one event or with near-duplicate texts.

    Of 200 seeded random splits (0 is a seed like any other) the one is taken whose parts hold
    each label in the proportion closest to their share, so that a rare label is not all in one
    part. The same gold and seed give the same split. The articles of the sources that `real`
    names stand apart, in parts of their own (see `split_real`); an event that they tell too is in
    train or in test, as they are.

    Raises:
        UsageError: `real` names a source that gold has no article of, or its day is not a full one.
        BaliseError: there are fewer than three free groups, or every split leaves a part without a
            span.
    """
    found = [find_article(articles, record.article, "split") for record in gold]
    _check_rule(real, found)
    gold = [record for record, each in zip(gold, found, strict=True) if not is_real(each, real)]
    groups, reasons = _groups(gold, articles)
    events = {
        event: group
        for record, group in zip(gold, groups, strict=True)
        if (event := articles[record.article].event)
    }
    apart = split_real([each for each in found if is_real(each, real)], real, seed, events)
    free = set(groups) - apart.pinned.keys()
    if len(free) < len(PARTS):
        raise BaliseError(
            "split",
            f"{len(gold)} articles make {len(free)} independent groups, and train, dev and test "
            "need one each",
            "annotate more articles, on other events",
        )
    counts = [Counter(span.label for span in record.spans) for record in gold]
    candidates = [
        parts
        for parts in _candidates(groups, apart.pinned, seed)
        if all(any(counts[index] for index in part) for part in parts.values())
    ]
    if not candidates:
        raise BaliseError(
            "split",
            "every split leaves a part without a single span",
            "annotate more articles with entities in them",
        )
    best = min(candidates, key=lambda parts: _imbalance(parts, counts))
    ids = {part: tuple(sorted(gold[index].article for index in best[part])) for part in PARTS}
    reasons |= apart.reasons
    return Splits(seed=seed, **ids, **apart.parts, groups=dict(sorted(reasons.items())), real=real)


def _check_rule(rule: RealRule | None, articles: Sequence[Article]) -> None:
    if rule is None:
        return
    if not _DAY.fullmatch(rule.test_from):
        raise UsageError("--test-from", f"{rule.test_from!r} is no day", "write it as 2017-01-01")
    known = sorted({article.source or "unknown" for article in articles})
    for source in rule.sources:
        if source not in known:
            raise UsageError(
                "--real",
                f"no gold article of source {source!r}",
                f"choose among {', '.join(known)}",
            )


def _groups(
    gold: Sequence[Gold], articles: Mapping[str, Article]
) -> tuple[list[int], dict[str, str]]:
    """Give each article the number of its group, and the reason why it is in it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    position = {record.article: index for index, record in enumerate(gold)}
    found = [find_article(articles, record.article, "split") for record in gold]
    texts = {article.id: require_text(article, "split") for article in found}
    reasons = {article.id: f"event {article.event}" for article in found if article.event}
    first: dict[str, int] = {}
    edges = []
    for index, article in enumerate(found):
        if article.event:
            edges.append((index, first.setdefault(article.event, index)))
    for pair in near_duplicates(texts):
        edges.append((position[pair.left], position[pair.right]))
        for id_, other in ((pair.left, pair.right), (pair.right, pair.left)):
            why = f"near-duplicate of {other} ({pair.resemblance})"
            reasons[id_] = f"{reasons[id_]}, {why}" if id_ in reasons else why
    for article in found:
        reasons.setdefault(article.id, "alone")
    rows, columns = zip(*edges, strict=True) if edges else ((), ())
    graph = coo_array(([1] * len(edges), (rows, columns)), shape=(len(gold), len(gold)))
    _, numbers = connected_components(graph, directed=False)
    return [int(number) for number in numbers], reasons


def _candidates(
    groups: Sequence[int], pinned: Mapping[int, str], seed: int
) -> Iterator[dict[str, list[int]]]:
    """Draw random splits of whole groups; those that are pinned to a part go there."""
    from sklearn.model_selection import GroupShuffleSplit

    fixed: dict[str, list[int]] = {part: [] for part in PARTS}
    free: list[int] = []
    for index, group in enumerate(groups):
        (fixed[pinned[group]] if group in pinned else free).append(index)
    tests = GroupShuffleSplit(_TRIES, test_size=_SHARES["test"], random_state=seed)
    dev_share = _SHARES["dev"] / (1 - _SHARES["test"])
    for rest, test in tests.split(free, groups=[groups[index] for index in free]):
        devs = GroupShuffleSplit(1, test_size=dev_share, random_state=seed)
        train, dev = next(devs.split(rest, groups=[groups[free[index]] for index in rest]))
        yield {
            "train": fixed["train"] + [free[rest[index]] for index in train],
            "dev": [free[rest[index]] for index in dev],
            "test": fixed["test"] + [free[index] for index in test],
        }


def _imbalance(parts: Mapping[str, Sequence[int]], counts: Sequence[Counter[str]]) -> float:
    """Add up how far each part's share of each label is from the part's own share."""
    totals = sum(counts, Counter[str]())
    return sum(
        abs(sum(counts[index][label] for index in parts[part]) / total - share)
        for part, share in _SHARES.items()
        for label, total in totals.items()
    )

"""The values of a card's front matter, held against the Hub's lists and against the rows."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from balise.dataset.checks.front_matter import FrontMatter
from balise.dataset.checks.hub_lists import HubLists

_SOURCE = re.compile(r"original|extended(?:\|[\w.-]+(?:/[\w.-]+)?)?|[\w.-]+(?:/[\w.-]+)?")
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_BOUND = re.compile(r"(\d+)([KMBT]?)")
_ONE = ("license", "multilinguality", "size_categories")


def value_problems(
    card: FrontMatter, lists: HubLists, articles: int, languages: Collection[str]
) -> Iterator[str]:
    """Yield what the Hub does not know or what does not fit the articles, of which are so many.

    `DatasetCard` accepts all of it (hub.md, pitfall 10).
    """
    for line, key in card.repeated:
        yield f"line {line}: the key {key} stands twice and the last one wins; keep one"
    for key in card.values:
        if key not in lists.keys:
            yield f"the Hub knows no key {key!r}{_nearest(key, lists.keys)}"
    for key in lists.required:
        if card.values.get(key) in (None, "", [], {}):
            yield f"{key} is missing; a reader finds and judges the dataset by it"
    for key, known in lists.values.items():
        yield from _listed(key, card.values.get(key), known)
    yield from _fitting(card.values, lists, articles, languages)


def _listed(key: str, value: object, known: frozenset[str]) -> Iterator[str]:
    given = as_list(value)
    for each in given:
        if not isinstance(each, str):
            yield f"{key}: {each!r} is no text; put it in quotation marks"
        elif each not in known:
            # Codes of two letters resemble everything.
            near = "; write its ISO 639 code" if key == "language" else _nearest(each, known)
            yield f"{key}: {each!r} is none of the Hub's{near}"
    for each in sorted({str(one) for one in given if given.count(one) > 1}):
        yield f"{key}: {each} stands twice; keep one"
    if key in _ONE and len(given) > 1:
        yield f"{key}: {len(given)} values; keep the one that holds"


def _fitting(
    values: Mapping[str, Any], lists: HubLists, articles: int, languages: Collection[str]
) -> Iterator[str]:
    for size in _texts(values, "size_categories"):
        if size in lists.values["size_categories"] and not size_holds(size, articles):
            yield f"size_categories: {size} does not hold {articles} articles; write what does"
    tasks = _texts(values, "task_categories")
    belonging = {name for task in tasks for name in lists.tasks.get(task, ())}
    for name in _texts(values, "task_ids"):
        if name in lists.values["task_ids"] and name not in belonging:
            yield f"task_ids: {name} belongs to none of the task_categories; name its category too"
    given = as_list(values.get("language"))
    for language in sorted(set(languages) - {str(each) for each in given}):
        yield f"language: rows are in {language!r}, which is not named; add it"
    if values.get("multilinguality") in ("monolingual", ["monolingual"]) and len(given) > 1:
        yield f"multilinguality: monolingual, with {len(given)} languages; write multilingual"
    for source in as_list(values.get("source_datasets")):
        if not isinstance(source, str) or not _SOURCE.fullmatch(source):
            yield f"source_datasets: {source!r} is no data set; write original or a data set's name"
    if values.get("license") == "unknown":
        yield "license: unknown leaves nobody any right; name the licence"
    if values.get("license") == "other":
        for key in ("license_name", "license_link"):
            if not values.get(key):
                yield f"license: other needs {key}; add it"


def _texts(values: Mapping[str, Any], key: str) -> list[str]:
    return [each for each in as_list(values.get(key)) if isinstance(each, str)]


def size_holds(category: str, rows: int) -> bool:
    """Tell whether a size category (`n<1K`, `1K<n<10K`, `n>1T`) holds so many rows."""
    bounds = [int(figure) * _UNITS[unit] for figure, unit in _BOUND.findall(category)]
    if not bounds:
        return False
    if category.startswith("n>"):
        return rows >= bounds[0]
    return rows < bounds[-1] and (len(bounds) == 1 or rows >= bounds[0])


def as_list(value: object) -> list[Any]:
    """Turn a value of the front matter, one or several, into a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _nearest(value: str, known: Collection[str]) -> str:
    near = get_close_matches(value.lower(), sorted(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else "; its documentation lists them"

"""Figures of a release whose real articles stand apart."""

from balise.dataset.card.body import card_body
from balise.dataset.card.counting import count_release
from balise.dataset.release import Item, Release
from balise.labels import LabelScheme
from balise.ledger import Ledger
from balise.origin import origin
from balise.splits import RealRule, Splits
from markup import gold

PLACES = [
    ("own-1", "train", "mossoul", True),
    ("own-2", "test", "nice", True),
    ("own-3", "train", "goma", True),
    ("own-4", "test", "goma", True),
    ("wiki-1", "train_real", "mossoul", False),
    ("wiki-2", "test_real", "nice", False),
]
RULE = RealRule(("wiki",), "2017-01-01")


def release(labels: LabelScheme, places: list[tuple[str, str, str, bool]]) -> Release:
    parts: dict[str, list[Item]] = {}
    for id_, split, event, synthetic in places:
        article, record = gold(id_, "[Gao](LOCATION)", event=event, synthetic=synthetic)
        item = Item(article, record, split, ("annotator-1",))
        parts.setdefault(split, []).append(item)
    splits = Splits(0, (), (), (), {}, real=RULE if len(places) > 4 else None)
    made_from = origin([item.gold for part in parts.values() for item in part], labels.version, 0)
    return Release(parts, {}, labels, splits, 0, (), made_from)


def card(labels: LabelScheme, places: list[tuple[str, str, str, bool]]) -> str:
    made = release(labels, places)
    configs = ("spans", "standoff")
    body = card_body("x", made, count_release(made), Ledger().close(0, 0), configs, "0.1.0")
    return " ".join(body.split())


def test_a_real_part_counts_as_the_one_it_stands_beside(labels: LabelScheme) -> None:
    figures = count_release(release(labels, PLACES))
    assert [each.split for each in figures.splits] == ["train", "test", "train_real", "test_real"]
    assert (figures.leaks.shared, figures.leaks.straddling) == (3, 1)  # goma alone trains and tests


def test_the_card_tells_of_real_articles_only_where_there_are_some(labels: LabelScheme) -> None:
    words = card(labels, PLACES)
    assert "3 events have more than one article; of these, 1 are told in more" in words
    assert "Real articles (wiki) stand apart" in words
    assert "Rows that are not synthetic are real articles" in words
    words = card(labels, PLACES[:4])
    assert "stand apart" not in words
    assert "Rows that are not synthetic" not in words

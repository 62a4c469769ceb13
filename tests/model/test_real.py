"""Real articles stand in parts of their own, the later ones for testing."""

import msgspec
import pytest

from balise.errors import BaliseError
from balise.model.real import split_real
from balise.model.split import split
from balise.records import Article, Gold, Span
from balise.stores import REAL_PARTS, RealRule
from markup import article

RULE = RealRule(("wiki",), "2017-01-01")


def real(number: int, published: str | None, event: str | None = None) -> Article:
    text = f"Texte {number}"
    made = article(f"wiki-{number:02}", text, source="wiki", published=published, event=event)
    return msgspec.structs.replace(made, text=None)


def test_later_articles_test_and_a_fifth_of_the_earlier_tunes() -> None:
    articles = [real(n, "2016-05-01") for n in range(10)] + [
        real(n, "2017-01-01") for n in (10, 11)
    ]
    apart = split_real(articles, RULE, seed=0)
    assert {part: len(ids) for part, ids in apart.parts.items()} == {
        "train_real": 8,
        "dev_real": 2,
        "test_real": 2,
    }
    assert apart.parts["test_real"] == ("wiki-10", "wiki-11")
    assert apart.reasons["wiki-10"] == "real, from 2017-01-01 on, alone"


@pytest.mark.parametrize("seed", range(5))
def test_an_event_is_never_parted_and_goes_with_its_latest_article(seed: int) -> None:
    articles = [
        *(real(n, "2016-02-01", f"event-{n // 3}") for n in range(9)),
        real(9, "2016-12-31", "straddling"),
        real(10, "2017-01-02", "straddling"),
    ]
    apart = split_real(articles, RULE, seed)
    assert apart.parts["test_real"] == ("wiki-09", "wiki-10")
    events = {one.id: one.event for one in articles}
    found = [{events[id_] for id_ in apart.parts[part]} for part in REAL_PARTS]
    assert sum(len(each) for each in found) == len(set.union(*found))


def test_an_article_without_a_day_is_named() -> None:
    with pytest.raises(BaliseError, match="wiki-01: is real and does not say when"):
        split_real([real(1, None)], RULE, 0)


def test_real_articles_need_no_text_and_leave_the_other_parts_as_they_were() -> None:
    own = [article(f"own-{n}", f"Texte numéro {n} à Homs", event=f"e{n}") for n in range(10)]
    others = [real(n, f"201{6 + n % 2}-03-01") for n in range(6)]

    def gold(articles: list[Article]) -> list[Gold]:
        span = (Span(0, 5, "DATE"),)
        return [Gold(a.id, a.sha256, ("x",), "single", None, span) for a in articles]

    known = {a.id: a for a in own + others}
    alone = split(gold(own), known, seed=0)
    both = split(gold(own + others), known, seed=0, real=RULE)
    assert [both.train, both.dev, both.test] == [alone.train, alone.dev, alone.test]
    assert len(both.test_real) == 3
    assert both.real == RULE
    assert both.groups.keys() == known.keys()

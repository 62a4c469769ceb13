"""Articles are dealt evenly, each pair of annotators meets, and blind articles are shared out."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.errors import UsageError
from balise.tasks.assign import assign

NAMES = ["anne", "bruno", "chloe", "david", "emma"]


@given(
    count=st.integers(0, 60),
    team=st.integers(1, 5),
    data=st.data(),
    blind=st.floats(0, 1),
    seed=st.integers(0, 5),
)
def test_every_article_has_its_readers_and_loads_differ_by_one_at_most(
    count: int, team: int, data: st.DataObject, blind: float, seed: int
) -> None:
    overlap = data.draw(st.integers(1, team))
    articles = [f"a{number:02}" for number in range(count)]
    assigned = assign(articles, NAMES[:team], overlap, blind, seed)
    readers = Counter(article for share in assigned.values() for article in share.articles)
    assert readers == Counter(dict.fromkeys(articles, overlap))
    loads = [len(share.articles) for share in assigned.values()]
    assert max(loads) - min(loads) <= 1
    for share in assigned.values():
        assert list(share.articles) == sorted(set(share.articles))
        assert set(share.blind) <= set(share.articles)
        expected = max(1, round(blind * len(share.articles))) if blind and share.articles else 0
        assert len(share.blind) == expected


def test_all_pairs_of_annotators_meet_equally_often() -> None:
    articles = [f"a{number:02}" for number in range(60)]
    assigned = assign(articles, NAMES[:4], 2)
    meetings = [
        len(set(assigned[one].articles) & set(assigned[other].articles))
        for one, other in combinations(NAMES[:4], 2)
    ]
    assert sum(meetings) == 60
    assert max(meetings) - min(meetings) <= 2


def test_a_blind_article_has_one_blind_reader_while_there_are_enough_articles() -> None:
    articles = [f"a{number:02}" for number in range(40)]
    assigned = assign(articles, NAMES[:3], 2, blind=0.1)
    blind = Counter(article for share in assigned.values() for article in share.blind)
    assert [len(share.blind) for share in assigned.values()] == [3, 3, 3]
    assert set(blind.values()) == {1}


def test_the_seed_decides_and_the_order_given_does_not() -> None:
    articles = [f"a{number:02}" for number in range(20)]
    first = assign(articles, NAMES, 2, 0.2, seed=0)
    assert assign(articles[::-1], NAMES[::-1], 2, 0.2, seed=0) == first
    assert assign(articles, NAMES, 2, 0.2, seed=1) != first


def test_without_an_overlap_everyone_reads_everything() -> None:
    assigned = assign(["b", "a"], ["bruno", "anne"])
    assert {name: share.articles for name, share in assigned.items()} == {
        "anne": ("a", "b"),
        "bruno": ("a", "b"),
    }


@pytest.mark.parametrize("overlap", [0, 3, -1])
def test_more_readers_than_annotators_is_a_wrong_call(overlap: int) -> None:
    with pytest.raises(UsageError, match=f"--overlap: {overlap} readers"):
        assign(["a"], ["anne", "bruno"], overlap)


@pytest.mark.parametrize("blind", [-0.1, 1.1])
def test_a_share_outside_0_and_1_is_a_wrong_call(blind: float) -> None:
    with pytest.raises(UsageError, match="--blind"):
        assign(["a"], ["anne"], 1, blind)

"""Nothing that belongs together straddles train, dev and test."""

from itertools import pairwise

import pytest

from balise.errors import BaliseError
from balise.model.split import split
from balise.records import Article, Gold
from balise.splits import PARTS, Splits
from markup import gold

Corpus = tuple[list[Gold], dict[str, Article]]

TOWNS = ["Gao", "Kidal", "Goma", "Bunia", "Taëz", "Alep", "Homs", "Kiev", "Lviv", "Gori", "Marawi"]


def corpus(*pairs: tuple[Article, Gold]) -> Corpus:
    return [record for _, record in pairs], {article.id: article for article, _ in pairs}


def towns(count: int = 11, **fields: str) -> list[tuple[Article, Gold]]:
    return [
        gold(f"x-{index:02}", f"Des tirs à [{town}](LOCATION), dit le rapport {index}.", **fields)
        for index, town in enumerate(TOWNS[:count])
    ]


def part_of(splits: Splits, id_: str) -> str:
    [part] = [name for name in PARTS if id_ in splits.part(name)]
    return part


def test_every_article_is_in_exactly_one_part_and_shares_are_kept() -> None:
    splits = split(*corpus(*towns()))
    ids = [id_ for name in PARTS for id_ in splits.part(name)]
    assert sorted(ids) == [f"x-{index:02}" for index in range(11)]
    assert [len(splits.part(name)) for name in PARTS] == [7, 1, 3]


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    made = corpus(*towns())
    assert split(*made, seed=0) == split(*made, seed=0)
    assert len({split(*made, seed=seed).test for seed in range(5)}) > 1


def test_articles_on_one_event_stay_together_whatever_the_seed() -> None:
    alone = towns(8)
    together = [
        gold(f"y-{index}", f"Raid numéro {index} sur [{town}](LOCATION).", event="raids")
        for index, town in enumerate(TOWNS[:4])
    ]
    made = corpus(*alone, *together)
    for seed in range(10):
        splits = split(*made, seed=seed)
        assert len({part_of(splits, f"y-{index}") for index in range(4)}) == 1
    assert splits.groups["y-0"] == "event raids"
    assert splits.groups["x-00"] == "alone"


def test_near_duplicates_stay_together_and_the_reason_names_the_other() -> None:
    copies = [
        gold(
            f"z-{index}",
            "Les rebelles ont pris la ville de [Goma](LOCATION) après trois jours de combats "
            f"acharnés contre l'armée, selon des habitants joints {day}.",
        )
        for index, day in enumerate(["lundi", "mardi", "jeudi"])
    ]
    made = corpus(*towns(8), *copies)
    for seed in range(10):
        splits = split(*made, seed=seed)
        for one, other in pairwise(["z-0", "z-1", "z-2"]):
            assert part_of(splits, one) == part_of(splits, other)
    assert "near-duplicate of z-1" in splits.groups["z-0"]


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_independent_articles_are_named(count: int) -> None:
    with pytest.raises(BaliseError, match=f"{count} articles make {count} independent groups"):
        split(*corpus(*towns(count)))


def test_a_corpus_with_too_few_entities_for_three_parts_is_named() -> None:
    empty = [gold(f"e-{index}", f"Rien à signaler, jour {index}.") for index in range(5)]
    with pytest.raises(BaliseError, match="a part without a single span"):
        split(*corpus(*towns(2), *empty))

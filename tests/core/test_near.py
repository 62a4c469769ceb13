"""Near-duplicates, held against a plain computation of the same definition."""

import random
import re
from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise import near
from balise.near import near_duplicates

WORDS = st.lists(st.sampled_from(["armée", "de", "Mossoul", "tirs", "mardi", "l'ONU"]), max_size=12)


def trigrams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def plainly(texts: Mapping[str, str], threshold: float) -> dict[tuple[str, str], float]:
    """Compare every two texts."""
    sets = {name: trigrams(text) for name, text in texts.items()}
    found = {}
    for left, right in combinations(sorted(texts), 2):
        both = len(sets[left] & sets[right])
        if both and both / len(sets[left] | sets[right]) >= threshold:
            found[left, right] = round(both / len(sets[left] | sets[right]), 3)
    return found


def pairs(texts: Mapping[str, str], threshold: float) -> dict[tuple[str, str], float]:
    return {(p.left, p.right): p.resemblance for p in near_duplicates(texts, threshold)}


@given(st.lists(WORDS.map(" ".join), max_size=5))
def test_pairs_are_those_whose_trigram_sets_have_the_jaccard_index(texts: list[str]) -> None:
    named = {f"a{index}": text for index, text in enumerate(texts)}
    assert pairs(named, 0.25) == plainly(named, 0.25)


@pytest.mark.parametrize("threshold", [0.1, 0.25, 0.6])
@pytest.mark.parametrize("seed", range(4))
def test_no_pair_of_long_texts_is_lost_whatever_is_left_out_on_the_way(
    seed: int, threshold: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "_BLOCK", 7)
    chance = random.Random(seed)
    words = [f"mot{number}" for number in range(40)]
    sentences = [" ".join(chance.choices(words, k=12)) for _ in range(30)]
    told = [chance.choices(sentences, k=chance.randrange(1, 15)) for _ in range(40)]
    told += [[*one[1:], chance.choice(sentences)] for one in told]
    texts = {f"a{number:02}": ". ".join(one) for number, one in enumerate(told)}
    expected = plainly(texts, threshold)
    assert len(expected) > 10
    assert pairs(texts, threshold) == expected


def test_wire_copy_with_a_changed_word_is_a_near_duplicate_and_another_story_is_not() -> None:
    story = "Les rebelles ont pris la ville de Goma lundi à l'aube après trois jours de combats"
    texts = {
        "a": story,
        "b": story.replace("lundi", "mardi"),
        "c": "Une trêve est entrée en vigueur dans la bande de Gaza",
    }
    assert [(pair.left, pair.right) for pair in near_duplicates(texts)] == [("a", "b")]


def test_texts_of_very_different_lengths_and_trigrams_that_share_a_hash_lose_no_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(near, "_HASHES", 2**16)
    chance = random.Random(0)
    words = [f"mot{number}" for number in range(60)]
    texts = {f"a{n}": " ".join(chance.choices(words, k=10 + 40 * (n % 9))) for n in range(45)}
    for n in range(0, 45, 3):
        kept = texts[f"a{n}"].split()
        texts[f"b{n}"] = " ".join(kept[: len(kept) // 2] + chance.choices(words, k=8))
    expected = plainly(texts, 0.25)
    assert len(expected) > 10
    assert pairs(texts, 0.25) == expected


def test_more_shared_trigrams_than_sixteen_bits_count_are_counted() -> None:
    long = " ".join(f"mot{number}" for number in range(66_000))
    assert pairs({"a": long, "b": f"{long} fin"}, 0.25) == {("a", "b"): 1.0}

"""Near-duplicates, held against a plain computation of the same definition."""

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from balise.near import near_duplicates

WORDS = st.lists(st.sampled_from(["armée", "de", "Mossoul", "tirs", "mardi", "l'ONU"]), max_size=12)


def trigrams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


@given(st.lists(WORDS.map(" ".join), max_size=5))
def test_pairs_are_those_whose_trigram_sets_have_the_jaccard_index(texts: list[str]) -> None:
    named = {f"a{index}": text for index, text in enumerate(texts)}
    expected = {}
    for left, right in combinations(sorted(named), 2):
        one, other = trigrams(named[left]), trigrams(named[right])
        if one & other and len(one & other) / len(one | other) >= 0.25:
            expected[left, right] = round(len(one & other) / len(one | other), 3)
    found = {(pair.left, pair.right): pair.resemblance for pair in near_duplicates(named)}
    assert found == expected


def test_wire_copy_with_a_changed_word_is_a_near_duplicate_and_another_story_is_not() -> None:
    story = "Les rebelles ont pris la ville de Goma lundi à l'aube après trois jours de combats"
    texts = {
        "a": story,
        "b": story.replace("lundi", "mardi"),
        "c": "Une trêve est entrée en vigueur dans la bande de Gaza",
    }
    assert [(pair.left, pair.right) for pair in near_duplicates(texts)] == [("a", "b")]

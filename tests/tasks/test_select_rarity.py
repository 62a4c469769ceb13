"""Articles with suggestions under labels that gold has few of come first."""

from pathlib import Path

import pytest

from balise.labels import LabelScheme
from balise.tasks.select_rarity import label_rarity, rank_by_rarity
from balise.tasks.suggesters import Suggester, load_suggester
from markup import article, gold
from scored_project import make_pipeline

OWN = Path(__file__).parents[2] / "corpus" / "lexicon"
GOLD = [
    gold("g-1", "[Gao](LOCATION), [Goma](LOCATION), [Kiev](LOCATION)")[1],
    gold("g-2", "[Alep](LOCATION), le [M23](ARMED_GROUP)")[1],
]


@pytest.fixture
def suggester(tmp_path: Path, labels: LabelScheme) -> Suggester:
    patterns = {"Gao": "LOCATION", "Daech": "ARMED_GROUP", "drones": "WEAPON"}
    found = load_suggester(str(make_pipeline(tmp_path / "p", patterns)), OWN, labels)
    assert found is not None
    return found


def test_rarity_is_the_inverse_of_the_share_and_finite_for_a_new_label(
    labels: LabelScheme,
) -> None:
    # Five spans and eleven labels: 16 / (11 · (n + 1)).
    rarity = label_rarity({"LOCATION": 4, "ARMED_GROUP": 1}, labels)
    assert rarity["LOCATION"] == pytest.approx(16 / 55)
    assert rarity["ARMED_GROUP"] == pytest.approx(16 / 22)
    assert rarity["WEAPON"] == pytest.approx(16 / 11)
    even = label_rarity(dict.fromkeys(labels.names, 7), labels)
    assert set(even.values()) == {1.0}


def test_the_score_is_the_rarity_of_the_suggestions_per_100_words(
    suggester: Suggester, labels: LabelScheme
) -> None:
    texts = {
        "a-common": "Gao et Gao .",
        "b-rare": "Des drones à Gao .",
        "c-long": "Des drones à Gao . Rien de plus .",
        "d-none": "Rien .",
        "e-known": "Daech et Daech .",
    }
    articles = [article(*pair) for pair in texts.items()]
    picks = rank_by_rarity(articles, GOLD, suggester, labels)
    assert {pick.article: pick.score for pick in picks} == {
        "a-common": pytest.approx(100 * 2 * 16 / 55 / 4, abs=1e-6),
        "b-rare": pytest.approx(100 * (16 / 11 + 16 / 55) / 5, abs=1e-6),
        "c-long": pytest.approx(100 * (16 / 11 + 16 / 55) / 9, abs=1e-6),
        "d-none": 0,
        "e-known": pytest.approx(100 * 2 * 16 / 22 / 4, abs=1e-6),
    }
    order = [pick.article for pick in picks]
    assert order == ["e-known", "b-rare", "c-long", "a-common", "d-none"]


def test_the_reason_names_the_label_that_weighs_most_with_its_share_of_gold(
    suggester: Suggester, labels: LabelScheme
) -> None:
    texts = {"a": "Gao, Daech et Daech", "b": "Des drones à Gao", "c": "Rien"}
    picks = rank_by_rarity([article(*pair) for pair in texts.items()], GOLD, suggester, labels)
    assert {pick.article: pick.reason for pick in picks} == {
        "a": "2 suggested spans of ARMED_GROUP, which is 20.0 % of gold",
        "b": "1 suggested span of WEAPON, which gold does not have yet",
        "c": "no suggested span",
    }

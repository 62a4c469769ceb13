"""One article of each topic comes first, the one that is unlike what is annotated."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balise.errors import BaliseError
from balise.tasks.select_diversity import rank_by_diversity
from markup import article

TOPICS = {
    "otages": "otages Doha négociation libération médiateurs cessez-le-feu accord prisonniers",
    "drones": "drones frappe Kharkiv missiles immeuble défense aérienne centrale",
    "putsch": "putsch Niamey colonels palais transition sanctions junte constitution",
}
ARTICLES = [
    article(f"{topic}-{n}", " ".join([*words.split()[n:], "armée", "hier", *words.split()[:n]]))
    for topic, words in TOPICS.items()
    for n in range(4)
]


def test_three_topics_give_one_article_each() -> None:
    for seed in range(5):
        picks = rank_by_diversity(ARTICLES, [], 3, seed)
        first = [pick.article.split("-")[0] for pick in picks[:3]]
        assert sorted(first) == sorted(TOPICS)


def test_the_rest_follows_topic_by_topic() -> None:
    picks = rank_by_diversity(ARTICLES, [], 3)
    assert sorted(pick.article for pick in picks) == sorted(each.id for each in ARTICLES)
    for place in range(0, 12, 3):
        topics = {pick.article.split("-")[0] for pick in picks[place : place + 3]}
        assert topics == set(TOPICS)


def test_the_reason_names_the_cluster_s_words_as_they_are_written() -> None:
    picks = rank_by_diversity(ARTICLES, [], 3)
    reasons = {pick.article.split("-")[0]: pick.reason for pick in picks[:3]}
    for topic, reason in reasons.items():
        start, words = reason.split(";")[0].split(": ")
        assert start.startswith("best of the 4 articles in cluster ")
        assert set(words.split(", ")) <= set(TOPICS[topic].split())


def test_what_resembles_an_annotated_article_comes_last() -> None:
    near = article("vu", "Niamey colonels palais transition sanctions junte putsch constitution")
    picks = rank_by_diversity(ARTICLES, [near], 3)
    assert picks[2].article.startswith("putsch")
    assert picks[2].score == min(pick.score for pick in picks[:3] if pick.score is not None)
    assert "to the nearest annotated article 0." in picks[0].reason


def test_within_a_topic_the_copy_of_an_annotated_article_is_not_chosen() -> None:
    copy = article("drones-copie", "drones frappe Kharkiv drones frappe Kharkiv")
    picks = rank_by_diversity([*ARTICLES, copy], [article("vu", copy.text or "")], 3)
    assert [pick.article for pick in picks].index("drones-copie") >= 9


@settings(max_examples=25)
@given(
    count=st.integers(1, 12),
    clusters=st.integers(1, 15),
    annotated=st.integers(0, 3),
    seed=st.sampled_from([0, 1, 2**40]),
)
def test_every_article_is_ranked_once_and_the_same_way_again(
    count: int, clusters: int, annotated: int, seed: int
) -> None:
    call = (ARTICLES[:count], ARTICLES[12 - annotated :], clusters, seed)
    picks = rank_by_diversity(*call)
    assert sorted(pick.article for pick in picks) == sorted(e.id for e in ARTICLES[:count])
    assert rank_by_diversity(*call) == picks


def test_equal_texts_and_more_clusters_than_texts_are_no_mistake(
    recwarn: pytest.WarningsRecorder,
) -> None:
    same = [article(f"a-{n}", "Tirs à Gao") for n in range(4)]
    picks = rank_by_diversity(same, [], 4)
    assert [pick.article for pick in picks] == ["a-0", "a-1", "a-2", "a-3"]
    assert [str(warning.message) for warning in recwarn] == []


def test_texts_without_a_word_are_refused_with_a_remedy() -> None:
    with pytest.raises(BaliseError, match=r"no word that could tell them apart.*--by random"):
        rank_by_diversity([article("a", "Le, la, les… 12 ?")], [], 1)

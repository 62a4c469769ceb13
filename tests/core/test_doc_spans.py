"""A pipeline's spans are its entities, or its one group of spans."""

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import SpanGroup

from balise.doc_spans import find_finders, find_group, read_doc, read_scores
from balise.errors import BaliseError
from balise.records import Span

TEXT = "un aéroport de Gao"
PATTERNS = [
    {"label": "FACILITY", "pattern": "aéroport de Gao"},
    {"label": "LOCATION", "pattern": "Gao"},
]


def ruled(*rulers: tuple[str, dict[str, object]]) -> Language:
    nlp = spacy.blank("fr")
    for number, (factory, config) in enumerate(rulers):
        nlp.add_pipe(factory, f"r{number}", config=config).add_patterns(PATTERNS)
    return nlp


def test_a_pipeline_that_sets_entities_is_read_by_them() -> None:
    nlp = ruled(("entity_ruler", {}), ("span_ruler", {}))
    assert find_group(nlp, "p") is None
    assert find_finders(nlp) == ["r0"]
    assert read_doc(nlp(TEXT), None) == [Span(3, 18, "FACILITY")]


def test_a_pipeline_without_entities_is_read_by_its_group() -> None:
    nlp = ruled(("span_ruler", {"spans_key": "sc"}))
    assert find_group(nlp, "p") == "sc"
    doc = nlp(TEXT)
    assert read_doc(doc, "sc") == [Span(3, 18, "FACILITY"), Span(15, 18, "LOCATION")]
    assert read_doc(nlp.make_doc(TEXT), "sc") == []
    assert read_scores(doc, "sc") == {}


def test_several_groups_are_an_error_and_no_finder_is_none() -> None:
    with pytest.raises(BaliseError, match=r"p: fills 2 groups of spans \(ruler, sc\)"):
        find_group(ruled(("span_ruler", {}), ("span_ruler", {"spans_key": "sc"})), "p")
    nlp = spacy.blank("fr")
    assert (find_finders(nlp), find_group(nlp, "p")) == ([], None)


def test_scores_belong_to_their_spans_one_column_or_one_number_each() -> None:
    doc = spacy.blank("fr")(TEXT)
    spans = [doc[1:4], doc[3:4]]
    for scores in (np.array([0.75, 0.5]), np.array([[0.75], [0.5]])):
        doc.spans["sc"] = SpanGroup(doc, name="sc", spans=spans, attrs={"scores": scores})
        assert read_scores(doc, "sc") == {Span(3, 18, ""): 0.75, Span(15, 18, ""): 0.5}

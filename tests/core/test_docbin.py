import spacy
from spacy.tokens import DocBin

from balise.docbin import make_doc, token_edges
from balise.ledger import Ledger
from markup import markup


def test_spans_become_entities_that_survive_a_docbin() -> None:
    nlp = spacy.blank("fr")
    text, spans = markup("😀 Tirs à [Kiev](LOCATION) : [trois civils](CASUALTIES) tués.")
    ledger = Ledger()
    doc = make_doc(nlp, "a-kiev", text, spans, ledger)
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(data).get_docs(spacy.blank("fr").vocab)
    assert [(ent.start_char, ent.end_char, ent.label_) for ent in back.ents] == [
        (span.start, span.end, span.label) for span in spans
    ]
    assert back.user_data["article"] == "a-kiev"
    assert ledger.close(2, 2).kept == 2


def test_an_article_without_spans_is_annotated_as_empty() -> None:
    doc = make_doc(spacy.blank("fr"), "a", "Rien à signaler.", [], Ledger())
    assert doc.has_annotation("ENT_IOB")
    assert doc.ents == ()


def test_a_span_inside_a_token_snaps_and_the_ledger_says_so() -> None:
    text, spans = markup("Un [porte](WEAPON)-avions coule.")
    ledger = Ledger()
    doc = make_doc(spacy.blank("fr"), "a", text, spans, ledger)
    assert [ent.text for ent in doc.ents] == ["porte-avions"]
    assert ledger.close(1, 1).snapped == 1


def test_token_edges_cut_the_text_into_its_tokens() -> None:
    doc = spacy.blank("fr")("L’armée quitte Gao.")
    assert [doc.text[start:end] for start, end in token_edges(doc)] == [t.text for t in doc]


def test_a_group_holds_overlapping_spans_and_an_empty_one_is_there_too() -> None:
    text, spans = markup("l’[aéroport de [Bagdad](LOCATION)](FACILITY)")
    nlp, ledger = spacy.blank("fr"), Ledger()
    docs = [make_doc(nlp, id_, text, here, ledger, "sc") for id_, here in (("a", spans), ("b", ()))]
    ledger.close(2, 2)
    stored = DocBin(docs=docs).to_bytes()
    first, second = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert [(span.text, span.label_) for span in first.spans["sc"]] == [
        ("aéroport de Bagdad", "FACILITY"),
        ("Bagdad", "LOCATION"),
    ]
    assert list(second.spans["sc"]) == []
    assert first.ents == ()

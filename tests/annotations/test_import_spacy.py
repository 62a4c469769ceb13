from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin, Span

from annotations.small_project import SENTENCES, Project, surfaces
from balise.jsonl import read_jsonl
from balise.records import Annotation
from markup import markup

Import = Callable[..., list[str | Path]]


def make_doc(id_: str, *, annotated: bool = True) -> Doc:
    text, spans = markup(SENTENCES[id_])
    doc = spacy.blank("fr")(text)
    if annotated:
        ents = [doc.char_span(span.start, span.end, label=span.label) for span in spans]
        doc.set_ents([ent for ent in ents if ent is not None])
    return doc


def save(project: Project, *docs: Doc) -> Path:
    file = project.root / "docs.spacy"
    DocBin(docs=docs, store_user_data=True).to_disk(file)
    return file


def test_entities_become_spans_of_the_article_with_that_text(
    project: Project, import_file: Import
) -> None:
    file = save(project, make_doc("b-gao"), make_doc("a-kiev"))
    assert project.run(*import_file("spacy", file)).exit_code == 0
    assert surfaces(project) == {
        "a-kiev": ["Kiev/LOCATION", "trois civils/CASUALTIES", "mardi/DATE"],
        "b-gao": ["ONU/ORGANIZATION", "Gao/LOCATION"],
    }


def test_an_annotated_document_without_entities_is_confirmed_and_a_bare_one_is_not(
    project: Project, import_file: Import
) -> None:
    file = save(project, make_doc("b-gao", annotated=False), make_doc("c-rien"))
    project.run(*import_file("spacy", file))
    readings = read_jsonl(project.annotations / "b1" / "anne.jsonl", Annotation)
    assert [reading.confirmed for reading in readings] == [False, True]


def test_a_text_that_is_not_the_articles_is_refused_by_its_number(
    project: Project, import_file: Import
) -> None:
    other = spacy.blank("fr")("Un autre texte.")
    other.user_data["article"] = "b-gao"
    file = save(project, make_doc("a-kiev"), other)
    message = project.refuses(*import_file("spacy", file))
    assert f"{file}:2: the text changed" in message


def test_a_file_that_is_no_docbin_is_refused(project: Project, import_file: Import) -> None:
    file = project.write("docs.spacy", b"PK\x03\x04 not a DocBin")
    assert "not a DocBin" in project.refuses(*import_file("spacy", file))


def test_a_missing_file_is_refused(project: Project, import_file: Import) -> None:
    message = project.refuses(*import_file("spacy", project.root / "absent.spacy"))
    assert "absent.spacy: cannot be read" in message


def test_the_group_of_spans_is_read_where_spans_may_overlap_and_comes_back_so(
    project: Project, import_file: Import
) -> None:
    doc = make_doc("b-gao")
    quitte = next(token for token in doc if token.text == "quitte")
    doc.spans["sc"] = [Span(doc, quitte.i, quitte.i + 2, "EVENT"), *doc.ents]
    bare, empty = (make_doc("a-kiev", annotated=False), make_doc("c-rien", annotated=False))
    empty.spans["sc"] = []
    project.nest()
    file = save(project, doc, bare, empty)
    assert project.run(*import_file("spacy", file)).exit_code == 0
    assert surfaces(project)["b-gao"] == ["ONU/ORGANIZATION", "quitte Gao/EVENT", "Gao/LOCATION"]
    path = project.annotations / "b1" / "anne.jsonl"
    readings = read_jsonl(path, Annotation)
    assert [reading.confirmed for reading in readings] == [False, True, True]
    out = project.root / "out.spacy"
    call = ["export", "--format", "spacy", "--batch", "b1", "--annotator", "anne", "--out", out]
    assert project.run(*call).exit_code == 0
    again = import_file("spacy", out)
    again[again.index("b1")] = "b2"
    assert project.run(*again).exit_code == 0
    assert surfaces(project, "annotations/b2/anne.jsonl") == {
        id_: found for id_, found in surfaces(project).items() if id_ != "a-kiev"
    }

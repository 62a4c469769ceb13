import json

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from spacy.tokens import DocBin

from annotations.small_project import SENTENCES, Project
from balise.annotations.exporting import export_records
from balise.annotations.formats.doccano import reader
from balise.annotations.importing import import_readings
from balise.jsonl import read_jsonl, write_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation, Span
from balise.text import trim
from markup import article, markup


@pytest.fixture
def decided(project: Project) -> Project:
    """Return the project with gold for its three articles."""
    project.add_reading("b1", "anne", SENTENCES)
    project.run("gold")
    return project


def test_jsonl_holds_each_span_with_its_surface(decided: Project) -> None:
    decided.run("export", "--format", "jsonl", "--out", "out.jsonl")
    rows = [json.loads(line) for line in (decided.root / "out.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["a-kiev", "b-gao", "c-rien"]
    for row in rows:
        assert row["text"] == markup(SENTENCES[row["id"]])[0]
        for span in row["spans"]:
            assert span["text"] == row["text"][span["start"] : span["end"]]
    assert [span["text"] for span in rows[0]["spans"]] == ["Kiev", "trois civils", "mardi"]


def test_doccano_rows_are_ascii_with_utf16_offsets_and_nested_meta(decided: Project) -> None:
    decided.run("export", "--format", "doccano", "--out", "out.jsonl")
    data = (decided.root / "out.jsonl").read_bytes()
    assert data.isascii()
    row = json.loads(data.splitlines()[0])
    assert sorted(row) == ["label", "meta", "text"]
    assert row["meta"]["article"] == "a-kiev"
    units = row["text"].encode("utf-16-le")
    assert [units[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in row["label"]] == [
        "Kiev",
        "trois civils",
        "mardi",
    ]


def test_spacy_documents_hold_the_spans_as_entities(decided: Project) -> None:
    found = decided.json("export", "--format", "spacy", "--out", "gold.spacy")
    docs = DocBin().from_disk(decided.root / "gold.spacy").get_docs(spacy.blank("fr").vocab)
    assert [
        (doc.user_data["article"], [(ent.text, ent.label_) for ent in doc.ents]) for doc in docs
    ] == [
        ("a-kiev", [("Kiev", "LOCATION"), ("trois civils", "CASUALTIES"), ("mardi", "DATE")]),
        ("b-gao", [("ONU", "ORGANIZATION"), ("Gao", "LOCATION")]),
        ("c-rien", []),
    ]
    assert found["ledger"]["kept"] == 5


def test_a_snap_to_tokens_stands_in_the_ledger_beside_the_docbin(empty: Project) -> None:
    empty.add_articles(article("a", "Un porte-avions coule."))
    empty.add_reading("b1", "anne", {"a": "Un [porte](WEAPON)-avions coule."})
    options = ("--batch", "b1", "--annotator", "anne", "--out", "a.spacy")
    empty.run("export", "--format", "spacy", *options)
    (entry,) = json.loads((empty.root / "a.ledger.json").read_text())["entries"]
    assert entry["outcome"] == "snapped"
    assert (entry["start"], entry["end"], entry["new_start"], entry["new_end"]) == (3, 8, 3, 15)


@pytest.mark.parametrize("format_", ["doccano", "spacy", "jsonl"])
def test_an_export_again_is_the_same(decided: Project, format_: str) -> None:
    decided.run("export", "--format", format_, "--out", "out")
    before = decided.files()
    decided.run("export", "--format", format_, "--out", "out")
    assert decided.files() == before


def test_unconfirmed_readings_stay_at_home(project: Project) -> None:
    path = project.add_reading("b1", "anne", SENTENCES)
    first, *rest = read_jsonl(path, Annotation)
    write_jsonl(path, [replace(first, confirmed=False), *rest])
    found = project.json(
        "export", "--format", "jsonl", "--batch", "b1", "--annotator", "anne", "--out", "o.jsonl"
    )
    assert (found["articles"], found["unconfirmed"]) == (2, 1)
    assert "Kiev" not in (project.root / "o.jsonl").read_text()


def test_a_stand_off_article_without_text_stays_at_home_and_is_named(decided: Project) -> None:
    corpus = decided.corpus / "test.jsonl"
    corpus.write_text(corpus.read_text().replace('"L’ONU quitte Gao."', "null"))
    found = decided.json("export", "--format", "jsonl", "--out", "out.jsonl")
    assert (found["articles"], found["without_text"]) == (2, ["b-gao"])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--batch", "b1"), "name both"),
        (("--annotator", "anne"), "name both"),
        (("--gold", "g.jsonl", "--batch", "b1", "--annotator", "anne"), "choose one of the two"),
    ],
)
def test_a_call_that_names_two_sources_or_half_of_one_is_refused(
    decided: Project, options: tuple[str, ...], problem: str
) -> None:
    message = decided.refuses("export", "--format", "jsonl", "--out", "o", *options, code=2)
    assert problem in message


def test_a_missing_gold_is_refused(project: Project) -> None:
    message = project.refuses("export", "--format", "jsonl", "--out", "o")
    assert "gold.jsonl: cannot be read" in message


def test_readings_with_nothing_confirmed_are_refused(project: Project) -> None:
    project.add_reading("b1", "anne", SENTENCES, confirmed=False)
    options = ("--batch", "b1", "--annotator", "anne")
    message = project.refuses("export", "--format", "jsonl", "--out", "o", *options)
    assert "nothing to export" in message


def test_a_text_that_changed_under_gold_stops_the_export(decided: Project) -> None:
    corpus = decided.corpus / "test.jsonl"
    corpus.write_text(corpus.read_text().replace("quitte Gao", "quitta Gao"))
    message = decided.refuses("export", "--format", "doccano", "--out", "o")
    assert "b-gao: the text changed under its spans" in message


WORDS = [
    "Kiev",
    "l’armée",
    "😀",
    "🇫🇷",
    "👨\u200d👩\u200d👧",
    "e\u0301lu",
    "Gao.",
    "«\u00a0EI\u00a0»",
    "\n",
    "\r\n",
    "\t",
    "O.N.U.",
]


@st.composite
def readings(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """Draw a text of wire-copy pieces and trimmed, flat spans in it."""
    text = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    labels = st.sampled_from(["PERSON", "LOCATION", "DATE"])
    spans = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        start, end = trim(text, start, end)
        if start < end:
            spans.append(Span(start, end, draw(labels)))
    return text, tuple(spans)


@given(drawn=readings())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_reading_survives_export_to_doccano_and_import(
    empty: Project, labels: LabelScheme, drawn: tuple[str, tuple[Span, ...]]
) -> None:
    text, spans = drawn
    made = article("a", text)
    empty.add_articles(made)
    reading = Annotation("a", made.sha256, "anne", True, spans, origin="import:doccano")
    source = empty.annotations / "b1" / "anne.jsonl"
    write_jsonl(source, [reading])
    exported, back = empty.root / "o.jsonl", empty.annotations / "b2" / "anne.jsonl"
    export_records("doccano", source, empty.corpus, exported, is_gold=False)
    import_readings(
        exported,
        reader("utf16", approved=True),
        "import:doccano",
        back,
        empty.corpus,
        labels,
        {},
        replace=True,
    )
    assert read_jsonl(back, Annotation) == [reading]


@pytest.mark.parametrize("out", ["annotations/gold.jsonl", "corpus/test.jsonl", "."])
def test_an_export_takes_no_place_of_what_it_is_made_from(decided: Project, out: str) -> None:
    for format_ in ("jsonl", "spacy"):
        message = decided.refuses("export", "--format", format_, "--out", out, code=2)
        assert message.startswith("balise: --out: ")

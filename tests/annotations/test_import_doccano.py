import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.small_project import ROOT, Project, surfaces
from balise.jsonl import read_jsonl
from balise.records import Annotation
from markup import article

DATA = ROOT / "tests" / "data" / "annotations"
KIEV = "😀 Tirs à Kiev : trois civils tués mardi."

Import = Callable[..., list[str | Path]]


def row(text: str = KIEV, **fields: object) -> str:
    return json.dumps({"id": 1, "text": text, **fields}, ensure_ascii=False) + "\n"


def test_an_export_becomes_readings_in_code_points(project: Project, import_file: Import) -> None:
    result = project.run(*import_file("doccano", DATA / "export.jsonl", "--offsets", "utf16"))
    assert result.exit_code == 0
    assert surfaces(project) == {
        "a-kiev": ["Kiev/LOCATION", "trois civils/CASUALTIES", "mardi/DATE"],
        "b-gao": ["ONU/ORGANIZATION", "Gao/LOCATION"],
        "c-rien": [],
    }


def test_a_reading_keeps_annotator_origin_and_comments(
    project: Project, import_file: Import
) -> None:
    export = import_file("doccano", DATA / "export.jsonl", "--offsets", "utf16", "--approved")
    project.run(*export)
    kiev, gao, _ = read_jsonl(project.annotations / "b1" / "anne.jsonl", Annotation)
    assert (kiev.annotator, kiev.origin, kiev.confirmed) == ("anne", "import:doccano", True)
    assert kiev.comments == ("civils comptés",)
    assert gao.comments == ()


def test_the_ledger_counts_the_trimmed_edge_and_the_duplicate(
    project: Project, import_file: Import
) -> None:
    project.run(*import_file("doccano", DATA / "export.jsonl", "--offsets", "utf16"))
    ledger = json.loads((project.annotations / "b1" / "anne.ledger.json").read_text())
    assert (ledger["spans_in"], ledger["spans_out"]) == (6, 5)
    assert (ledger["kept"], ledger["trimmed"], ledger["dropped"]) == (4, 1, 1)
    assert [entry["reason"] for entry in ledger["entries"]] == [
        "space or punctuation at an edge",
        "duplicate",
    ]


def test_no_document_is_confirmed_unless_the_export_is_approved(
    project: Project, import_file: Import
) -> None:
    arguments = import_file("doccano", DATA / "export.jsonl", "--offsets", "utf16")
    made = project.json(*arguments)
    assert made["unconfirmed"] == made["articles"] > 0
    assert project.json(*arguments, "--approved", "--replace")["unconfirmed"] == 0


def test_the_zip_that_the_page_downloads_is_read(project: Project, import_file: Import) -> None:
    with zipfile.ZipFile(project.root / "export.zip", "w") as archive:
        archive.write(DATA / "export.jsonl", "all.jsonl")
    project.run(*import_file("doccano", project.root / "export.zip", "--offsets", "utf16"))
    assert surfaces(project)["b-gao"] == ["ONU/ORGANIZATION", "Gao/LOCATION"]


def test_a_project_with_relations_is_read_and_its_relations_are_counted(
    project: Project, import_file: Import
) -> None:
    arguments = import_file("doccano", DATA / "relations.jsonl", "--offsets", "utf16")
    assert project.json(*arguments)["set_aside"] == 1
    assert surfaces(project) == {"a-kiev": ["Kiev/LOCATION", "trois civils/CASUALTIES"]}


def test_a_document_without_meta_is_known_by_its_text(
    project: Project, import_file: Import
) -> None:
    file = project.write("export.jsonl", row(label=[[10, 14, "LOCATION"]]))
    project.run(*import_file("doccano", file, "--offsets", "utf16"))
    assert surfaces(project) == {"a-kiev": ["Kiev/LOCATION"]}


# 🇷🇺 is two code points, four UTF-16 units, one grapheme; é is two code points, one grapheme.
@pytest.mark.parametrize(("unit", "start"), [("utf16", 12), ("grapheme", 8), ("codepoint", 10)])
def test_each_unit_of_offsets_finds_the_same_surface(
    empty: Project, import_file: Import, unit: str, start: int
) -> None:
    text = "🇷🇺 e\u0301lu à Kiev"
    assert text[10:14] == "Kiev"
    empty.add_articles(article("x", text))
    file = empty.write("export.jsonl", row(text, label=[[start, start + 4, "LOCATION"]]))
    empty.run(*import_file("doccano", file, "--offsets", unit))
    assert surfaces(empty) == {"x": ["Kiev/LOCATION"]}


def test_offsets_must_be_named(project: Project, import_file: Import) -> None:
    message = project.refuses(*import_file("doccano", DATA / "export.jsonl"), code=2)
    assert "--offsets" in message
    assert "utf16" in message
    assert "grapheme" in message


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ([[14, 10, "LOCATION"]], "reversed"),
        ([[10, 10, "LOCATION"]], "empty"),
        ([[-4, 2, "LOCATION"]], "offset -4"),
        ([[10, 1400, "LOCATION"]], "offset 1400"),
        ([[1, 14, "LOCATION"]], "offset 1"),  # inside the emoji's surrogate pair
        ([["10", 14, "LOCATION"]], "Expected `int`"),
        ([[10.5, 14, "LOCATION"]], "Expected `int`"),
        ([[10, 14, 3]], "Expected `str`"),
        ([[10, 14]], "length 3"),
        ([{"start": 10, "end": 14, "label": "LOCATION"}], "Expected `array`"),
        ([[10, 14, "LIEU"]], "'LIEU'"),
        ([[10, 14, "LOCATION"], [12, 29, "EVENT"]], "overlaps"),
    ],
)
def test_a_span_that_is_no_span_stops_the_import_at_its_line(
    project: Project, import_file: Import, label: object, problem: str
) -> None:
    good = row("Rien à signaler, sauf\u00a0la pluie.", label=[])
    file = project.write("export.jsonl", good + row(label=label))
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert f"{file}:2" in message
    assert problem in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"text": "Kiev", "label": []', "broken JSON"),
        (b'["text"]', "not a valid Row"),
        (b'{"id": 1, "label": []}', "text"),
        (row().encode(), "neither"),
        (row("Un autre texte", label=[]).encode(), "no article of the corpus"),
        (row(label=[], meta={"article": "z-inconnu"}).encode(), "z-inconnu"),
        (row(label=[], meta={"article": "b-gao"}).encode(), "the text changed"),
        (row(label=[], meta={"article": "a-kiev", "sha256": "0" * 64}).encode(), "text changed"),
        ('{"text": "Attaque à Gao, énième"}'.encode("cp1252"), "not UTF-8"),
    ],
)
def test_a_broken_row_stops_the_import_at_its_line(
    project: Project, import_file: Import, content: bytes, problem: str
) -> None:
    file = project.write("export.jsonl", b"\n" + content)
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert f"{file}:2" in message
    assert problem in message


def test_a_document_that_comes_twice_stops_the_import(
    project: Project, import_file: Import
) -> None:
    file = project.write("export.jsonl", row(label=[]) * 2)
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert f"{file}:2" in message
    assert f"{file}:1" in message


def test_an_export_of_nothing_stops_the_import(project: Project, import_file: Import) -> None:
    file = project.write("export.jsonl", "\n")
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert "no document" in message


def test_a_zip_of_several_annotators_is_refused_with_their_names(
    project: Project, import_file: Import
) -> None:
    with zipfile.ZipFile(project.root / "export.zip", "w") as archive:
        archive.write(DATA / "export.jsonl", "anne.jsonl")
        archive.write(DATA / "export.jsonl", "bruno.jsonl")
    message = project.refuses(
        *import_file("doccano", project.root / "export.zip", "--offsets", "utf16")
    )
    assert "anne.jsonl, bruno.jsonl" in message


def test_a_broken_zip_is_refused(project: Project, import_file: Import) -> None:
    with zipfile.ZipFile(project.root / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(DATA / "export.jsonl", "all.jsonl")
    data = bytearray((project.root / "export.zip").read_bytes())
    data[60:80] = bytes(20)
    file = project.write("broken.zip", bytes(data))
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert "broken archive" in message


@pytest.mark.parametrize("at", [6, 8], ids=["password", "compression"])
def test_a_zip_that_cannot_be_opened_is_refused(
    project: Project, import_file: Import, at: int
) -> None:
    with zipfile.ZipFile(project.root / "export.zip", "w") as archive:
        archive.writestr("all.jsonl", row(label=[]))
    data = bytearray((project.root / "export.zip").read_bytes())
    # The same two fields stand in the entry's own header and in the directory, 2 bytes further.
    for place in (at, data.find(b"PK\x01\x02") + at + 2):
        data[place] = 99 if at == 8 else 1
    file = project.write("closed.zip", bytes(data))
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert "closed.zip: a broken archive" in message


def test_json_nested_without_end_is_refused(project: Project, import_file: Import) -> None:
    file = project.write("deep.jsonl", '{"more": ' + "[" * 100_000)
    message = project.refuses(*import_file("doccano", file, "--offsets", "utf16"))
    assert "deep.jsonl:1: broken JSON" in message

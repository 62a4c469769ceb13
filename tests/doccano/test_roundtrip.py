"""Spans go to a real Doccano and come back, and every change on the way is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from balise.annotations.importing import choose_reader, import_readings
from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.progress import Watch
from balise.doccano.project import require_own
from balise.doccano.pull import Pulled, pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.tampering import find_settings
from balise.doccano.wire import ServerProject
from balise.errors import BaliseError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.ledger import LedgerFile
from balise.offsets import OffsetMap
from balise.records import Annotation
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]
SignIn = Callable[[str], Server]


def pull_batch(batch: SmallBatch, server: Server, labels: LabelScheme) -> list[Pulled]:
    return pull(load_batch(batch.folder), server, batch.articles, labels, batch.annotations)


def readings_of(batch: SmallBatch, annotator: str = "anne") -> list[Annotation]:
    return read_jsonl(batch.annotations / batch.name / f"{annotator}.jsonl", Annotation)


def span_of(
    server: Server, project: ServerProject, text: str, surface: str, label: str
) -> tuple[int, int, int]:
    offsets = OffsetMap(text, "utf16")
    start = text.index(surface)
    ids = {name: id_ for id_, name in server.label_types(project).items()}
    return offsets.to_unit(start), offsets.to_unit(start + len(surface)), ids[label]


def test_readings_of_two_annotators_come_back_as_they_were_entered(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("aller-retour", ["anne", "bruno"])
    pushed = push(batch.make(suggest="lexicon"), server, logins, labels)
    assert [(one.annotator, one.added, one.there) for one in pushed] == [
        ("anne", 3, 0),
        ("bruno", 3, 0),
    ]
    for name in batch.annotators:
        session = sign_in(name)
        project = session.require_project(f"aller-retour.{name}")
        done = replay(session, project, batch.readings)
        assert done.documents == 3
        assert done.kept + done.added == sum(len(one.spans) for one in batch.readings)
    pulled = pull_batch(batch, server, labels)
    assert [(one.confirmed, one.unconfirmed) for one in pulled] == [(3, 0), (3, 0)]
    for name in batch.annotators:
        came = readings_of(batch, name)
        assert [(one.article, one.sha256, one.spans) for one in came] == [
            (one.article, one.sha256, one.spans) for one in batch.readings
        ]
        assert {(one.annotator, one.confirmed) for one in came} == {(name, True)}


def test_an_annotator_sees_the_suggestions_the_guideline_and_the_labels(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("suggestions")
    push(batch.make(suggest="lexicon"), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("suggestions.anne")
    assert tuple(session.label_types(project).values()) == labels.names
    [goma] = [one for one in session.examples(project) if "goma" in one.row_meta["article"]]
    found = session.spans(project, goma.id)
    surfaces = {
        goma.text.encode("utf-16-le")[2 * one.start_offset : 2 * one.end_offset].decode("utf-16-le")
        for one in found
    }
    assert "M23" in surfaces
    [listed] = [one for one in session.pages("projects", "projects") if one["id"] == project.id]
    assert "PERSON" in listed["guideline"]
    assert listed["collaborative_annotation"]
    assert not listed["grapheme_mode"]
    assert not listed["allow_member_to_create_label_type"]


def test_what_the_mouse_picks_up_at_the_edges_is_trimmed_and_entered_in_the_ledger(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("souris")
    push(batch.make(), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("souris.anne")
    [example] = [one for one in session.examples(project) if "kiev" in one.row_meta["article"]]
    session.add_span(
        project,
        example.id,
        span_of(session, project, example.text, "«\u00a0drones Shahed\u00a0» ", "WEAPON"),
    )
    session.comment(project, example.id, "Modèle à vérifier ?")
    session.confirm(project, example)
    [pulled] = pull_batch(batch, server, labels)
    assert (pulled.confirmed, pulled.unconfirmed) == (1, 2)
    [reading] = readings_of(batch)
    [span] = reading.spans
    assert example.text[span.start : span.end] == "drones Shahed"
    assert reading.comments == ("Modèle à vérifier ?",)
    written = json.loads((batch.annotations / "souris" / "anne.ledger.json").read_text())
    assert (written["spans_in"], written["trimmed"], written["spans_out"]) == (1, 1, 1)
    assert isinstance(pulled.ledger, LedgerFile)


def test_confirming_twice_keeps_a_document_confirmed(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("bascule")
    push(batch.make(), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("bascule.anne")
    for _ in range(2):
        for example in session.examples(project):
            session.confirm(project, example)
    [pulled] = pull_batch(batch, server, labels)
    assert (pulled.confirmed, pulled.unconfirmed) == (3, 0)


def test_a_second_pull_changes_no_file_and_a_withdrawn_confirmation_keeps_the_reading(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("encore")
    push(batch.make(), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("encore.anne")
    replay(session, project, batch.readings)
    pull_batch(batch, server, labels)
    path = batch.annotations / "encore" / "anne.jsonl"
    before = path.stat().st_mtime_ns, path.read_bytes()
    [again] = pull_batch(batch, server, labels)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    example = session.examples(project)[0]
    session.call("POST", f"projects/{project.id}/examples/{example.id}/states", "x", json={})
    [third] = pull_batch(batch, server, labels)
    assert third.withdrawn == (example.row_meta["article"],)
    assert path.read_bytes() == before[1]


def test_progress_counts_documents_confirmations_and_labels(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("avancement")
    push(batch.make(), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("avancement.anne")
    replay(session, project, batch.readings)
    [found] = Watch(load_batch(batch.folder), server, labels).look()
    assert (found.assigned, found.documents, found.confirmed, found.spans) == (3, 3, 3, 10)
    assert found.labels["LOCATION"] == 3


def test_a_second_push_sends_only_what_is_missing(
    make: Make, server: Server, logins: Logins, sign_in: SignIn, labels: LabelScheme
) -> None:
    batch = make("croissance")
    ids = sorted(batch.articles)
    push(batch.make(ids[:2]), server, logins, labels)
    session = sign_in("anne")
    project = session.require_project("croissance.anne")
    replay(session, project, batch.readings)
    for path in sorted(batch.folder.iterdir()):
        path.unlink()
    [pushed] = push(batch.make(ids), server, logins, labels)
    assert (pushed.added, pushed.there) == (1, 2)
    [pushed] = push(batch.folder, server, logins, labels)
    assert (pushed.added, pushed.there) == (0, 3)
    assert sorted(one.row_meta["article"] for one in server.examples(project)) == ids
    assert sum(one.is_confirmed for one in server.examples(project)) == 2


def test_a_task_file_edited_by_hand_is_refused_before_anything_is_sent(
    make: Make, server: Server, logins: Logins, labels: LabelScheme, tmp_path: Path
) -> None:
    batch = make("retouche")
    path = batch.make() / "anne-001.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    cases = {
        "not a character's edge": [[0, 9999, "LOCATION"]],
        "is not in the label scheme": [[3, 7, "LIEU"]],
        "overlaps": [[3, 7, "EVENT"], [5, 9, "LOCATION"]],
        "LOCATION 7-3 does not fit its text": [[7, 3, "LOCATION"]],
    }
    for message, spans in cases.items():
        first = {**rows[0], "label": spans}
        path.write_text("".join(json.dumps(row) + "\n" for row in [first, *rows[1:]]))
        with pytest.raises(BaliseError, match=message):
            push(batch.folder, server, logins, labels)
        assert server.find_project("retouche.anne") is None


def test_an_export_made_in_doccano_s_page_is_imported_as_the_same_reading(
    make: Make, server: Server, logins: Logins, labels: LabelScheme, tmp_path: Path
) -> None:
    batch = make("export")
    push(batch.make(), server, logins, labels)
    project = server.require_project("export.anne")
    replay(server, project, batch.readings)
    archive = tmp_path / "export.zip"
    archive.write_bytes(server.export_archive(project, confirmed_only=True))
    destination = batch.annotations / "main" / "anne.jsonl"
    reader = choose_reader("doccano", "utf16", approved=True)
    import_readings(archive, reader, "import:doccano", destination, batch.corpus, labels, {})
    assert [
        (one.article, one.sha256, one.spans, one.confirmed)
        for one in read_jsonl(destination, Annotation)
    ] == [(one.article, one.sha256, one.spans, True) for one in batch.readings]


def test_spans_in_spans_come_back_where_the_scheme_lets_them_overlap(
    tmp_path: Path,
    server: Server,
    logins: Logins,
    sign_in: SignIn,
    labels: LabelScheme,
    nesting: LabelScheme,
) -> None:
    marked = {"essai-gao-00000004": "😀 L’[aéroport de [Gao](LOCATION)](FACILITY) est fermé."}
    batch = SmallBatch(tmp_path, "gigognes", ["anne"], marked)
    push(batch.make(), server, logins, nesting)
    session = sign_in("anne")
    project = session.require_project("gigognes.anne")
    assert session.project(project.id).allow_overlapping
    replay(session, project, batch.readings)
    [pulled] = pull_batch(batch, server, nesting)
    assert (pulled.confirmed, pulled.ledger.kept, pulled.ledger.dropped) == (1, 2, 0)
    [reading] = readings_of(batch)
    assert reading.spans == batch.readings[0].spans
    # A flat scheme cannot take them, and a project that forbids them is not what its batch needs.
    [pulled] = pull_batch(batch, server, labels)
    assert pulled.set_aside == ("essai-gao-00000004",)
    own = require_own(server, "gigognes", "anne")
    assert find_settings(own, nesting, "here") == []
    forbidding = own._replace(project=replace(own.project, allow_overlapping=False))
    [finding] = find_settings(forbidding, nesting, "here")
    assert "allows no overlapping spans" in str(finding)
    assert find_settings(forbidding, labels, "here") == []

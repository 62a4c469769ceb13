"""A push can be run again whatever happened to the one before: it adds and removes its own only."""

import json
from collections.abc import Callable

import msgspec
import pytest

from balise.batches import BATCH_FILE, Batch, load_batch
from balise.doccano import push as push_module
from balise.doccano import sending
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.mark import read_mark
from balise.doccano.project import Own, find_own, write_mark
from balise.doccano.pull import pull
from balise.doccano.push import Pushed, push
from balise.doccano.wire import ServerExample, ServerProject
from balise.errors import BaliseError
from balise.jsonl import read_json, read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]
Push = Callable[[SmallBatch], list[Pushed]]


class Killed(BaseException):
    """Stands for a process that ends at once."""


@pytest.fixture
def send(server: Server, logins: Logins, labels: LabelScheme) -> Push:
    return lambda batch: push(batch.folder, server, logins, labels)


@pytest.fixture
def cut_off(
    send: Push, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Callable[[SmallBatch], ServerProject]:
    """Push, and die between the arrival of the rows and their verification."""

    def push_and_die(batch: SmallBatch) -> ServerProject:
        def die(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(push_module, "verify_rows", die)
            patched.setattr(push_module, "_undo", lambda *_: None)
            with pytest.raises(Killed):
                send(batch)
        return server.require_project(f"{batch.name}.{batch.annotators[0]}")

    return push_and_die


def documents(server: Server, project: ServerProject) -> dict[str, ServerExample]:
    found = server.examples(project)
    by_article = {str(one.row_meta["article"]): one for one in found}
    assert len(by_article) == len(found)
    return by_article


def test_rows_of_a_cut_off_push_that_someone_worked_in_are_kept(
    make: Make, server: Server, send: Push, cut_off: Callable[[SmallBatch], ServerProject]
) -> None:
    batch = make("touche")
    batch.make(suggest="lexicon")
    project = cut_off(batch)
    before = documents(server, project)
    labelled, commented, untouched = (before[id_] for id_ in sorted(before))
    label = next(iter(server.label_types(project)))
    server.add_span(project, labelled.id, (0, 2, label))
    spans = server.spans(project, labelled.id)
    server.comment(project, commented.id, "Un doute.")
    [done] = send(batch)
    assert (done.added, done.there) == (1, 2)
    after = documents(server, project)
    assert after.keys() == before.keys()
    assert server.spans(project, labelled.id) == spans
    assert commented.id in [one.id for one in after.values()]
    assert untouched.id not in [one.id for one in after.values()]
    mark = read_mark(server.project(project.id).description)
    assert mark is not None
    assert sorted(mark.pushes.values()) == [1, 2]
    assert [one.added for one in send(batch)] == [0]


def test_rows_that_lost_their_spans_in_a_killed_import_are_sent_again(
    make: Make, server: Server, send: Push, cut_off: Callable[[SmallBatch], ServerProject]
) -> None:
    batch = make("sans-passages")
    batch.make(suggest="lexicon")
    project = cut_off(batch)
    for one in server.examples(project):
        for span in server.spans(project, one.id):
            server.delete_span(project, one.id, span.id)
    [done] = send(batch)
    assert done.added == 3
    rows = server.export(project, confirmed_only=False)
    assert sum(len(row.label) for row in rows) == done.suggestions > 0


def test_work_in_a_leftover_beside_a_verified_document_is_not_thrown_away(
    make: Make, server: Server, send: Push, labels: LabelScheme
) -> None:
    batch = make("deux-copies")
    batch.make()
    send(batch)
    project = server.require_project("deux-copies.anne")
    one = server.examples(project)[0]
    body = {"text": one.text, "meta": {"meta": {**one.row_meta, "push": "0badcafe"}}}
    server.call("POST", f"projects/{project.id}/examples", "copy", json=body)
    [copy] = [each for each in server.examples(project) if each.row_meta["push"] == "0badcafe"]
    server.confirm(project, copy)
    with pytest.raises(BaliseError, match=f"document {copy.id}: someone worked in a document"):
        send(batch)
    assert copy.id in [each.id for each in server.examples(project)]
    [pulled] = pull(load_batch(batch.folder), server, batch.articles, labels, batch.annotations)
    assert (pulled.confirmed, pulled.set_aside) == (0, ())


def test_rows_that_arrive_late_from_a_cut_off_import_are_removed(
    make: Make, server: Server, send: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make("retard")
    batch.make()
    import_file = Server.import_file

    def arrive_late(self: Server, project: ServerProject, name: str, sent: str) -> None:
        import_file(self, project, name, sent)
        one = self.examples(project)[0]
        body = {"text": one.text, "meta": {"meta": {**one.row_meta, "push": "0badcafe"}}}
        self.call("POST", f"projects/{project.id}/examples", "late", json=body)

    monkeypatch.setattr(Server, "import_file", arrive_late)
    [done] = send(batch)
    assert done.added == 3
    project = server.require_project("retard.anne")
    assert len(documents(server, project)) == 3


def test_of_two_pushes_at_once_one_gives_way(
    make: Make, server: Server, send: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make("a-deux")
    batch.make()
    send_rows = sending.send_rows
    rivals: list[Pushed] = []

    def let_a_rival_go_first(*arguments: object) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(push_module, "send_rows", send_rows)
            rivals.extend(send(batch))
        send_rows(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(push_module, "send_rows", let_a_rival_go_first)
    with pytest.raises(BaliseError, match="another push sent the same articles"):
        send(batch)
    monkeypatch.undo()
    assert [one.added for one in rivals] == [3]
    # The rival went on with the project that the first push had begun, and its rows stay.
    assert [one.added for one in send(batch)] == [0]
    assert len(documents(server, server.require_project("a-deux.anne"))) == 3


def test_a_project_whose_making_was_cut_off_is_completed(
    make: Make, server: Server, send: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make("ebauche")
    batch.make()

    def die(*_: object) -> Own:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(push_module, "complete_project", die)
        patched.setattr(push_module, "_undo", lambda *_: None)
        with pytest.raises(Killed):
            send(batch)
    [done] = send(batch)
    assert (done.added, done.there) == (3, 0)
    found = find_own(server, "ebauche", "anne")
    assert found is not None
    assert found.mark.project == found.project.id
    assert found.copies == ()


def test_three_annotators_share_a_batch_and_each_finds_their_own_articles(
    make: Make, server: Server, send: Push, labels: LabelScheme
) -> None:
    batch = make("equipe", ["anne", "bruno", "chloe"])
    batch.make(suggest="lexicon", overlap=2, blind=0.5)
    done = send(batch)
    made = load_batch(batch.folder)
    assert [one.added for one in done] == [2, 2, 2]
    for name, share in made.annotators.items():
        project = server.require_project(f"equipe.{name}")
        found = documents(server, project)
        assert tuple(sorted(found)) == share.articles
        for article in share.blind:
            assert server.spans(project, found[article].id) == []
    pulled = pull(made, server, batch.articles, labels, batch.annotations)
    assert [(one.confirmed, one.unconfirmed) for one in pulled] == [(0, 2)] * 3


def test_an_annotator_without_articles_gets_no_project(
    make: Make, server: Server, send: Push, labels: LabelScheme
) -> None:
    batch = make("trop", ["anne", "bruno"])
    batch.make(["essai-mali-00000003"], overlap=1)
    [done] = send(batch)
    other = {"anne": "bruno", "bruno": "anne"}[done.annotator]
    assert server.find_project(f"trop.{other}") is None
    assert len(pull(load_batch(batch.folder), server, batch.articles, labels, batch.annotations))


def test_a_pull_says_how_a_reading_changed_since_the_last_one(
    make: Make, server: Server, send: Push, labels: LabelScheme
) -> None:
    batch = make("difference")
    batch.make(["essai-mali-00000003"])
    send(batch)
    project = server.require_project("difference.anne")
    [example] = server.examples(project)
    types = {name: id_ for id_, name in server.label_types(project).items()}
    server.add_span(project, example.id, (2, 5, types["LOCATION"]))
    server.confirm(project, example)
    made = read_json(batch.folder / BATCH_FILE, Batch)

    def again() -> tuple[int, int, tuple[tuple[int, int, bool], ...]]:
        [one] = pull(made, server, batch.articles, labels, batch.annotations)
        changes = tuple((len(each.added), len(each.removed), each.comments) for each in one.changes)
        return one.added, one.changed, changes

    assert again() == (1, 0, ())
    assert again() == (0, 0, ())
    [span] = server.spans(project, example.id)
    server.delete_span(project, example.id, span.id)
    server.add_span(project, example.id, (2, 5, types["FACILITY"]))
    server.comment(project, example.id, "À revoir.")
    assert again() == (0, 1, ((1, 1, True),))
    [reading] = read_jsonl(batch.annotations / "difference" / "anne.jsonl", Annotation)
    assert [one.label for one in reading.spans] == ["FACILITY"]
    assert reading.comments == ("À revoir.",)
    ledger = json.loads((batch.annotations / "difference" / "anne.ledger.json").read_text())
    assert (ledger["spans_in"], ledger["spans_out"]) == (1, 1)


def test_a_mark_that_counts_documents_that_are_gone_is_set_right(
    make: Make, server: Server, send: Push
) -> None:
    batch = make("compte")
    batch.make()
    send(batch)
    own = find_own(server, "compte", "anne")
    assert own is not None
    pushes = {**own.mark.pushes, "0badcafe": 2}
    write_mark(server, own, msgspec.structs.replace(own.mark, pushes=pushes))
    [done] = send(batch)
    assert (done.added, [one.level for one in done.findings]) == (0, ["missing"])
    assert server.project(own.project.id).description == own.mark.text
    [done] = send(batch)
    assert (done.added, done.findings) == (0, ())

"""Servers that are down, foreign, full of errors or killed: one message, and nothing lost."""

import http.server
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from balise.batches import load_batch
from balise.doccano import push as push_module
from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.processes import alive
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, running, up
from balise.doccano.wire import ServerProject
from balise.errors import BaliseError
from balise.labels import LabelScheme
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


class HtmlPage(http.server.BaseHTTPRequestHandler):
    """Answers everything with a page, as a portal or Doccano's own front end does."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Bienvenue</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_a_server_that_is_down_is_named_with_the_remedy() -> None:
    with pytest.raises(BaliseError, match=r"127\.0\.0\.1:9.*no answer.*balise doccano up"):
        Server("http://127.0.0.1:9", "admin", "x")


def test_a_host_that_cannot_be_is_named() -> None:
    with pytest.raises(BaliseError, match=r"exa\.\.mple.*no answer"):
        Server("http://exa..mple", "admin", "x")


def test_a_server_that_answers_html_is_named() -> None:
    with serving(HtmlPage) as url, pytest.raises(BaliseError, match="not Doccano's JSON"):
        Server(url, "admin", "x")


def test_an_unknown_route_of_doccano_is_not_taken_for_an_answer(server: Server) -> None:
    with pytest.raises(BaliseError, match="not Doccano's JSON"):
        server.call("GET", "projects/1/assignments-of-nobody", "assignments")


def test_a_wrong_password_is_refused_without_showing_it(server: Server) -> None:
    with pytest.raises(BaliseError, match="login of 'admin' refused") as caught:
        Server(server.url, "admin", "un-mauvais-mot-de-passe")
    assert "un-mauvais-mot-de-passe" not in str(caught.value)


def test_an_empty_list_of_ids_deletes_nothing(server: Server) -> None:
    with pytest.raises(ValueError, match="every document"):
        server.delete_examples(ServerProject(1, "x", ""), [])


def test_a_broken_row_is_reported_although_doccano_calls_the_import_done(server: Server) -> None:
    project = server.create_project("ligne-cassee", "balise", "x")
    sent = server.send_file("x.jsonl", b'{"text": "a", "label": []}\n{"text": \n')
    with pytest.raises(BaliseError, match="Doccano reports"):
        server.import_file(project, "x.jsonl", sent)
    server.delete_project(project)


def test_a_failed_push_removes_only_what_it_made(
    make: Make,
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = make("echec", ["anne", "bruno"])
    ids = sorted(batch.articles)
    push(batch.make(ids[:1]), server, logins, labels)
    anne = server.require_project("echec.anne")
    before = server.export(anne, confirmed_only=False)
    for path in batch.folder.iterdir():
        path.unlink()
    batch.annotators = ["anne", "bruno", "chloe"]
    batch.make(ids)
    import_file = Server.import_file

    def fail_for_chloe(self: Server, project: ServerProject, name: str, sent: str) -> None:
        if "chloe" in name:
            raise BaliseError("x", "the network is gone", "wait")
        import_file(self, project, name, sent)

    monkeypatch.setattr(Server, "import_file", fail_for_chloe)
    with pytest.raises(BaliseError, match="the network is gone"):
        push(batch.folder, server, logins, labels)
    assert server.export(anne, confirmed_only=False) == before
    assert server.find_project("echec.chloe") is None
    monkeypatch.undo()
    done = push(batch.folder, server, logins, labels)
    assert [(one.added, one.there) for one in done] == [(2, 1), (2, 1), (3, 0)]


def test_rows_that_come_back_changed_fail_the_push(
    make: Make,
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = make("change")
    batch.make(suggest="lexicon")
    send_file = Server.send_file

    def lose_labels(self: Server, name: str, content: bytes) -> str:
        return send_file(self, name, content.replace(b'"ARMED_GROUP"', b'"EVENT"'))

    monkeypatch.setattr(Server, "send_file", lose_labels)
    with pytest.raises(BaliseError, match="3 documents were sent and 3 came back; these differ"):
        push(batch.folder, server, logins, labels)
    assert server.find_project("change.anne") is None


def test_an_import_that_the_server_repeats_leaves_nothing_fourfold(
    make: Make,
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = make("quatre-fois")
    batch.make(sorted(batch.articles)[:1])
    push(batch.folder, server, logins, labels)
    for path in batch.folder.iterdir():
        path.unlink()
    batch.make()
    send_file = Server.send_file

    def spoil(self: Server, name: str, content: bytes) -> str:
        # A thousand rows are imported before the row that Doccano cannot take.
        filler = b'{"text": "x", "label": [], "meta": {"push": "f111e700"}}\n' * 1000
        return send_file(self, name, filler + content + b"[1, 2]\n")

    monkeypatch.setattr(Server, "send_file", spoil)
    with pytest.raises(BaliseError, match="Doccano reports"):
        push(batch.folder, server, logins, labels)
    monkeypatch.undo()
    [done] = push(batch.folder, server, logins, labels)
    assert (done.added, done.there) == (2, 1)
    examples = server.examples(server.require_project("quatre-fois.anne"))
    assert sorted(one.row_meta["article"] for one in examples) == sorted(batch.articles)


def test_what_a_killed_push_left_is_removed_by_the_next_one(
    make: Make,
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = make("coupe")
    batch.make()

    class Killed(BaseException):
        """Stands for a process that ends between upload and verification."""

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(push_module, "verify_rows", die)
    monkeypatch.setattr(push_module, "_undo", lambda *_: None)
    with pytest.raises(Killed):
        push(batch.folder, server, logins, labels)
    monkeypatch.undo()
    project = server.require_project("coupe.anne")
    assert len(server.examples(project)) == 3
    [done] = push(batch.folder, server, logins, labels)
    assert (done.added, done.there) == (3, 0)
    assert len(server.examples(project)) == 3


def test_a_doccano_that_dies_during_a_push_is_named_and_the_next_push_is_right(
    make: Make,
    labels: LabelScheme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "mortal"
    state = up(home, port=0)
    try:
        batch = make("mort")
        batch.make()
        import_file = Server.import_file

        def kill_then_import(self: Server, project: ServerProject, name: str, sent: str) -> None:
            os.killpg(state.web.pid, signal.SIGKILL)
            import_file(self, project, name, sent)

        monkeypatch.setattr(Server, "import_file", kill_then_import)
        with pytest.raises(BaliseError, match=r"no answer.*balise doccano up") as caught:
            push(batch.folder, connect(home), Logins(home), labels)
        assert any("the next push removes it" in note for note in caught.value.__notes__)
        monkeypatch.undo()
        assert running(home) is None
        assert alive(state.worker)
        up(home, port=0)
        assert not alive(state.worker)
        again = connect(home)
        [done] = push(batch.folder, again, Logins(home), labels)
        assert (done.added, done.there) == (3, 0)
        assert len(again.examples(again.require_project("mort.anne"))) == 3
        state = running(home) or state
        replay(again, again.require_project("mort.anne"), batch.readings)
        os.killpg(state.worker.pid, signal.SIGKILL)
        os.killpg(state.web.pid, signal.SIGKILL)
        with pytest.raises(BaliseError, match="no answer"):
            pull(load_batch(batch.folder), again, batch.articles, labels, batch.annotations)
        assert not list(batch.annotations.rglob("*"))
    finally:
        down(home)

"""What a server or a network may do to a call: reading is tried again, writing never is."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from balise.doccano.client import Server
from balise.doccano.credentials import Logins, admin_password
from balise.doccano.patience import time_limit
from balise.errors import BaliseError, UsageError
from faults.proxy import Fault, Proxy, Request, Rule, faulty

pytestmark = pytest.mark.doccano


@contextmanager
def meeting(home: Path, url: str, rule: Rule) -> Iterator[tuple[Server, Proxy]]:
    """Log in through a proxy, which follows its rule from then on."""
    with faulty(url) as proxy:
        session = Server(proxy.url, "admin", admin_password(home))
        proxy.seen.clear()
        proxy.rule = rule
        yield session, proxy


def first(count: int, fault: Fault) -> Rule:
    """Do something to the first requests."""
    done = 0

    def rule(_: Request) -> Fault | None:
        nonlocal done
        done += 1
        return fault if done <= count else None

    return rule


def calls(proxy: Proxy) -> list[str]:
    return [str(request) for request in proxy.seen]


def end_sessions(home: Path) -> None:
    with closing(sqlite3.connect(home / "db.sqlite3", timeout=30)) as database:
        database.execute("delete from django_session")
        database.commit()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("after", cut=True),
        Fault("after", lost=True),
        Fault(answer=(502, "<html>")),
        Fault(answer=(503, "")),
        Fault(answer=(504, "")),
    ],
)
def test_reading_is_tried_again(fault: Fault, home: Path, server: Server) -> None:
    expected = server.projects()
    with meeting(home, server.url, first(2, fault)) as (session, proxy):
        assert session.projects() == expected
        assert calls(proxy) == ["GET projects"] * 3


def test_reading_that_is_cut_again_and_again_is_given_up(home: Path, server: Server) -> None:
    rule = first(9, Fault("after", cut=True))
    with meeting(home, server.url, rule) as (session, proxy):
        with pytest.raises(BaliseError, match=r"\(projects\): no answer \(ChunkedEncodingError\)"):
            session.projects()
        assert calls(proxy) == ["GET projects"] * 4


@pytest.mark.parametrize("fault", [Fault("after", cut=True), Fault("after", lost=True)])
def test_writing_is_done_once_although_its_answer_is_lost(
    fault: Fault, home: Path, server: Server
) -> None:
    before = server.projects()
    with meeting(home, server.url, first(1, fault)) as (session, proxy):
        with pytest.raises(BaliseError, match="project deux-fois"):
            session.create_project("deux-fois", "x", "x")
        assert calls(proxy) == ["POST projects"]
    [made] = [one for one in server.projects() if one not in before]
    server.delete_project(made)


def test_writing_that_was_not_passed_on_is_an_error(home: Path, server: Server) -> None:
    rule = first(1, Fault(answer=(502, "no upstream")))
    with meeting(home, server.url, rule) as (session, proxy):
        with pytest.raises(BaliseError, match="Doccano answered 502 no upstream"):
            session.create_project("jamais", "x", "x")
        assert calls(proxy) == ["POST projects"]
    assert server.find_project("jamais") is None


def test_an_upload_whose_id_came_in_half_is_no_upload(home: Path, server: Server) -> None:
    rule = first(1, Fault("after", cut=True))
    with (
        meeting(home, server.url, rule) as (session, _),
        pytest.raises(BaliseError, match=r"upload of x\.jsonl"),
    ):
        session.send_file("x.jsonl", b'{"text": "a", "label": []}\n')


def test_a_server_that_stalls_is_given_up_in_time(
    home: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALISE_DOCCANO_TIMEOUT", "1")
    given_up = threading.Event()
    rule = first(9, Fault(act=lambda: given_up.wait(60) and None))
    with meeting(home, server.url, rule) as (session, proxy):
        message = r"no answer within 1 s \(ReadTimeout\).*set BALISE_DOCCANO_TIMEOUT"
        with pytest.raises(BaliseError, match=message):
            session.projects()
        given_up.set()
        assert calls(proxy) == ["GET projects"]


@pytest.mark.parametrize("written", ["0", "-1", "nan", "inf", "bientôt"])
def test_a_time_that_is_none_is_a_wrong_call(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALISE_DOCCANO_TIMEOUT", written)
    with pytest.raises(UsageError, match=r"BALISE_DOCCANO_TIMEOUT=.*is no number of seconds"):
        time_limit()


def test_without_the_variable_a_call_has_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BALISE_DOCCANO_TIMEOUT", raising=False)
    assert time_limit() == 300


def test_a_login_that_ended_is_renewed_once_for_reading_and_for_writing(
    home: Path, server: Server
) -> None:
    again = ["GET me", "POST auth/login/", "GET me"]
    with meeting(home, server.url, lambda _: None) as (session, proxy):
        end_sessions(home)
        assert session.projects() == server.projects()
        assert calls(proxy) == ["GET projects", *again, "GET projects"]
        proxy.seen.clear()
        end_sessions(home)
        project = session.create_project("renouvelle", "x", "x")
        assert calls(proxy)[:5] == ["POST projects", *again, "POST projects"]
        sent = session.send_file("x.jsonl", '{"text": "é", "label": []}\n'.encode())
        end_sessions(home)
        session.import_file(project, "x.jsonl", sent)
    assert [one.text for one in server.examples(project)] == ["é"]
    server.delete_project(project)


def test_a_large_file_that_is_refused_unread_is_sent_after_the_login(
    home: Path, server: Server
) -> None:
    """The server answers and closes while most of the file is still under way."""
    project = server.create_project("grand-fichier", "x", "x")
    end_sessions(home)
    row = '{"text": "%s", "label": []}\n' % ("é" * 10_000_000)
    server.import_file(project, "x.jsonl", server.send_file("x.jsonl", row.encode()))
    assert [len(one.text) for one in server.examples(project)] == [10_000_000]
    server.delete_project(project)


def test_a_call_without_the_right_is_not_repeated(
    home: Path, server: Server, logins: Logins
) -> None:
    server.create_user("sans-droit", logins.create("sans-droit"))
    with faulty(server.url) as proxy:
        session = Server(proxy.url, "sans-droit", logins.password("sans-droit"))
        proxy.seen.clear()
        with pytest.raises(BaliseError, match="Doccano answered 403"):
            session.call("POST", "users/create", "x", json={"username": "autre"})
        assert calls(proxy) == ["POST users/create", "GET me"]


def test_a_login_that_cannot_be_renewed_is_named(home: Path, server: Server) -> None:
    def rule(request: Request) -> Fault | None:
        if request.path == "auth/login/":
            return Fault(answer=(400, '{"non_field_errors": ["Unable to log in"]}'))
        return Fault(answer=(403, '{"detail": "no"}'))

    with (
        meeting(home, server.url, rule) as (session, _),
        pytest.raises(BaliseError, match=r"\(login\): login of 'admin' refused"),
    ):
        session.projects()

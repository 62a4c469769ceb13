"""Whatever goes wrong between us and the Hub: one message, and one more push makes it right.

A few kills of what `make soak` tries at length.
"""

import json
from typing import NamedTuple

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balise.cli.dataset import app
from faults.publishing import NEW, Publishing, at_route
from hub_double import Fault, Moment

WRITE = "gives a token that may write there"
LATER = "the Hub is at fault: run this again in some minutes"
OTHER = "somebody else made or changed it meanwhile: run this again"
TAGS = f"is published, but not tagged v{NEW} ("
BACK = "is published, but cannot be read back ("


class Case(NamedTuple):
    """A fault at one route, and what the message must say."""

    route: str
    fault: Fault
    said: str
    skip: int = 0


def case(name: str, *values: object) -> object:
    return pytest.param(Case(*values), id=name)  # type: ignore[arg-type]


def run(publishing: Publishing, *options: str) -> Result:
    return CliRunner().invoke(app, publishing.words(*options))


@pytest.mark.parametrize(
    "case",
    [
        case("make: 401", "/repos/create", Fault(status=401), WRITE),
        case("make: made meanwhile", "/repos/create", Fault(status=409), OTHER),
        case("make: answer lost", "/repos/create", Fault("after", cut=True), WRITE),
        case("close: 500", "/settings", Fault(status=500), LATER),
        case("close: answer lost", "/settings", Fault("after", cut=True), "nothing was sent"),
        case("send: 401", "/preupload/", Fault(status=401), WRITE),
        case("send: 403", "/objects/batch", Fault(status=403), WRITE),
        case("commit: 401", "/commit/", Fault(status=401), WRITE),
        case("commit: another one runs", "/commit/", Fault(status=409), OTHER),
        case("commit: stale parent", "/commit/", Fault(status=412), OTHER),
        case(
            "commit: too many",
            "/commit/",
            Fault(status=429, headers={"Retry-After": "7"}),
            "wait 7 seconds and run this again",
        ),
        case("commit: 500", "/commit/", Fault(status=500), LATER),
        case("commit: 500 after it", "/commit/", Fault("after", status=500), LATER),
        case("commit: cut", "/commit/", Fault(cut=True), WRITE),
        case("commit: answer lost", "/commit/", Fault("after", cut=True), WRITE),
        case("read back: 403", "/tree/", Fault(status=403), BACK, 1),
        case("tag: 401", "/tag/", Fault(status=401), TAGS),
        case("tag: 409 without one", "/tag/", Fault(status=409), "stands on no commit"),
        case("tag: 500 after it", "/tag/", Fault("after", status=500), TAGS),
        case("tag: answer lost", "/tag/", Fault("after", cut=True), TAGS),
        case("tags: cut", "/refs", Fault(cut=True), TAGS, 2),
    ],
)
def test_a_fault_is_one_message_and_the_next_push_makes_it_right(
    case: Case, publishing: Publishing
) -> None:
    publishing.reset(older=False)
    publishing.hub.rule = at_route(case.route, case.fault, skip=case.skip)
    done = run(publishing, "--gated")
    assert done.exit_code == 1, done.output
    assert done.stderr.count("balise: ") == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert case.said in done.stderr
    publishing.check_cut()
    again = run(publishing, "--gated")
    assert again.exit_code == 0, again.output
    publishing.check(older=False)
    assert publishing.there.gated == "manual"


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("/preupload/", Fault(status=500)),
        ("/preupload/", Fault(status=429, headers={"Retry-After": "1"})),
        ("PUT /large/", Fault("after", cut=True)),
        ("/tree/", Fault(cut=True)),
    ],
    ids=["500", "too many", "answer lost", "cut"],
)
def test_what_can_be_asked_twice_is_asked_again_by_the_client(
    route: str, fault: Fault, publishing: Publishing
) -> None:
    publishing.hub.rule = at_route(route, fault)
    done = run(publishing)
    assert done.exit_code == 0, done.output
    publishing.check(older=True)


def test_a_hub_that_refuses_to_show_what_is_there_is_not_taken_for_empty(
    publishing: Publishing,
) -> None:
    for fault in (Fault(status=500), Fault(status=403), Fault(cut=True)):
        publishing.hub.rule = at_route("GET /api/datasets/", fault)
        done = run(publishing)
        assert done.exit_code == 1
        assert "the Hub does not show it (" in done.stderr
    for route, fault in (("/tree/", Fault(status=403)), ("HEAD /datasets", Fault(cut=True))):
        publishing.hub.rule = at_route(route, fault)
        done = run(publishing)
        assert done.exit_code == 1
        assert "cannot be brought down (" in done.stderr
    assert len(publishing.there.commits) == 2


def test_a_push_that_may_not_see_the_private_repository_does_not_write_to_it(
    publishing: Publishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.there.private = True
    before = dict(publishing.there.commits)
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    done = run(publishing)
    assert done.exit_code == 1
    assert "cannot be made, or is there and this token may not see it" in done.stderr
    assert "hf_of_somebody_else" not in done.output
    assert publishing.there.commits == before


@pytest.mark.parametrize(
    ("older", "route", "moment", "made"),
    [
        (False, "/repos/create", "after", True),
        (True, "/commit/", "before", True),
        (True, "/commit/", "after", False),
        (True, "/tag/", "before", False),
    ],
)
def test_after_a_kill_the_same_push_makes_it_right(
    older: bool, route: str, moment: Moment, made: bool, publishing: Publishing
) -> None:
    publishing.reset(older=older)
    first = publishing.push(lambda kill: at_route(route, Fault(moment, kill, cut=True)))
    assert first.kind == "killed", first.err
    publishing.check_cut()
    again = run(publishing, "--json")
    assert again.exit_code == 0, again.output
    publishing.check(older=older)
    assert json.loads(again.output)["made"] is made

"""Kill -9 of a push to the Hub and cut connections, at requests drawn by a seed.

`make soak` runs it; `BALISE_SOAK_SEED` draws other points.
"""

import os
import random
from collections.abc import Callable, Iterator

import pytest

from balise.dataset.manifest import MANIFEST
from faults.publishing import Publishing, at_request
from faults.trial import Record, Tried
from hub_double import Fault, Moment, Rule, serve_hub

SEED = int(os.environ.get("BALISE_SOAK_SEED", "0"))
POINTS = 10
MOMENTS: tuple[Moment, ...] = ("before", "after")


@pytest.fixture(scope="module")
def publishing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    with serve_hub() as hub:
        yield Publishing(tmp_path_factory.mktemp("versions"), hub)


def draw(publishing: Publishing, kind: str, *, older: bool) -> list[tuple[int, Moment, str]]:
    """Draw requests of a push that nothing disturbs, at least half of them from the upload on."""
    publishing.reset(older=older)
    assert publishing.push().kind == "done"
    publishing.check(older=older)
    seen = list(publishing.hub.requests)
    sending = next(at for at, each in enumerate(seen) if each.startswith("POST "))
    chance = random.Random(f"{SEED} {kind} {older}")
    points = [(nth, moment) for nth in range(len(seen)) for moment in MOMENTS]
    late = [point for point in points if point[0] >= sending]
    early = [point for point in points if point[0] < sending]
    drawn = chance.sample(early, min(len(early), POINTS // 2))
    drawn += chance.sample(late, POINTS - len(drawn))
    return [(nth, moment, phase(seen[nth])) for nth, moment in sorted(drawn)]


def phase(request: str) -> str:
    """Name what a request of a push is for."""
    for part, name in (("/commit/", "commit"), ("/tag/", "tag"), ("/large/", "upload")):
        if part in request:
            return name
    return "upload" if request.startswith(("POST ", "PUT ")) else "compare"


def finish(publishing: Publishing, *, older: bool) -> int:
    """Push again, once, and accept the state."""
    publishing.check_cut()
    again = publishing.push()
    assert again.kind == "done", again.err
    publishing.check(older=older)
    return 1


@pytest.mark.parametrize("older", [False, True], ids=["new", "over an older version"])
def test_a_push_that_was_killed_is_made_right_by_one_more(
    older: bool, publishing: Publishing, record: Record
) -> None:
    """Ten points of a first push, ten of one that replaces a version."""
    for nth, moment, name in draw(publishing, "kill", older=older):
        publishing.reset(older=older)

        def rule(kill: Callable[[], None], nth: int = nth, moment: Moment = moment) -> Rule:
            return at_request(nth, Fault(moment, kill, cut=True))

        first = publishing.push(rule)
        assert first.kind == "killed", first.err
        again = finish(publishing, older=older)
        record(Tried("kill -9", "balise", "dataset push", name, first.kind, again))


@pytest.mark.parametrize("older", [False, True], ids=["new", "over an older version"])
def test_a_push_whose_connection_was_cut_is_made_right_by_one_more(
    older: bool, publishing: Publishing, record: Record
) -> None:
    for nth, moment, name in draw(publishing, "cut", older=older):
        publishing.reset(older=older)
        fault = Fault(moment, cut=True)
        first = publishing.push(lambda _, nth=nth, fault=fault: at_request(nth, fault))  # type: ignore[misc]
        assert first.kind in ("done", "message"), first.err
        again = finish(publishing, older=older)
        record(Tried("connection cut", "–", "dataset push", name, first.kind, again))


def test_a_half_version_would_be_noticed(publishing: Publishing) -> None:
    """Hold what the others rely on: the check itself."""
    publishing.reset(older=True)
    assert publishing.push().kind == "done"
    there = publishing.there
    files = dict(there.commits[there.names["main"]])
    del files[MANIFEST]
    there.commit(files, "half")
    with pytest.raises(AssertionError):
        publishing.check_cut()

"""A real Doccano on loopback for the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balise.doccano.client import Server
from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.server import down, running, up
from small_batch import SmallBatch


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start a Doccano with SQLite for the session, and stop it at its end."""
    folder = tmp_path_factory.mktemp("doccano")
    up(folder, port=0)
    yield folder
    down(folder)


@pytest.fixture(scope="session")
def server(home: Path) -> Server:
    """Log in as the admin."""
    return connect(home)


@pytest.fixture
def logins(home: Path) -> Logins:
    """Return the annotators' passwords."""
    return Logins(home)


@pytest.fixture
def sign_in(home: Path) -> Callable[[str], Server]:
    """Log in as an annotator."""

    def as_annotator(name: str) -> Server:
        state = running(home)
        assert state is not None
        return Server(state.url, name, Logins(home).password(name))

    return as_annotator


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., SmallBatch]:
    """Make a batch in a folder of the test's own."""

    def make_named(name: str, annotators: list[str] | None = None) -> SmallBatch:
        return SmallBatch(tmp_path, name, annotators or ["anne"])

    return make_named

"""A push of more rows than one file, or one task of the server, may hold."""

from collections.abc import Callable

import pytest

from balise.doccano import sending
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.labels import LabelScheme
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano


def test_rows_of_several_files_and_tasks_arrive_once(
    make: Callable[..., SmallBatch],
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Three rows: two files in a first task, one in a second.
    monkeypatch.setattr(sending, "_FILE_ROWS", 1)
    monkeypatch.setattr(sending, "_TASK_ROWS", 2)
    batch = make("plusieurs")
    [done] = push(batch.make(suggest="lexicon"), server, logins, labels)
    assert (done.added, done.there) == (3, 0)
    examples = server.examples(server.require_project("plusieurs.anne"))
    assert sorted(one.row_meta["article"] for one in examples) == sorted(batch.articles)

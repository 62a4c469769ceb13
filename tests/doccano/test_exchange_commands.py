"""`balise doccano push`, `progress` and `pull` as a lead calls them."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from balise.batches import load_batch
from balise.cli.main import app
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.progress import Watch
from balise.doccano.replay import replay
from balise.labels import LabelScheme
from conftest import ROOT
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]


class Lead:
    """A lead in a project of their own, with a batch named as the test."""

    def __init__(self, batch: SmallBatch, home: Path) -> None:
        self.batch = batch
        self._options = {
            "--tasks": batch.tasks,
            "--home": home,
            "--labels": ROOT / "annotations" / "labels.toml",
        }
        self._local = {
            "--corpus": batch.corpus,
            "--annotations": batch.annotations,
            "--aside": batch.annotations.parent / "aside",
        }

    def words(self, command: str, *more: str) -> list[str]:
        options = {**self._options, **(self._local if command == "pull" else {})}
        pairs = (str(word) for pair in options.items() for word in pair)
        return ["doccano", command, self.batch.name, *pairs, *more]

    def call(self, command: str, *more: str) -> Result:
        return CliRunner().invoke(app, self.words(command, *more))


@pytest.fixture
def lead(make: Make, home: Path, request: pytest.FixtureRequest) -> Lead:
    batch = make(request.node.name.removeprefix("test_").replace("_", "-")[:40])
    batch.make(suggest="lexicon")
    return Lead(batch, home)


def test_a_lead_pushes_watches_and_pulls(
    lead: Lead, server: Server, home: Path, labels: LabelScheme
) -> None:
    first = lead.call("push")
    assert first.exit_code == 0, first.output
    assert "3 documents added" in first.output
    assert "3 were there already and are as they were" in lead.call("push").output
    password = Logins(home).password("anne")
    assert password not in first.output
    found = json.loads(lead.call("progress", "--json").output)["progress"]
    assert [(one["assigned"], one["confirmed"], one["last_activity"]) for one in found] == [
        (3, 0, None)
    ]
    annotator = Server(server.url, "anne", password)
    project = annotator.require_project(f"{lead.batch.name}.anne")
    started = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() - 60))
    replay(annotator, project, lead.batch.readings)
    [one] = json.loads(lead.call("progress", "--json").output)["progress"]
    assert (one["confirmed"], one["spans"], one["labels"]["LOCATION"]) == (3, 10, 3)
    assert one["spans_an_article"] == pytest.approx(10 / 3)
    assert one["last_activity"] > started
    table = lead.call("progress").output
    assert "3.3" in table
    assert one["last_activity"][:16].replace("T", " ") in table
    [quiet] = json.loads(lead.call("progress", "--json", "--no-activity").output)["progress"]
    assert quiet["last_activity"] is None
    pulled = lead.call("pull")
    assert pulled.exit_code == 0, pulled.output
    assert "3 confirmed (3 new, 0 changed, 0 unchanged)" in pulled.output
    assert "3 confirmed (0 new, 0 changed, 3 unchanged)" in lead.call("pull").output


def test_a_fault_on_the_server_is_exit_code_1_and_the_rest_is_pulled(
    lead: Lead, server: Server
) -> None:
    lead.call("push")
    project = server.require_project(f"{lead.batch.name}.anne")
    replay(server, project, lead.batch.readings)
    example = server.examples(project)[0]
    body = {"text": "Autre", "meta": example.meta}
    server.call("PUT", f"projects/{project.id}/examples/{example.id}", "alter", json=body)
    done = lead.call("pull")
    assert done.exit_code == 1
    assert "2 confirmed (2 new" in done.output
    assert "set aside in" in done.output
    assert f"document {example.id}" in done.output
    assert "the text changed under its spans" in done.output
    assert "the text changed under its spans" in lead.call("progress").output


def test_a_span_in_an_unconfirmed_document_is_activity_and_a_suggestion_is_none(
    lead: Lead, server: Server, home: Path, labels: LabelScheme
) -> None:
    lead.call("push")
    watch = Watch(load_batch(lead.batch.folder), server, labels)
    assert watch.look()[0].last_activity is None
    annotator = Server(server.url, "anne", Logins(home).password("anne"))
    project = annotator.require_project(f"{lead.batch.name}.anne")
    example = annotator.examples(project)[1]
    label = next(iter(annotator.label_types(project)))
    annotator.add_span(project, example.id, (0, 1, label))
    drawn = watch.look()[0].last_activity
    assert drawn is not None
    annotator.comment(project, example.id, "Et ici ?")
    commented = watch.look()[0].last_activity
    assert commented is not None
    assert commented > drawn
    annotator.confirm(project, example)
    confirmed = watch.look()[0].last_activity
    assert confirmed is not None
    assert confirmed > commented
    assert watch.look()[0].last_activity == confirmed


def test_watching_goes_on_until_it_is_interrupted(lead: Lead) -> None:
    lead.call("push")
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "balise", *lead.words("progress", "--watch", "1")],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "60"},
        start_new_session=True,
        # Tests that a shell started in the background inherit an ignored interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    shown = b""
    while shown.count(b"last activity") < 3:
        shown += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):
        while os.read(terminal, 4096):
            pass
    _, errors = process.communicate(timeout=30)
    os.close(terminal)
    assert (process.returncode, errors) == (0, b"")

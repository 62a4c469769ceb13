"""The three commands that faults are tried on, each on a fresh batch with work done in it."""

import shutil
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import msgspec

from balise.annotations.adjudicate import make_adjudication
from balise.batches import adjudication_folder, load_batch, load_rows
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.jsonl import write_jsonl
from balise.labels import load_labels
from balise.records import Annotation
from balise.stores import ADJUDICATION
from faults.batch import (
    SHORT,
    FaultBatch,
    own_project,
    require_no_rests,
    require_pulled,
    require_pushed,
    work_in,
)
from faults.bench import Bench
from faults.points import Command
from large_batch import LABELS

_NUMBERS = count(1)

TASK_PHASES = ("upload", "import", "read-back")
"""The phases that last: here the batch is large."""


class Drive(Protocol):
    """A command that can be run and run again, with what must be so afterwards.

    `writes` is the number of files that a run writes together.
    """

    command: Command
    phases: tuple[str, ...]
    writes: int

    def prepare(self, phase: str) -> list[str | Path]:
        """Set a fresh case up for a fault in a phase; return the words of the command."""

    def check_cut(self) -> None:
        """Accept what a run that was cut off may leave: all work as it was, each file whole."""

    def check(self) -> None:
        """Accept the exact state after the command was run again."""


class PushDrive:
    """A batch that grows by rows and annotators, beside work that is in it already.

    The first of the annotators has a project from before; for a local write there is one more.
    """

    command: Command = "push"
    phases = ("opening", "upload", "import", "read-back", "admission")
    writes = 2

    def __init__(self, bench: Bench, root: Path, large: int, annotators: int = 2) -> None:
        small = 2 * SHORT
        self._bench = bench
        self._annotators = annotators
        # Where there are thousands, each is short: what matters is their number.
        self._batch = FaultBatch(root, max(large, small), large if large > 1000 else SHORT)
        self._sizes = (small, large)
        self._folder = root
        self._kept: dict[str, dict[str, Any]] = {}

    def prepare(self, phase: str) -> list[str | Path]:
        self._count = next(_NUMBERS)
        name = f"lot{self._count}"
        # Users outlive a batch: these are new, so that their passwords are written.
        annotators = [f"{one}{self._count}" for one in ("anne", "bruno", "chloe")]
        folder = self._batch.make(name, annotators[:1], SHORT)
        logins = Logins(self._bench.client)
        push(folder, self._bench.admin(), logins, load_labels(LABELS))
        session = self._bench.annotator(annotators[0])
        project = own_project(session, name, annotators[0])
        self._batch.work(session, project)
        admin = self._bench.admin()
        ids = [one.id for one in admin.examples(project)]
        self._kept = {annotators[0]: work_in(admin, project, ids)}
        annotators = annotators[: self._annotators + (phase == "local write")]
        self._folder = self._batch.make(name, annotators, self._sizes[phase in TASK_PHASES])
        return ["doccano", "push", name, "--tasks", self._batch.tasks]

    def check_cut(self) -> None:
        server = self._bench.admin()
        for annotator, work in self._kept.items():
            project = own_project(server, load_batch(self._folder).batch, annotator)
            assert work_in(server, project, work["spans"]) == work

    def check(self) -> None:
        require_pushed(self._bench, self._folder, self._kept)


class PullDrive:
    """Readings that were pulled before, of documents in which work went on since."""

    command: Command = "pull"
    phases = ("opening", "read-back")
    writes = 4

    def __init__(self, bench: Bench, root: Path) -> None:
        self._bench = bench
        self._batch = FaultBatch(root, SHORT)
        self._root = root
        annotators = ["anne", "bruno"]
        self._name = f"tire{next(_NUMBERS)}"
        folder = self._batch.make(self._name, annotators, SHORT)
        push(folder, bench.admin(), Logins(bench.client), load_labels(LABELS))
        self._before, self._after = root / "before", root / "after"
        for annotator in annotators:
            session = bench.annotator(annotator)
            project = own_project(session, self._name, annotator)
            session.confirm(project, session.examples(project)[0])
        assert bench.balise(*self._words(self._before)).kind == "done"
        self._expected = {}
        for annotator in annotators:
            session = bench.annotator(annotator)
            project = own_project(session, self._name, annotator)
            self._batch.work(session, project)
            self._expected[annotator] = self._batch.confirmed(session.examples(project))
        assert bench.balise(*self._words(self._after)).kind == "done"
        require_pulled(self._after, self._name, self._expected)

    def _words(self, annotations: Path) -> list[str | Path]:
        folders = {
            "--tasks": self._batch.tasks,
            "--corpus": self._batch.corpus,
            "--annotations": annotations,
        }
        return ["doccano", "pull", self._name, *(word for pair in folders.items() for word in pair)]

    def prepare(self, phase: str) -> list[str | Path]:
        self._count = next(_NUMBERS)
        self.now = self._root / f"annotations-{self._count}"
        shutil.copytree(self._before, self.now)
        return self._words(self.now)

    def check_cut(self) -> None:
        for old in (self._before / self._name).iterdir():
            found = (self.now / self._name / old.name).read_bytes()
            new = self._after / self._name / old.name
            assert found in (old.read_bytes(), new.read_bytes())

    def check(self) -> None:
        require_pulled(self.now, self._name, self._expected)
        require_no_rests(self.now)


class AdjudicateDrive:
    """Readings that differ in more articles than before, beside decisions that are made already."""

    command: Command = "adjudicate"
    phases = ("opening", "upload", "import", "read-back", "admission")
    writes = 4

    def __init__(self, bench: Bench, root: Path, large: int) -> None:
        small = 2 * SHORT
        self._bench = bench
        self._root = root
        self._batch = FaultBatch(root, max(large, small))
        self._sizes = (small, large)
        self._kept: dict[str, dict[str, Any]] = {}

    def _read(self, differing: int) -> None:
        """Let two annotators read all articles, and differ in the last span of the first ones."""
        for annotator in ("anne", "bruno"):
            readings: list[Annotation] = []
            for number, id_ in enumerate(self._batch.ids):
                reading = self._batch.readings[id_]
                last = -1 if annotator == "bruno" and number < differing else None
                spans = reading.spans[:last]
                readings.append(msgspec.structs.replace(reading, annotator=annotator, spans=spans))
            write_jsonl(self._annotations / self._name / f"{annotator}.jsonl", readings)

    def prepare(self, phase: str) -> list[str | Path]:
        self._count = next(_NUMBERS)
        self._name = f"avis{self._count}"
        self._annotations = self._root / f"annotations-{self._count}"
        self._read(SHORT)
        folder = adjudication_folder(self._batch.tasks, self._name)
        labels, guideline = load_labels(LABELS), self._annotations / "guidelines.fr.md"
        shutil.copy(self._root / guideline.name, guideline)
        places = (self._annotations, self._batch.corpus, self._batch.tasks)
        make_adjudication(self._name, *places, labels, guideline)
        push(folder, self._bench.admin(), Logins(self._bench.client), labels)
        session = self._bench.annotator(ADJUDICATION)
        project = own_project(session, self._name, ADJUDICATION)
        self._batch.work(session, project)
        admin = self._bench.admin()
        ids = [one.id for one in admin.examples(project)]
        self._kept = {ADJUDICATION: work_in(admin, project, ids)}
        self._differing = self._sizes[phase in TASK_PHASES]
        self._read(self._differing)
        folders = {
            "--tasks": self._batch.tasks,
            "--corpus": self._batch.corpus,
            "--annotations": self._annotations,
        }
        words = (word for pair in folders.items() for word in pair)
        return ["annotations", "adjudicate", self._name, *words]

    def check_cut(self) -> None:
        server = self._bench.admin()
        project = own_project(server, self._name, ADJUDICATION)
        work = self._kept[ADJUDICATION]
        assert work_in(server, project, work["spans"]) == work

    def check(self) -> None:
        folder = adjudication_folder(self._batch.tasks, self._name)
        rows = load_rows(folder, load_batch(folder), ADJUDICATION)
        assert [row.meta.article for row in rows] == self._batch.ids[: self._differing]
        assert all(set(row.meta.readings) == {"anne", "bruno"} for row in rows)
        require_pushed(self._bench, folder, self._kept)
        require_no_rests(self._annotations, folder)

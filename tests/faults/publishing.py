"""Two versions of a small dataset, the double of the Hub, and pushes that are cut off."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from dataset.project import FULL, Project, pairs, snapshot
from hub_calls import hub_environment
from hub_double import Fault, Hub, Repository, Rule
from markup import gold

REPO = "alice/corpus"
OLD, NEW = "0.1.0", "0.2.0"
ATTRIBUTES = {".gitattributes": b"*.parquet filter=lfs\n"}


class Ended(NamedTuple):
    """How a push ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def kind(self) -> str:
        """Tell whether it was done, ended with one message of ours, or was killed."""
        if self.code == 0:
            return "done"
        if self.code < 0:
            return "killed"
        one = self.err.count("balise: ") == 1 and "Traceback" not in self.err
        return "message" if self.code == 1 and one else "broken"


def newer_pairs() -> list[object]:
    """Change the small project: a span less and one more, a row that moves, one that comes.

    The split `validation` ends, so that its files go.
    """
    changed = []
    for article, record in pairs():
        if article.id == "neuf-b":
            record = msgspec.structs.replace(record, spans=record.spans[:1])
        if article.id == "neuf-c":
            article = msgspec.structs.replace(article, event="train-c")
        changed.append((article, record))
    marked = "Des drones au-dessus de [Goma](LOCATION), puis de [Sake](LOCATION)."
    return [*changed, gold("neuf-f", marked, **FULL)]


class Publishing:
    """The folders of both versions, and a Hub on which a push of the newer one is tried."""

    def __init__(self, root: Path, hub: Hub) -> None:
        self.root, self.hub = root, hub
        self.old, self.new = root / "old", root / "new"
        project = Project(root / "project")
        project.write(pairs())
        project.build(self.old, OLD)
        project.write(newer_pairs())
        project.build(self.new, NEW)
        self.gold = project.gold
        self._contents = {OLD: snapshot(self.old), NEW: snapshot(self.new)}

    def reset(self, *, older: bool) -> None:
        """Empty the Hub, or leave the older version alone on it, tagged."""
        self.hub.repositories.clear()
        self.hub.large.clear()
        self.hub.requests.clear()
        self.hub.rule = lambda _: None
        if older:
            there = Repository("dataset", REPO, private=False)
            sha = there.commit({**ATTRIBUTES, **self._contents[OLD]}, "before")
            there.names[f"v{OLD}"] = sha
            self.hub.repositories["dataset", REPO] = there

    @property
    def there(self) -> Repository:
        return self.hub.repositories["dataset", REPO]

    def words(self, *options: str) -> list[str]:
        return ["push", REPO, f"--folder={self.new}", f"--gold={self.gold}", "--yes", *options]

    def push(self, rule: Callable[[Callable[[], None]], Rule] | None = None) -> Ended:
        """Push in a process of its own; the rule is given what kills that process."""
        process: list[subprocess.Popen[str]] = []

        def kill() -> None:
            process[0].kill()
            process[0].wait()

        self.hub.rule = rule(kill) if rule else lambda _: None
        process.append(
            subprocess.Popen(
                [sys.executable, "-m", "balise", "dataset", *self.words()],
                cwd=self.root,
                env=hub_environment(self.hub, self.root, TMPDIR=str(self._scratch())),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        out, err = process[0].communicate(timeout=120)
        self.hub.rule = lambda _: None
        return Ended(process[0].returncode, out, err)

    def _scratch(self) -> Path:
        """Give killed runs a place for what they leave."""
        folder = self.root / "tmp"
        folder.mkdir(exist_ok=True)
        return folder

    def check_cut(self) -> None:
        """Accept what a push that was cut off may leave: whole versions, each tag on its own."""
        repository = self.hub.repositories.get(("dataset", REPO))
        if repository is None:
            return
        for files in repository.commits.values():
            assert self._version(files) is not Ellipsis
        for name, sha in repository.names.items():
            if name != "main":
                assert name == f"v{self._version(repository.commits[sha])}"

    def check(self, *, older: bool) -> None:
        """Accept a Hub where the newer version stands once, beside the older one if it was."""
        there = self.there
        self.check_cut()
        found = [self._version(files) for files in there.commits.values()]
        assert found == [None, *([OLD] if older else []), NEW]
        assert there.names.keys() == {"main", f"v{NEW}", *([f"v{OLD}"] if older else [])}
        assert there.names["main"] == there.names[f"v{NEW}"]

    def _version(self, files: Mapping[str, bytes]) -> object:
        """Name the version that a commit holds whole, None for an empty one; else `...`."""
        ours = {name: content for name, content in files.items() if name not in ATTRIBUTES}
        if not ours:
            return None
        return next((v for v, content in self._contents.items() if content == ours), ...)


def at_request(nth: int, fault: Fault) -> Rule:
    """Do something to the nth request of a run, counted from 0."""
    count = 0

    def rule(_: str) -> Fault | None:
        nonlocal count
        count += 1
        return fault if count == nth + 1 else None

    return rule


def at_route(part: str, fault: Fault, times: int = 1, skip: int = 0) -> Rule:
    """Do something to the first requests whose « VERB /path » has a part."""
    count = 0

    def rule(request: str) -> Fault | None:
        nonlocal count
        if part not in request:
            return None
        count += 1
        return fault if skip < count <= skip + times else None

    return rule

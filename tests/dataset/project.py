"""A small project: gold and corpus with everything that a release has to tell apart."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from balise.dataset.build import BuildResult, build_dataset
from balise.dataset.check import CheckResult, check_dataset
from balise.dataset.release import Inputs
from balise.jsonl import write_json, write_jsonl
from balise.records import Annotation, Article, Gold
from balise.splits import Splits
from markup import gold

LABELS = Path(__file__).parents[2] / "annotations" / "labels.toml"
FULL = {"publishable": "full", "license": "CC-BY-4.0", "synthetic": True, "source": "neuf"}
HIDDEN = "Le convoi secret a quitté [Bangui](LOCATION) sous les tirs de la [Seleka](ARMED_GROUP)."


@dataclass(frozen=True)
class Project:
    """The files of a small project, and the commands on them."""

    root: Path

    @property
    def gold(self) -> Path:
        return self.root / "gold.jsonl"

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def splits(self) -> Path:
        return self.corpus / "splits.json"

    @property
    def out(self) -> Path:
        return self.root / "build" / "dataset"

    @property
    def options(self) -> list[str]:
        paths = {
            "gold": self.gold,
            "corpus": self.corpus,
            "splits": self.splits,
            "labels": LABELS,
            "annotations": self.readings,
        }
        return [f"--{name}={path}" for name, path in paths.items()]

    def write(self, pairs: Iterable[tuple[Article, Gold]]) -> None:
        """Write articles and gold, and give each article the part that its event names."""
        pairs = sorted(pairs, key=lambda pair: pair[0].id)
        self.corpus.mkdir(parents=True, exist_ok=True)
        write_jsonl(self.corpus / "neuf.jsonl", [article for article, _ in pairs])
        write_jsonl(self.gold, [record for _, record in pairs])
        for name, read in (("dupont", pairs), ("martin", pairs[:1])):
            readings = [Annotation(g.article, g.sha256, name, True, g.spans) for _, g in read]
            (self.readings / "lot").mkdir(parents=True, exist_ok=True)
            write_jsonl(self.readings / "lot" / f"{name}.jsonl", readings)
        parts = {
            part: tuple(a.id for a, _ in pairs if (a.event or "train").startswith(part))
            for part in ("train", "dev", "test")
        }
        write_json(self.splits, Splits(seed=0, groups={}, **parts))

    @property
    def readings(self) -> Path:
        return self.root / "annotations"

    @property
    def inputs(self) -> Inputs:
        return Inputs(
            self.gold, self.corpus, self.splits, LABELS, self.root / "texts", self.readings
        )

    def build(self, out: Path | None = None, version: str = "0.1.0") -> BuildResult:
        return build_dataset(self.inputs, out or self.out, version)

    def check(self, folder: Path | None = None) -> CheckResult:
        return check_dataset(folder or self.out, self.inputs)


def pairs() -> list[tuple[Article, Gold]]:
    """Five articles: two to train, one to tune, one stand-off and one withheld to test."""
    return [
        gold(
            "neuf-a",
            "Tirs à Kharkiv\n\nMILITARY : l’[armée ukrainienne](MILITARY) 🙂 tient "
            "[Kharkiv](LOCATION), [mardi](DATE).",
            title="Tirs à Kharkiv",
            event="train-a",
            country="UA",
            published="2022-05-03",
            **FULL,
        ),
        # The span ends inside « missiles »: it is snapped on the way to BIO, and there alone.
        gold("neuf-b", "Un [missile](WEAPON)s russe, [10 000 déplacés](CASUALTIES).", **FULL),
        gold("neuf-c", "Rien à signaler ce jour-là.", event="dev-c", **FULL),
        gold(
            "neuf-d",
            f"Un titre à ne pas montrer\n\n{HIDDEN}",
            title="Un titre à ne pas montrer",
            event="test-d",
            synthetic=False,
            url="https://example.org/d",
            publishable="standoff",
        ),
        gold("neuf-e", "Texte retenu à [Alep](LOCATION).", event="test-e", publishable="none"),
    ]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kill_after(
    script: str, arguments: Iterable[object], seconds: float, **environment: str
) -> None:
    """Start a Python script, wait until it says that it is ready, and kill it some time later."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        env=os.environ | environment,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    child.kill()
    child.wait()
    child.stdout.close()

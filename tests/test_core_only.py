"""A plain `pip install .`, with the newest versions allowed, needs no extra and no test tool."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scored_project import lay_out, split

ROOT = Path(__file__).parents[1]
FORBIDDEN = {"doccano-client", "pytest", "hypothesis", "nervaluate", "seqeval", "polars", "duckdb"}
MARKED = {f"afp-{n}": f"À [Ville{n}](LOCATION), [lundi {n} mai](DATE)." for n in range(1, 7)}


class Environment:
    """A virtual environment of its own, and a small project to work on."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        lay_out(self.project, MARKED, source="afp")
        split(
            self.project, train=("afp-1", "afp-2"), dev=("afp-3", "afp-4"), test=("afp-5", "afp-6")
        )
        self.bin = folder / "venv" / "bin"
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        # What is used compiles itself when it is used; every library at once takes far longer.
        self.run("pip", "install", "--quiet", "--no-compile", str(ROOT))

    def call(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.bin / program, *words],
            cwd=self.project,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, program: str, *words: str) -> str:
        done = self.call(program, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.mark.slow
def test_the_core_works_alone_and_the_model_works_without_the_core(tmp_path: Path) -> None:
    core = Environment(tmp_path)
    installed = {line.split()[0].lower() for line in core.run("pip", "list").splitlines()}
    assert "balise" in installed
    assert not installed & FORBIDDEN

    assert "corpus" in core.run("balise", "--help")
    assert "0 problems" in core.run("balise", "corpus", "check", "--corpus", str(ROOT / "corpus"))
    core.run("balise", "model", "train", "--steps", "10", "--out", "build/model/m")
    core.run("balise", "model", "evaluate", "build/model/m/model-best", "--out", "build/report")
    assert (core.project / "build" / "report" / "report.html").stat().st_size > 10_000
    core.run("balise", "dataset", "build")
    unread = core.call("balise", "dataset", "check")
    assert unread.returncode == 1
    assert "polars cannot be imported" in unread.stdout
    assert "duckdb cannot be imported" in unread.stdout
    assert unread.stdout.count("pip install 'balise[release]'") == 2
    assert "checks, 2 problems" in unread.stdout

    refused = core.call("balise", "doccano", "progress", "premiers")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr

    core.run("balise", "model", "package", "build/model/m/model-best", "--out", "build/dist")
    [wheel] = (core.project / "build" / "dist").glob("*.whl")
    core.run("pip", "uninstall", "--quiet", "--yes", "balise")
    core.run("pip", "install", "--quiet", "--no-deps", str(wheel))
    code = (
        "import spacy; nlp = spacy.load('fr_conflict_news'); doc = nlp('Des pro-Assad à Alep');"
        "print([token.text for token in doc], nlp.meta['license'],"
        "nlp.meta['requirements'] == ['spacy' + nlp.meta['spacy_version']])"
    )
    shown = core.run("python", "-c", code)
    assert shown.strip() == "['Des', 'pro', '-', 'Assad', 'à', 'Alep'] LGPL-LR True"

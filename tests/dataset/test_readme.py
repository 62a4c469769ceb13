"""What the README says of using the dataset is run: it is loaded, and spaCy trains on it.

The example for transformers is run in their environment, by tests/transformer.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dataset.project import Project
from markup import gold

ROOT = Path(__file__).parents[2]
FULL = {"publishable": "full", "license": "CC-BY-4.0", "synthetic": True}
MARKED = "Le [M23](ARMED_GROUP) est à [Goma](LOCATION)."
README = (ROOT / "README.md").read_text(encoding="utf-8").split("**Load it**")[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a dataset of three parts where the README says that it is."""
    made = Project(tmp_path_factory.mktemp("readme"))
    made.write(
        gold(
            f"neuf-{part}-{n}", "Le [M23](ARMED_GROUP) est à [Goma](LOCATION).", event=part, **FULL
        )
        for part in ("train", "dev", "test")
        for n in (1, 2)
    )
    made.build()
    return made.root


def run(place: Path, *call: str) -> None:
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(place / "cache")}
    done = subprocess.run(call, cwd=place, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lines_that_load_it_load_it(place: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    check = "assert articles['id'] == ['neuf-test-1', 'neuf-test-2'] and len(tokens['train']) == 2"
    run(place, sys.executable, "-c", f"{code}\n{check}")


def test_the_lines_that_train_spacy_train_it(place: Path) -> None:
    [block] = re.findall(r"^```\n(balise .*?)^```", README, re.DOTALL | re.MULTILINE)[:1]
    lines = block.splitlines()
    assert [line.split()[0] for line in lines] == ["balise", "python", "python"]
    bin_ = Path(sys.executable).parent
    for line in lines:
        program, *words = shlex.split(line)
        # A real training takes an hour; two steps show that it takes what it is given.
        more = ["--training.max_steps=2", "--training.eval_frequency=1"] if "train" in words else []
        run(place, str(bin_ / program), *words, *more)
    assert (place / "build" / "ner" / "model-best" / "meta.json").is_file()

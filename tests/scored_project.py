"""A small project on disk and pipelines made on the spot, for the tests of scoring."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import spacy
import typer
from typer.testing import CliRunner, Result

from balise.cli import compare, evaluate
from balise.jsonl import write_json, write_jsonl
from balise.splits import Splits
from markup import gold

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "data" / "tiny.cfg"
"""A config that trains in a second."""

app = typer.Typer()
evaluate.register(app)
compare.register(app)


def run(*arguments: object) -> Result:
    """Call `balise model …` in the current folder."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lay_out(root: Path, marked: Mapping[str, str], **fields: Any) -> None:
    """Write articles, their gold, a split that tests on all of them, and the label scheme."""
    pairs = [gold(id_, sentence, **fields) for id_, sentence in sorted(marked.items())]
    write_jsonl(root / "corpus" / "afp.jsonl", [article for article, _ in pairs])
    write_jsonl(root / "annotations" / "gold.jsonl", [record for _, record in pairs])
    split(root, test=tuple(sorted(marked)))
    labels = (ROOT / "annotations" / "labels.toml").read_bytes()
    (root / "annotations" / "labels.toml").write_bytes(labels)


def split(root: Path, **parts: tuple[str, ...]) -> None:
    """Write the split; a part that is not named is empty."""
    full = {"train": (), "dev": (), "test": (), **parts}
    write_json(root / "corpus" / "splits.json", Splits(seed=0, groups={}, **full))


def make_pipeline(folder: Path, patterns: Mapping[str, str]) -> Path:
    """Make a pipeline that labels the given surfaces, token by token, and nothing else."""
    nlp = spacy.blank("fr")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in patterns.items()])
    folder.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)
    return folder


def snapshot(root: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }

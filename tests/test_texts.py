"""A stand-off article whose text was rehydrated is like any other, for every command."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from balise.cli.main import app
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Article
from balise.stores import text_path
from markup import annotated
from scored_project import lay_out, make_pipeline, split

MARKED = {
    f"afp-{n}": f"À [Ville{n}](LOCATION), [lundi](DATE) {n} [mai](DATE)." for n in range(1, 5)
}
TEXTS = Path("build/texts")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project all of whose articles are stand-off, and rehydrate their texts."""
    lay_out(tmp_path, MARKED, source="afp")
    split(tmp_path, train=("afp-1", "afp-2"), dev=("afp-3",), test=("afp-4",))
    monkeypatch.chdir(tmp_path)
    path = Path("corpus/afp.jsonl")
    articles = read_jsonl(path, Article)
    TEXTS.mkdir(parents=True)
    for article in articles:
        text_path(TEXTS, article.id).write_text(str(article.text), encoding="utf-8")
    write_jsonl(path, [msgspec.structs.replace(article, text=None) for article in articles])
    readings = [annotated(id_, marked)[1] for id_, marked in MARKED.items()]
    write_jsonl(Path("annotations/b/a1.jsonl"), readings)
    for folder in ("ruled", "other"):
        make_pipeline(tmp_path / folder, {"lundi": "DATE"})
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


CONLL = "À O\nVille1 B-LOCATION\n, O\nlundi B-DATE\n1 O\nmai B-DATE\n. O\n"

COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "stats": (("corpus", "stats"), "sentences;"),
    "make": (("tasks", "make", "--batch", "b", "--annotators", "a"), "articles: 4"),
    "check": (("annotations", "check", "--consistency"), "0 surfaces are open"),
    "gold": (("annotations", "gold"), "4 articles"),
    "import": (
        (
            "annotations",
            "import",
            "--format",
            "conll",
            "x.conll",
            "--batch",
            "c",
            "--annotator",
            "z",
        ),
        "1 articles, 3 spans",
    ),
    "export": (("annotations", "export", "--format", "jsonl", "--out", "x.jsonl"), "4 articles"),
    "split": (("model", "split"), "articles in train"),
    "train": (("model", "train", "--steps", "1"), "trained on 2 articles"),
    "evaluate": (("model", "evaluate", "ruled", "--no-baseline"), "report:"),
    "compare": (("model", "compare", "ruled", "other"), "written:"),
    "build": (("dataset", "build"), "standoff: 2 train, 1 validation, 1 test"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_rehydrated_text_reaches_the_command(project: Path, name: str) -> None:
    Path("x.conll").write_text(CONLL, encoding="utf-8")
    arguments, expected = COMMANDS[name]
    result = call(*arguments)
    assert result.exit_code == 0, result.output
    assert expected in result.output
    assert "have no text here" not in result.output


NEEDED = ("make", "import", "export", "split", "train", "evaluate", "compare")


@pytest.mark.parametrize("name", NEEDED)
def test_without_it_the_command_says_which_text_is_missing(project: Path, name: str) -> None:
    Path("x.conll").write_text(CONLL, encoding="utf-8")
    for path in TEXTS.iterdir():
        path.unlink()
    result = call(*COMMANDS[name][0])
    assert result.exit_code == 1
    assert any(word in result.stderr for word in ("rehydrate", "no article of the corpus"))


def test_a_damaged_text_stops_what_would_read_it(project: Path) -> None:
    text_path(TEXTS, "afp-1").write_text("Autre chose.", encoding="utf-8")
    for name in ("stats", "make", "check", "gold", "export", "split", "build"):
        result = call(*COMMANDS[name][0])
        assert result.exit_code == 1, name
        assert "afp-1.txt: not the text that afp-1 was annotated on" in result.stderr, name

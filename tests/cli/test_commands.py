"""Every command has help with one example, a row in the README, and a clean way to fail."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from balise.cli.common import command
from balise.cli.main import app
from balise.errors import BaliseError

ROOT = Path(__file__).parents[2]
HEAVY = ("spacy", "datasets", "sklearn", "numpy", "pandas", "doccano_client", "trafilatura")


def walk(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in children.items():
        yield from walk(child, (*words, name))


COMMANDS = dict(walk(typer.main.get_command(app)))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_explains_itself_with_one_example_that_parses(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    example = re.findall(r"Example: (balise .*)", shown.output)
    assert len(example) == 1
    assert example[0].split()[1 : 1 + len(words)] == list(words)
    assert "--json" in shown.output


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_its_row_in_the_readme(words: tuple[str, ...]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `balise {' '.join(words)}`", readme, flags=re.MULTILINE)


def test_every_command_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `balise ([a-z ]+)`", readme, flags=re.MULTILINE)
    assert {tuple(row.split()) for row in rows} == set(COMMANDS)


def test_help_loads_no_heavy_library() -> None:
    code = f"import sys, balise.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_mistake_of_data_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["corpus", "check", "--corpus", str(tmp_path)])
    assert shown.exit_code == 1
    assert shown.stderr.startswith(f"balise: {tmp_path}: ")
    assert "Traceback" not in shown.output
    assert len(shown.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "call",
    [
        ["corpus", "add", "x.txt"],
        ["tasks", "make", "--batch", "Ô", "--annotators", "a"],
        ["no-such-command"],
        ["model", "package", "x", "--version", "soon"],
    ],
    ids=" ".join,
)
def test_a_mistake_of_call_is_exit_code_2(call: list[str]) -> None:
    shown = CliRunner().invoke(app, call)
    assert shown.exit_code == 2
    assert "Traceback" not in shown.output


def test_what_an_error_could_not_undo_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        error = BaliseError("ici", "panne", "attendez")
        error.add_note("Le reste est resté.")
        raise error

    failing = typer.Typer()
    command(failing, "fail", example="balise fail")(fail)
    with pytest.raises(typer.Exit):
        failing.registered_commands[0].callback()
    assert capsys.readouterr().err == "balise: ici: panne; attendez\nLe reste est resté.\n"

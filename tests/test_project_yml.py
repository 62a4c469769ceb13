"""project.yml calls commands that exist, on files that exist or that an earlier command makes."""

from pathlib import Path
from typing import Any

import pytest
import srsly
import typer

from balise.cli.main import app

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = srsly.read_yaml(ROOT / "project.yml")
COMMANDS: dict[str, dict[str, Any]] = {each["name"]: each for each in PROJECT["commands"]}


def filled(text: str) -> str:
    for name, value in PROJECT["vars"].items():
        text = text.replace(f"${{vars.{name}}}", str(value))
    return text


def test_the_workflow_runs_every_command_in_order() -> None:
    assert PROJECT["workflows"]["all"] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_script_is_a_call_that_balise_understands(name: str) -> None:
    for script in COMMANDS[name]["script"]:
        python, module, package, group, command, *options = filled(script).split()
        assert (python, module, package) == ("python", "-m", "balise")
        found = typer.main.get_command(app).commands[group].commands[command]  # type: ignore[attr-defined]
        found.make_context(command, options)


def test_each_dependency_exists_or_is_made_before() -> None:
    made: set[str] = set()
    for command in COMMANDS.values():
        for dependency in map(filled, command.get("deps", [])):
            assert dependency in made or (ROOT / dependency).exists(), dependency
        made |= set(map(filled, command.get("outputs", [])))

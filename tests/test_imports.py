"""Imports flow one way: cli → stage → core, no stage imports another, and none goes round."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "scripts" / "balise"
STAGES = ("corpus", "tasks", "doccano", "annotations", "model", "dataset")
COMPOSERS = ("cli", "demo")
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the parts below `balise` of every module of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            first, *rest = name.split(".")
            if first == "balise" and rest:
                yield tuple(rest)


def place(path: Path) -> str:
    """Name the room a file is in: a stage, `cli`, `demo`, or `core`."""
    first = path.relative_to(PACKAGE).with_suffix("").parts[0]
    return first if first in (*STAGES, *COMPOSERS) else "core"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_flow_from_cli_to_stage_to_core(path: Path) -> None:
    if path.name == "__main__.py":
        return
    room = place(path)
    allowed = {
        "core": set(),
        "cli": {*STAGES, *COMPOSERS},
        "demo": {*STAGES, "demo"},
    }.get(room, {room})
    wrong = [
        ".".join(name)
        for name in imported(path)
        if name[0] in (*STAGES, *COMPOSERS) and name[0] not in allowed
    ]
    assert wrong == []


def test_no_module_imports_one_that_imports_it() -> None:
    """For its types alone is importing too."""
    modules = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in FILES}
    needs = {
        module: {each for name in imported(path) for each in (name, name[:-1]) if each in modules}
        for module, path in modules.items()
    }
    # A CycleError names the modules of the circle.
    assert len(list(TopologicalSorter(needs).static_order())) == len(modules)


def test_the_doccano_client_is_imported_in_one_module_only() -> None:
    found = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("doccano_client")
    ]
    assert set(found) == {"doccano/session.py"}


def test_only_the_command_line_imports_typer() -> None:
    found = {
        place(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import) and any(alias.name == "typer" for alias in node.names)
    }
    assert found == {"cli"}

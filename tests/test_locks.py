"""Each lock has what the project asks for, since neither is resolved when it is installed."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {
    "constraints.txt": ("doccano", "dev", "release"),
    "scripts/balise/model/configs/transformer.txt": ("transformer",),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_version_that_suits_of_all_that_the_project_asks_for(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").split()
    locked = {
        canonicalize_name(name): Version(version)
        for name, _, version in (line.partition("==") for line in lines)
    }
    assert len(locked) == len(lines)
    asked = [
        Requirement(line)
        for lines in (
            PROJECT["dependencies"],
            *(PROJECT["optional-dependencies"][extra] for extra in LOCKS[lock]),
        )
        for line in lines
    ]
    for each in asked:
        if each.name == "balise":
            continue
        assert canonicalize_name(each.name) in locked, each
        assert each.specifier.contains(locked[canonicalize_name(each.name)]), each

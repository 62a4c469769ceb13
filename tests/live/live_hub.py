"""A small dataset goes to the real Hub and comes back.

Only on demand: `BALISE_TEST_HUB=OWNER HF_TOKEN=… make live`. A private repository is made below
that owner and deleted at the end.
"""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from huggingface_hub import HfApi
from typer.testing import CliRunner

from balise.cli.dataset import app
from dataset.project import Project, pairs, snapshot


@pytest.fixture
def repo() -> Iterator[str]:
    owner = os.environ["BALISE_TEST_HUB"]
    name = f"{owner}/balise-test-{secrets.token_hex(6)}"
    try:
        yield name
    finally:
        HfApi().delete_repo(name, repo_type="dataset", missing_ok=True)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_push_diff_and_pull(repo: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(pairs())
    project.build()
    push = ("push", repo, f"--folder={project.out}", *project.options, "--private", "--json")
    dry = run(*push)
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.stdout)["there"] is False
    done = run(*push, "--gated", "--yes")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["access"] == {"private": True, "gated": True}
    again = run(*push, "--yes")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["made"] is False
    project.build(version="0.2.0")
    assert run(*push, "--yes").exit_code == 0
    found = run("diff", f"{repo}@0.1.0", f"{repo}@0.2.0", "--json")
    assert found.exit_code == 0, found.output
    assert not any(each["changed"] for each in json.loads(found.stdout)["rows"])
    out = tmp_path / "published"
    assert run("pull", repo, "--version", "0.2.0", f"--out={out}").exit_code == 0
    assert snapshot(out) == snapshot(project.out)

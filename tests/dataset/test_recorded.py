"""What a release was built from must be in git, where git holds it."""

import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balise.cli.dataset import app
from balise.dataset.hub.recorded import unrecorded
from balise.dataset.release import Inputs
from balise.errors import BaliseError
from faults.publishing import NEW, Publishing


def git(folder: Path, *words: str) -> None:
    author = ("-c", "user.name=essai", "-c", "user.email=essai@example.org")
    subprocess.run(["git", "-C", folder, *author, *words], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a project whose corpus and annotations are committed."""
    for name in ("corpus/afp.jsonl", "annotations/gold.jsonl", "README.md"):
        path = tmp_path / "projet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n", encoding="utf-8")
    git(tmp_path / "projet", "init", "--quiet")
    git(tmp_path / "projet", "add", ".")
    git(tmp_path / "projet", "commit", "--quiet", "-m", "début")
    return tmp_path / "projet"


def inputs(tree: Path) -> Inputs:
    corpus, annotations = tree / "corpus", tree / "annotations"
    labels = annotations / "labels.toml"
    return Inputs(
        annotations / "gold.jsonl", corpus, corpus / "splits.json", labels, annotations=annotations
    )


def said(tree: Path) -> list[str]:
    return [str(error) for error in unrecorded(inputs(tree))]


def test_a_committed_project_is_recorded_whatever_else_changes(tree: Path) -> None:
    (tree / "README.md").write_text("autre", encoding="utf-8")
    (tree / "corpus" / "cache.tmp").write_text("", encoding="utf-8")
    (tree / ".git" / "info" / "exclude").write_text("*.tmp\n", encoding="utf-8")
    assert said(tree) == []


def test_what_is_changed_new_staged_deleted_or_renamed_is_not_recorded(tree: Path) -> None:
    (tree / "corpus" / "afp.jsonl").unlink()
    (tree / "corpus" / "été nouveau.jsonl").write_text("", encoding="utf-8")
    (tree / "annotations" / "lot").mkdir()
    (tree / "annotations" / "lot" / "a.jsonl").write_text("", encoding="utf-8")
    git(tree, "add", "annotations")
    git(tree, "mv", "annotations/gold.jsonl", "annotations/or.jsonl")
    [error] = said(tree)
    assert error == (
        f"{tree.resolve()}: 5 files of what it was built from are not committed: "
        "annotations/gold.jsonl, annotations/lot/a.jsonl, annotations/or.jsonl, "
        "corpus/afp.jsonl, corpus/été nouveau.jsonl; commit them or put them back, build the "
        "dataset again, then push"
    )


def test_a_corpus_that_is_gone_is_not_recorded(tree: Path) -> None:
    (tree / "corpus" / "afp.jsonl").unlink()
    (tree / "corpus").rmdir()
    assert "corpus/afp.jsonl" in said(tree)[0]


def test_without_git_there_is_nothing_to_commit(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(tmp_path / "elsewhere") == []
    (tree / "corpus" / "afp.jsonl").write_text("autre", encoding="utf-8")
    assert len(said(tree)) == 1
    monkeypatch.setenv("PATH", str(tmp_path))
    assert said(tmp_path / "elsewhere") == []
    with pytest.raises(BaliseError, match="is in a git tree, and git cannot be run"):
        said(tree)


def test_what_git_ignores_is_not_recorded_and_a_name_in_no_utf8_is_said(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.jsonl\nlot/\n", encoding="utf-8")
    git(tree, "add", ".gitignore")
    (tree / "corpus" / "reuters.jsonl").write_text("", encoding="utf-8")
    (tree / "annotations" / "lot").mkdir()
    (tree / "annotations" / "lot" / "a.jsonl").write_text("", encoding="utf-8")
    (tree / "annotations" / "essai.jsonl").write_text("of no reading", encoding="utf-8")
    (tree / "corpus" / os.fsdecode(b"caf\xe9.txt")).write_text("", encoding="utf-8")
    [error] = said(tree)
    assert "3 files of what it was built from are not committed" in error
    for name in ("annotations/lot/", "corpus/reuters.jsonl", "corpus/caf\ufffd.txt"):
        assert name in error


def test_a_git_that_does_not_answer_is_not_taken_for_a_yes(tree: Path) -> None:
    (tree / ".git" / "index").write_bytes(b"DIRC broken")
    with pytest.raises(BaliseError, match="git does not say what is committed"):
        said(tree)


def test_a_push_from_a_tree_that_is_not_committed_is_refused(publishing: Publishing) -> None:
    project = publishing.root / "project"
    git(project, "init", "--quiet")
    words = [*publishing.words(), f"--corpus={project / 'corpus'}"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "files of what it was built from are not committed: corpus/neuf.jsonl" in done.stderr
    assert f"v{NEW}" not in publishing.there.names
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "début")
    assert CliRunner().invoke(app, words).exit_code == 0
    publishing.check(older=True)


def test_what_was_changed_since_the_build_is_not_published(publishing: Publishing) -> None:
    corpus = publishing.root / "project" / "corpus"
    words = [*publishing.words(), f"--corpus={corpus}"]
    path = corpus / "neuf.jsonl"
    before = path.read_text("utf-8")
    assert before.count('"publishable":"full"') > 1
    path.write_text(before.replace('"publishable":"full"', '"publishable":"none"', 1), "utf-8")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "was built from other files than stand here now (corpus)" in done.stderr
    assert f"v{NEW}" not in publishing.there.names
    path.write_text(before, "utf-8")
    assert CliRunner().invoke(app, words).exit_code == 0

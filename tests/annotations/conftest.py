"""The small project as the current folder of a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotations.small_project import SENTENCES, Project
from markup import annotated


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project without articles, as the current folder."""
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def project(empty: Project) -> Project:
    """Return a project with three articles, as the current folder."""
    empty.add_articles(*(annotated(id_, marked)[0] for id_, marked in SENTENCES.items()))
    return empty


@pytest.fixture
def import_file() -> Callable[..., list[str | Path]]:
    """Make the arguments of an import into batch b1 by annotator anne."""

    def arguments(format_: str, file: Path, *more: str) -> list[str | Path]:
        return ["import", "--format", format_, file, "--batch", "b1", "--annotator", "anne", *more]

    return arguments

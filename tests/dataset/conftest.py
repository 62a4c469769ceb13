"""The small project, written and built."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from dataset.project import Project, kill_after, pairs
from dataset.telling import tell
from faults.publishing import Publishing
from hub_double import serve_hub


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write(pairs())
    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose dataset is built; tests only read it."""
    made = Project(tmp_path_factory.mktemp("built"))
    made.write(pairs())
    made.build()
    return made


BUILD_FOREVER = """
import sys
from pathlib import Path
from balise.dataset.build import build_dataset
from balise.dataset.release import Inputs

*paths, out, other = map(Path, sys.argv[1:])
inputs = Inputs(*paths)
build_dataset(inputs, other, "0.1.0")
build_dataset(inputs, out, "0.1.0")
print("ready", flush=True)
while True:
    for version in ("2.0.0", "0.1.0"):
        build_dataset(inputs, out, version)
"""


@pytest.fixture(scope="session")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """Return what a process with another hash seed left when it was killed while building.

    The path is that of a dataset which it built before, undisturbed.
    """
    made = Project(tmp_path_factory.mktemp("killed"))
    made.write(pairs())
    other = made.root / "undisturbed"
    inputs = made.inputs
    paths = (
        *(inputs.gold, inputs.corpus, inputs.splits, inputs.labels),
        *(inputs.texts, inputs.annotations, made.out, other),
    )
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    kill_after(BUILD_FOREVER, paths, random.Random(0).uniform(0, 0.3), PYTHONHASHSEED=seed)
    return made, other


@pytest.fixture
def copy_of_built(built: Project, tmp_path: Path) -> Project:
    """Return a copy of the built project, to be damaged."""
    shutil.copytree(built.root, tmp_path / "copy")
    return Project(tmp_path / "copy")


@pytest.fixture
def older(project: Project, built: Project) -> Project:
    """Return a project in which an older dataset stands."""
    shutil.copytree(built.out, project.out)
    return project


@pytest.fixture
def change(project: Project) -> Callable[..., None]:
    """Return what writes the project again with other fields in one article."""

    def apply(id_: str, **fields: object) -> None:
        project.write(
            (msgspec.structs.replace(article, **fields) if article.id == id_ else article, record)
            for article, record in pairs()
        )

    return apply


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    """Build two versions of a dataset, with a Hub that knows neither."""
    with serve_hub() as hub:
        yield Publishing(tmp_path_factory.mktemp("versions"), hub)


@pytest.fixture
def publishing(versions: Publishing, monkeypatch: pytest.MonkeyPatch) -> Publishing:
    """Let this process's Hub be the double, on which the older version stands alone."""
    for name in ("HF_HUB_OFFLINE", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", versions.hub.url)
    monkeypatch.setenv("HF_TOKEN", versions.hub.token)
    monkeypatch.chdir(versions.root)
    versions.reset(older=True)
    return versions


@pytest.fixture
def telling(tmp_path: Path) -> Project:
    """Return a project that tells all there is to tell."""
    return tell(tmp_path)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return such a project with its version 1.1.0 built; tests only read it."""
    made = tell(tmp_path_factory.mktemp("told"))
    made.build(version="1.1.0")
    return made

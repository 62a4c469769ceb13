"""What is no French pipeline is not packaged, and the message says so."""

import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import spacy

from balise.errors import BaliseError
from balise.model.package import package
from scored_project import make_pipeline


def _write(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


@pytest.mark.parametrize(
    "harm",
    [
        _write("meta.json", "{}"),
        _write("meta.json", "nope"),
        lambda folder: (folder / "config.cfg").unlink(),
        _write("vocab/strings.json", ""),
    ],
    ids=["empty meta.json", "no JSON", "no config.cfg", "empty file"],
)
def test_a_broken_pipeline_is_told_in_one_message(
    harm: Callable[[Path], object], tmp_path: Path
) -> None:
    folder = make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    harm(folder)
    with pytest.raises(BaliseError, match=r"ruled: cannot be loaded as a spaCy pipeline"):
        package(folder, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_pipeline_of_another_language_is_refused_by_its_own_path(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler")
    nlp.to_disk(tmp_path / "english")
    with pytest.raises(BaliseError, match=r"english: is a pipeline for 'en'"):
        package(tmp_path / "english", tmp_path / "dist")


def test_a_disk_that_is_full_while_the_wheel_is_laid_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", "[Errno 27] File too large")])

    folder = make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    monkeypatch.setattr(import_module("spacy.cli.package"), "package", full)
    with pytest.raises(BaliseError, match=r"temporary folder.*File too large.*TMPDIR"):
        package(folder, tmp_path / "dist")

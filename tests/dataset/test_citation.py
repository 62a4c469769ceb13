"""CITATION.cff, with cffconvert's copy of the format's schema as the judge."""

import pytest
import yaml
from cffconvert import Citation
from jsonschema import ValidationError

from dataset.project import Project


def test_a_dated_version_is_a_valid_citation_that_says_what_is_known(told: Project) -> None:
    content = (told.out / "CITATION.cff").read_text(encoding="utf-8")
    Citation(content).validate()
    found = yaml.safe_load(content)
    assert found["cff-version"] == "1.2.0"
    assert found["type"] == "dataset"
    assert (found["version"], found["date-released"]) == ("1.1.0", "2026-02-03")
    assert found["license"] == "CC-BY-4.0"
    assert found["authors"] == [{"name": "balise contributors"}]


def test_a_version_without_a_day_has_none_whatever_the_clock_says(telling: Project) -> None:
    telling.build(version="1.0.0")
    content = (telling.out / "CITATION.cff").read_text(encoding="utf-8")
    Citation(content).validate()
    assert "date-released" not in yaml.safe_load(content)
    card = (telling.out / "README.md").read_text(encoding="utf-8")
    assert "  version = {1.0.0}," in card
    assert "year = " not in card


def test_the_judge_refuses_what_is_no_citation(told: Project) -> None:
    content = (told.out / "CITATION.cff").read_text(encoding="utf-8")
    with pytest.raises(ValidationError, match="3 février"):
        Citation(content.replace("2026-02-03", "3 février")).validate()

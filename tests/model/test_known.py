"""A pipeline is not scored on what it has seen, and a report tells what it has seen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from balise.jsonl import read_json, read_jsonl, write_json, write_jsonl
from balise.model.results import Evaluation
from balise.records import Article
from scored_project import lay_out, make_pipeline, run, split

MARKED = {
    "afp-1": "[Gao](LOCATION) dort.",
    "afp-2": "[Wagner](ARMED_GROUP) prend [Gao](LOCATION).",
    "afp-3": "[Kidal](LOCATION) veille.",
    "afp-4": "[Ménaka](LOCATION) attend.",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path, MARKED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(name: str, **described: Any) -> None:
    """Make a pipeline that says of its training what is given."""
    meta = make_pipeline(Path(name), {"Gao": "LOCATION"}) / "meta.json"
    write_json(meta, read_json(meta, dict[str, Any]) | {"balise": described})


@pytest.mark.parametrize(
    ("part", "use"),
    [
        ("test", "trained on 1 of the 2 articles of part 'test' (afp-1)"),
        ("test_real", "chosen on 1 of the 1 articles of part 'test_real' (afp-4)"),
        ("dev", "trained on 1 of the 1 articles of part 'dev' (afp-3)"),
        ("dev_real", None),
        ("train", None),
    ],
)
def test_a_pipeline_is_not_scored_on_what_it_was_trained_or_chosen_on(
    project: Path, part: str, use: str | None
) -> None:
    make("seen", parts=["train", "dev"], train_ids=["afp-1", "afp-3"], dev_ids=["afp-4"])
    make("blank")
    parts: Mapping[str, tuple[str, ...]] = {
        "test": ("afp-1", "afp-2"),
        "test_real": ("afp-4",),
        "dev": ("afp-3",),
        "dev_real": ("afp-4",),
        "train": ("afp-1",),
    }
    split(project, **{part: parts[part]})
    for call in (
        ("evaluate", "seen", "--no-baseline"),
        ("evaluate", "blank", "--baseline", "seen"),
        ("compare", "blank", "seen"),
    ):
        result = run(*call, "--split", part)
        assert (result.exit_code, use or "") == (0 if use is None else 1, use or ""), result.output
        if use is not None:
            assert f"balise: seen: was {use}" in result.stderr
            assert "train again on this split" in result.stderr


@pytest.mark.parametrize("earlier", ["", "earlier_"])
@pytest.mark.parametrize("key", ["train_ids", "train_sha256", "dev_ids", "dev_sha256"])
def test_an_article_is_known_by_id_or_text_and_from_pipelines_that_it_was_made_from(
    project: Path, key: str, earlier: str
) -> None:
    [article, *_] = read_jsonl(project / "corpus" / "afp.jsonl", Article)
    known = article.id if key.endswith("ids") else article.sha256
    make("seen", parts=["train", "dev"], **{f"{earlier}{key}": [known]})
    result = run("evaluate", "seen", "--no-baseline")
    use = "trained" if key.startswith("train") else "chosen"
    assert f"was {use} on 1 of the 4 articles of part 'test' (afp-1)" in result.stderr


def evaluated() -> Evaluation:
    result = run("evaluate", "model", "--no-baseline")
    assert result.exit_code == 0, result.output
    return read_json(Path("build/model/reports/model/report.json"), Evaluation)


def seen(report: Evaluation) -> dict[str, int]:
    """Count gold spans of test by whether training saw them."""
    [facet] = [each for each in report.facets if each.name == "mention"]
    return {each.row.label: each.row.counts.gold.spans for each in facet.slices}


def test_what_was_seen_is_what_the_pipeline_names_not_what_the_split_now_says(
    project: Path,
) -> None:
    split(project, train=("afp-3",), dev=("afp-1",), test=("afp-2",))
    make("model", parts=["train", "dev"])
    assert seen(evaluated()) == {"unseen": 2}
    make("model", parts=["train", "dev"], train_ids=["afp-1"], dev_ids=["afp-3"])
    assert seen(evaluated()) == {"seen with this label": 1, "unseen": 1}


def test_the_parts_that_it_names_are_known_and_texts_that_are_missing_counted(
    project: Path,
) -> None:
    split(project, train=("afp-4",), train_real=("afp-1", "afp-3"), test=("afp-2",))
    path = project / "corpus" / "afp.jsonl"
    articles = read_jsonl(path, Article)
    bare = [msgspec.structs.replace(a, text=None) if a.id == "afp-3" else a for a in articles]
    write_jsonl(path, bare)
    make("model", parts=["train_real", "dev_real"])
    report = evaluated()
    assert report.trained_on == ("train_real",)
    assert report.trained_without_text == 1

"""A pipeline goes to the Hub's double and comes back the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from balise.errors import UsageError
from balise.model.push import push
from hub_calls import Done, call
from hub_double import Hub, Repository, serve_hub
from scored_project import lay_out, make_pipeline, run

TEXT = "Goïta est à Gao, Wagner à Kidal."
PATTERNS = {"Goïta": "PERSON", "Gao": "LOCATION", "Wagner": "ARMED_GROUP"}
DOWNLOAD = """
import sys
from huggingface_hub import snapshot_download
print(snapshot_download("alice/fr_conflict_news", revision=sys.argv[1]))
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve_hub() as hub:
        yield hub


def pushed(hub: Hub, home: Path, *options: str, token: bool = True) -> Done:
    words = ("-m", "balise", "model", "push", home / "ruled", "alice/fr_conflict_news", *options)
    return call(hub, home, *words, token=token)


def test_what_is_downloaded_reads_as_what_was_pushed(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"afp-1": "[Goïta](PERSON) à [Gao](LOCATION)."})
    make_pipeline(tmp_path / "ruled", PATTERNS)
    monkeypatch.chdir(tmp_path)
    assert run("evaluate", "ruled", "--no-baseline").exit_code == 0
    report = "build/model/reports/ruled/report.json"
    done = pushed(hub, tmp_path, "--tag", "v0.1.0", "--report", report, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    repository = hub.repositories["model", "alice/fr_conflict_news"]
    files = repository.commits[said["commit"]]
    assert said["files"] == len(files)
    assert repository.names == {"main": said["commit"], "v0.1.0": said["commit"]}
    assert "fr_conflict_news-0.1.0-py3-none-any.whl" in files
    card = files["README.md"].decode()
    assert "| ruled | 1.000 |" in card
    assert "license: unknown" in card
    assert "resolve/main/fr_conflict_news-0.1.0-py3-none-any.whl" in card
    assert hub.token not in card

    down = call(hub, tmp_path, "-c", DOWNLOAD, "v0.1.0", token=False)
    assert down.returncode == 0, down.stderr
    there, here = (spacy.load(each) for each in (down.stdout.strip(), tmp_path / "ruled"))
    found = [(e.start_char, e.end_char, e.label_) for e in there(TEXT).ents]
    assert found == [(e.start_char, e.end_char, e.label_) for e in here(TEXT).ents]
    assert len(found) == 3

    commits = len(repository.commits)
    again = pushed(hub, tmp_path, "--tag", "v0.1.0", "--report", report)
    assert again.returncode == 0, again.stderr
    assert len(repository.commits) == commits


def test_a_tag_of_another_commit_is_no_success_and_the_message_says_what_is_published(
    hub: Hub, tmp_path: Path
) -> None:
    make_pipeline(tmp_path / "ruled", PATTERNS)
    assert pushed(hub, tmp_path, "--tag", "v1").returncode == 0
    repository = hub.repositories["model", "alice/fr_conflict_news"]
    first = repository.names["v1"]
    make_pipeline(tmp_path / "ruled", {"Gao": "LOCATION"})
    done = pushed(hub, tmp_path, "--tag", "v1")
    assert done.returncode == 1
    now = repository.names["main"]
    assert now != first == repository.names["v1"]
    said = f"commit {now[:12]} is published, but tag v1 stands on {first[:12]}; push again with"
    assert said in done.stderr
    hub.refuse["/tag/"] = 403
    done = pushed(hub, tmp_path, "--tag", "v2")
    assert done.returncode == 1
    assert f"commit {now[:12]} is published, but not tagged v2 (" in done.stderr
    assert "half published" not in done.stderr


def test_files_of_a_former_component_go_when_a_pipeline_of_another_shape_is_pushed(
    hub: Hub, tmp_path: Path
) -> None:
    name = "alice/fr_conflict_news"
    hub.repositories["model", name] = repository = Repository("model", name, private=False)
    repository.commit({".gitattributes": b"*.whl", "ner_2/model": b"", "a.whl": b""}, "before")
    make_pipeline(tmp_path / "ruled", PATTERNS)
    done = pushed(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    there = repository.commits[repository.names["main"]]
    assert there.keys() >= {".gitattributes", "entity_ruler/patterns.jsonl", "README.md"}
    assert not {"ner_2/model", "a.whl"} & there.keys()


def test_without_a_token_nothing_is_made_and_the_message_says_what_to_do(
    hub: Hub, tmp_path: Path
) -> None:
    make_pipeline(tmp_path / "ruled", PATTERNS)
    done = pushed(hub, tmp_path, token=False)
    assert done.returncode == 1
    assert done.stderr.count("balise:") == 1
    assert "HF_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
    assert hub.repositories == {}


@pytest.mark.parametrize("repo", ["conflict_news", "a/b/c", "/b", "a/"])
def test_a_name_that_is_none_is_a_wrong_call(tmp_path: Path, repo: str) -> None:
    with pytest.raises(UsageError, match="is no repository"):
        push(tmp_path, repo)

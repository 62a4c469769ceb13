"""A dataset goes to the Hub's double: first what would change, then one commit and its tag."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balise.cli.dataset import app
from balise.dataset.manifest import MANIFEST
from balise.withdrawn import Withdrawal, write_withdrawn
from dataset.project import Project, pairs, snapshot
from faults.publishing import ATTRIBUTES, NEW, OLD, REPO, Publishing
from hub_calls import call
from hub_double import Fault, Repository


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def pushed(publishing: Publishing, *options: object) -> Result:
    return run("push", REPO, f"--folder={publishing.new}", f"--gold={publishing.gold}", *options)


def writes(publishing: Publishing) -> list[str]:
    return [each for each in publishing.hub.requests if each.split()[0] not in ("GET", "HEAD")]


def test_without_yes_nothing_is_sent_and_all_that_would_change_is_said(
    publishing: Publishing,
) -> None:
    done = pushed(publishing, "--json")
    assert done.exit_code == 0, done.output
    assert writes(publishing) == []
    said = json.loads(done.output)
    assert (said["dry"], said["there"], said["commit"], said["tag"]) == (True, True, None, "v0.2.0")
    rows = {(each["config"], each["split"]): each for each in said["diff"]["rows"]}
    assert rows["spans", "train"] == {
        "config": "spans",
        "split": "train",
        "added": ["neuf-f"],
        "changed": ["neuf-b", "neuf-c"],
        "removed": [],
        "moved": {"neuf-c": "validation"},
        "rows": {"old": 2, "new": 4},
    }
    assert rows["spans", "validation"]["rows"] == {"old": 1, "new": 0}
    assert rows["spans", "validation"]["removed"] == []
    assert said["diff"]["labels"]["standoff"]["LOCATION"] == {"old": 2, "new": 4}
    assert said["diff"]["labels"]["spans"]["CASUALTIES"] == {"old": 1, "new": 0}
    assert said["diff"]["licences"] == {
        "CC-BY-4.0": {"old": 3, "new": 4},
        "unknown": {"old": 1, "new": 1},
    }
    assert said["diff"]["articles"] == {"old": 4, "new": 5}
    assert said["diff"]["spans"] == {"old": 7, "new": 8}
    configs = ("annotators", "bio", "spans", "standoff")
    gone = [f"{config}/validation-00000-of-00001.parquet" for config in configs]
    assert said["diff"]["files"]["removed"] == gone
    assert MANIFEST in said["diff"]["files"]["changed"]
    for_people = pushed(publishing).output
    assert f"{REPO} (0.1.0) → {publishing.new} (0.2.0)" in for_people
    assert f"- {gone[0]}\n" in for_people
    assert "nothing was sent; with --yes it becomes v0.2.0" in for_people


def test_a_push_is_one_commit_and_one_tag_and_a_second_one_changes_nothing(
    publishing: Publishing,
) -> None:
    done = pushed(publishing, "--yes", "--json")
    assert done.exit_code == 0, done.output
    publishing.check(older=True)
    said = json.loads(done.output)
    there = publishing.there
    assert (said["made"], said["commit"]) == (True, there.names["main"])
    assert said["files"] == len(there.commits[said["commit"]]) - len(ATTRIBUTES)
    publishing.hub.requests.clear()
    again = pushed(publishing, "--yes", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.output)["made"] is False
    assert writes(publishing) == []


def test_a_new_repository_is_private_and_gated_before_anything_is_sent(
    publishing: Publishing,
) -> None:
    publishing.reset(older=False)
    open_when_sent = []

    def rule(request: str) -> Fault | None:
        if "/large/" in request or "/commit/" in request:
            there = publishing.there
            open_when_sent.append((there.private, there.gated))
        return None

    publishing.hub.rule = rule
    done = pushed(publishing, "--yes", "--private", "--gated")
    assert done.exit_code == 0, done.output
    assert "private and gated, commit" in done.output
    publishing.check(older=False)
    assert set(open_when_sent) == {(True, "manual")}


def test_what_is_closed_on_the_hub_stays_closed(publishing: Publishing) -> None:
    publishing.there.private, publishing.there.gated = True, "auto"
    assert pushed(publishing, "--yes", "--gated").exit_code == 0
    assert (publishing.there.private, publishing.there.gated) == (True, "auto")


def test_a_repository_that_is_not_closed_after_all_gets_nothing(publishing: Publishing) -> None:
    publishing.hub.rule = lambda request: Fault(status=200) if "/settings" in request else None
    done = pushed(publishing, "--yes", "--gated")
    assert done.exit_code == 1
    assert "is not open as asked after all; nothing was sent" in done.stderr
    assert publishing.there.names.keys() == {"main", f"v{OLD}"}


def test_a_folder_that_is_not_what_was_built_is_refused(
    publishing: Publishing, tmp_path: Path
) -> None:
    folder = tmp_path / "dirty"
    shutil.copytree(publishing.new, folder)
    (folder / "notes.txt").write_text("à revoir", encoding="utf-8")
    (folder / "LICENSE").write_text("", encoding="utf-8")
    done = run("push", REPO, f"--folder={folder}", f"--gold={publishing.gold}")
    assert done.exit_code == 1
    assert done.stderr == (
        f"balise: {folder}: is not what was built: LICENSE is not the file that the manifest "
        "names (another sha256); notes.txt is not in the manifest; build the dataset again\n"
    )
    assert publishing.hub.requests == []


def test_hidden_files_are_not_sent(publishing: Publishing, tmp_path: Path) -> None:
    folder = tmp_path / "hidden"
    shutil.copytree(publishing.new, folder)
    (folder / ".env").write_text("SECRET", encoding="utf-8")
    (folder / "spans" / ".swp").write_text("", encoding="utf-8")
    done = run("push", REPO, f"--folder={folder}", f"--gold={publishing.gold}", "--yes")
    assert done.exit_code == 0, done.output
    publishing.check(older=True)


def test_a_link_that_leads_nowhere_is_a_missing_file(
    publishing: Publishing, tmp_path: Path
) -> None:
    folder = tmp_path / "linked"
    shutil.copytree(publishing.new, folder)
    (folder / "LICENSE").unlink()
    (folder / "LICENSE").symlink_to("nowhere")
    done = run("push", REPO, f"--folder={folder}", f"--gold={publishing.gold}")
    assert (done.exit_code, "LICENSE is missing" in done.stderr) == (1, True)


def test_a_version_that_is_published_with_another_content_is_refused(
    publishing: Publishing,
) -> None:
    there = publishing.there
    there.names[f"v{NEW}"] = there.names["main"]
    shown = pushed(publishing)
    assert shown.exit_code == 1
    said = f"{REPO}: tag v0.2.0 stands on commit {there.names['main'][:12]}, which is not this"
    assert f"would be refused: {said}" in shown.output
    assert "neuf" not in shown.stderr
    done = pushed(publishing, "--yes")
    assert done.exit_code == 1
    assert f"balise: {said} dataset; build it with another --version\n" == done.stderr
    assert writes(publishing) == []


def test_a_smaller_gold_or_an_older_version_is_refused_unless_it_is_meant(
    publishing: Publishing,
) -> None:
    there = publishing.there
    assert pushed(publishing, "--yes").exit_code == 0
    back = ("push", REPO, f"--folder={publishing.old}", "--gold=nowhere", "--yes")
    del there.names[f"v{OLD}"]
    commits = len(there.commits)
    refused = run(*back)
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"balise: {REPO}: holds version {NEW}, and {OLD} is older; build it with a later "
        "--version, or push with --force if that is meant\n"
        f"balise: {REPO}: would hold 4 gold articles instead of 5 and 7 gold spans instead of 8; "
        "if that is meant, push with --force\n"
    )
    assert len(there.commits) == commits
    assert run(*back, "--force").exit_code == 0
    assert there.names["main"] == there.names[f"v{OLD}"] != there.names[f"v{NEW}"]


def test_a_gold_that_is_smaller_by_what_was_withdrawn_is_published(
    publishing: Publishing, tmp_path: Path
) -> None:
    project = Project(tmp_path)
    project.write(pairs())
    withdrawn = (Withdrawal("neuf-b", "2024-01-01", "demandé"),)
    write_withdrawn(project.corpus, withdrawn)
    project.build(version="0.1.1")
    words = ("push", REPO, f"--folder={project.out}", *project.options, "--yes")
    done = run(*words)
    assert done.exit_code == 0, done.output
    there = publishing.there
    assert there.commits[there.names["v0.1.1"]] == snapshot(project.out) | ATTRIBUTES


def test_a_repository_with_other_peoples_files_is_left_alone(publishing: Publishing) -> None:
    files = {**ATTRIBUTES, "README.md": b"# notes", "data/train.parquet": b"PAR1 of somebody"}
    publishing.there.commit(files, "theirs")
    done = pushed(publishing, "--yes", "--force")
    assert done.exit_code == 1
    assert "holds no dataset of balise but other files: data/train.parquet; choose" in done.stderr
    assert writes(publishing) == []


def test_a_dataset_of_another_gold_than_the_one_here_is_refused(publishing: Publishing) -> None:
    done = run(
        "push", REPO, f"--folder={publishing.old}", f"--gold={publishing.gold}", "--yes", "--force"
    )
    assert done.exit_code == 1
    assert "was built from gold " in done.stderr
    assert writes(publishing) == []


def test_an_article_that_was_withdrawn_since_the_build_is_not_published(
    publishing: Publishing, tmp_path: Path
) -> None:
    lines = "article\tday\treason\nhttps://example.org/d\t2024-01-01\tasked for\n"
    (tmp_path / "withdrawn.tsv").write_text(lines, encoding="utf-8")
    done = pushed(publishing, f"--corpus={tmp_path}", "--yes", "--force")
    assert done.exit_code == 1
    assert "holds 1 withdrawn articles: neuf-d; build the dataset again\n" in done.stderr
    assert writes(publishing) == []


def test_several_reasons_are_said_together(publishing: Publishing) -> None:
    publishing.there.names[f"v{NEW}"] = publishing.there.names["main"]
    publishing.there.commit({**ATTRIBUTES, "a.txt": b"a", "b.txt": b"b"}, "theirs")
    done = pushed(publishing, "--yes")
    assert done.exit_code == 1
    assert [line.startswith("balise: ") for line in done.stderr.splitlines()] == [True, True]


@pytest.mark.parametrize("repo", ["corpus", "a/b/c", "/b", "a/"])
def test_a_name_that_is_none_is_a_wrong_call(publishing: Publishing, repo: str) -> None:
    done = run("push", repo, f"--folder={publishing.new}")
    assert (done.exit_code, "is no repository; write it as OWNER/NAME" in done.stderr) == (2, True)


def test_nothing_says_the_token_not_even_where_the_hub_sends_it_back(
    publishing: Publishing,
) -> None:
    hub, root = publishing.hub, publishing.root
    echo = Fault(status=403, message=f"{hub.token} may not write")
    words = ("-m", "balise", "dataset", *publishing.words())
    said = []
    for rule in (lambda request: echo if "/commit/" in request else None, lambda _: None):
        hub.rule = rule
        done = call(hub, root, *words, HF_DEBUG="1", HF_HUB_VERBOSITY="debug")
        said.append(done.stdout + done.stderr)
    assert "may not write" in said[0]
    assert "Request" in said[1], "the client's log shows its requests"
    for text in said:
        assert hub.token not in text
    publishing.check(older=True)
    kept = [path for path in (root / "hf").rglob("*") if path.is_file()]
    assert all(hub.token.encode() not in path.read_bytes() for path in kept)


def test_without_a_token_nothing_is_made_and_the_message_says_what_to_do(
    publishing: Publishing,
) -> None:
    publishing.reset(older=False)
    words = ("-m", "balise", "dataset", *publishing.words())
    done = call(publishing.hub, publishing.root, *words, token=False)
    assert done.returncode == 1
    assert "HF_TOKEN" in done.stderr
    assert done.stderr.count("balise: ") == 1
    assert "Traceback" not in done.stderr
    assert publishing.hub.repositories == {}


def test_another_push_that_came_in_between_is_not_overwritten(publishing: Publishing) -> None:
    there = publishing.there

    def meddle(request: str) -> Fault | None:
        if "/commit/" in request:
            there.commit({**there.commits[there.names["main"]], "README.md": b"theirs"}, "theirs")
        return None

    publishing.hub.rule = meddle
    done = pushed(publishing, "--yes")
    assert done.exit_code == 1
    assert "somebody else made or changed it meanwhile: run this again" in done.stderr
    assert len([each for each in publishing.hub.requests if "/commit/" in each]) == 1
    assert there.commits[there.names["main"]]["README.md"] == b"theirs"
    publishing.hub.rule = lambda _: None
    assert pushed(publishing, "--yes").exit_code == 0
    assert there.names["main"] == there.names[f"v{NEW}"]


def test_what_is_not_what_was_sent_is_found(publishing: Publishing) -> None:
    there = publishing.there

    def spoil(request: str) -> Fault | None:
        if "/tree/" in request and there.messages[-1] == f"Version {NEW}":
            sha = there.names["main"]
            there.commits[sha] = {**there.commits[sha], "labels.json": b"{}"}
        return None

    publishing.hub.rule = spoil
    done = pushed(publishing, "--yes")
    assert done.exit_code == 1
    assert "holds something else than what was sent: labels.json; push again" in done.stderr
    assert f"v{NEW}" not in there.names


def test_another_kind_of_repository_of_the_name_is_no_dataset(publishing: Publishing) -> None:
    publishing.reset(older=False)
    model = Repository("model", REPO, private=False)
    publishing.hub.repositories["model", REPO] = model
    assert pushed(publishing, "--yes").exit_code == 0
    assert model.names.keys() == {"main"}
    publishing.check(older=False)

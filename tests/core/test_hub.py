"""A repository of the Hub, as models and datasets use it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from balise.errors import BaliseError, UsageError
from balise.hub import Repository, require_repository
from balise.hub_client import _SETTINGS
from hub_double import Fault, Hub, serve_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serve_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_TOKEN", hub.token)
        yield hub


def made(kind: str = "dataset", patience: float = 300.0) -> Repository:
    repository = Repository("alice/x", kind, patience)  # type: ignore[arg-type]
    repository.api.create_repo("alice/x", repo_type=kind, exist_ok=True)
    return repository


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_a_folder_becomes_what_is_there_and_the_rest_goes(
    kind: str, hub: Hub, tmp_path: Path
) -> None:
    for name in ("a.txt", "sub/b.bin", "sub/c.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    repository = made(kind)
    first, number = repository.publish(tmp_path, "first")
    assert number == 3
    (tmp_path / "sub" / "c.json").unlink()
    second, number = repository.publish(tmp_path, "second", first)
    assert number == 2
    there = hub.repositories[kind, "alice/x"]
    assert there.commits[second] == {"a.txt": b"a.txt", "sub/b.bin": b"sub/b.bin"}
    assert there.messages == ["initial commit", "first", "second"]
    assert repository.publish(tmp_path, "third") == (second, 2)
    repository.tag("v1", second, "-")
    repository.tag("v1", second, "-")
    assert repository.tags() == {"v1": second}
    with pytest.raises(BaliseError, match=f"tag v1 stands on {second[:12]}; say otherwise"):
        repository.tag("v1", first, "say otherwise")


def test_nothing_is_put_on_another_commit_than_the_one_that_is_named(
    hub: Hub, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    repository = made()
    first, _ = repository.publish(tmp_path, "first")
    (tmp_path / "a").write_text("b", encoding="utf-8")
    repository.publish(tmp_path, "second")
    (tmp_path / "a").write_text("c", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"412 Precondition Failed.*compares with what is there"):
        repository.publish(tmp_path, "third", first)
    assert hub.repositories["dataset", "alice/x"].messages[-1] == "second"


def test_a_hub_that_is_silent_is_given_up(hub: Hub) -> None:
    repository = made(patience=0.2)
    hub.rule = lambda _: Fault(act=lambda: time.sleep(1))
    start = time.monotonic()
    with (
        pytest.raises(BaliseError, match=r"alice/x: is silent \(.*timed out.*\); wait"),
        repository.asking("is silent", "wait"),
    ):
        repository.tags()
    assert time.monotonic() - start < 1
    made()


def test_a_hub_that_is_not_there_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    repository = Repository("alice/x", "model")
    with pytest.raises(BaliseError, match="refused"), repository.asking("cannot be asked", "wait"):
        repository.tags()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
        ("https_proxy", "gopher://127.0.0.1:9"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
        ("HF_ENDPOINT", "http://[x"),
    ],
)
def test_what_the_client_cannot_start_with_is_named(
    tmp_path: Path, variable: str, value: str
) -> None:
    clean = {name: each for name, each in os.environ.items() if name.upper() not in _SETTINGS}
    # The client reads its environment once a process.
    call = ("dataset", "pull", "alice/x", "--out", tmp_path / "out")
    done = subprocess.run(
        [sys.executable, "-m", "balise", *call],
        env=clean | {variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("balise: alice/x: the Hub's client cannot start (")
    assert done.stderr.endswith(
        f"correct or unset what the environment gives it: {variable.upper()}\n"
    )


@pytest.mark.parametrize("name", ["x", "a/b/c", "/b", "a/", ""])
def test_a_name_without_an_owner_is_a_wrong_call(name: str) -> None:
    with pytest.raises(UsageError, match="write it as OWNER/NAME"):
        require_repository(name)


def test_a_token_that_cannot_be_a_header_is_not_said_either(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_abcdefg\x0cSECRET")
    repository = Repository("alice/x", "dataset")
    with pytest.raises(BaliseError) as caught, repository.asking("it fails", "write it anew"):
        repository.api.dataset_info("alice/x")
    assert "hf_abc" not in str(caught.value)
    assert "SECRET" not in str(caught.value)

"""The folder is the old one or the new one, whatever happens."""

import errno
import os
import random
from pathlib import Path

import pytest

from balise.dataset.folder import refuse_foreign
from balise.errors import BaliseError, UsageError
from balise.files import write_files
from balise.folders import fill_folder
from dataset.project import Project, kill_after, snapshot

SWAP_FOREVER = """
import sys
from pathlib import Path
from balise.files import write_files
from balise.folders import fill_folder

def fill(letter):
    names = [f"{letter}/{number}.txt" for number in range(20)]
    with fill_folder(Path(sys.argv[1])) as new:
        write_files({new / name: name for name in names})

fill("a")
print("ready", flush=True)
while True:
    fill("b")
    fill("a")
"""


def files(letter: str, count: int) -> dict[str, bytes]:
    names = [f"{letter}/{number}.txt" for number in range(count)]
    return {name: name.encode() for name in names}


def fill(folder: Path, contents: dict[str, bytes]) -> None:
    with fill_folder(folder) as new:
        write_files({new / name: content for name, content in contents.items()})


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_during_the_swap_leaves_the_old_or_the_new_folder_whole(
    seed: int, tmp_path: Path
) -> None:
    out = tmp_path / "dataset"
    kill_after(SWAP_FOREVER, [out], random.Random(seed).uniform(0, 0.1))
    assert snapshot(out) in (files("a", 20), files("b", 20))
    fill(out, files("c", 2))
    assert snapshot(out) == files("c", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_a_kill_during_a_build_leaves_a_dataset_that_passes_its_check(
    killed: tuple[Project, Path],
) -> None:
    project, _ = killed
    assert project.check().problems == ()
    project.build()
    assert [path.name for path in project.out.parent.iterdir()] == ["dataset"]


def test_a_folder_left_aside_between_two_renames_comes_back_when_the_next_write_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dataset"
    fill(out, files("a", 2))
    out.rename(tmp_path / ".dataset.old")
    full_disk(monkeypatch)
    with pytest.raises(BaliseError, match="No space left"):
        fill(out, files("b", 2))
    assert snapshot(out) == files("a", 2)


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)


def test_a_full_disk_leaves_the_old_dataset_and_nothing_beside_it(
    older: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(older.root)
    full_disk(monkeypatch)
    with pytest.raises(BaliseError, match=r"build/dataset: cannot be written \(.*No space left"):
        older.build(version="0.2.0")
    assert snapshot(older.root) == before


def test_a_folder_that_is_no_dataset_is_never_replaced(project: Project) -> None:
    before = snapshot(project.root)
    with pytest.raises(UsageError, match="holds something else than a dataset"):
        project.build(project.corpus)
    assert snapshot(project.root) == before


def test_a_file_that_someone_put_into_the_dataset_is_never_deleted(older: Project) -> None:
    (older.out / ".git").mkdir()
    (older.out / ".git" / "HEAD").write_text("ref: refs/heads/main", encoding="utf-8")
    before = snapshot(older.root)
    with pytest.raises(UsageError, match=r"\.git/HEAD: was not written by"):
        older.build()
    assert snapshot(older.root) == before


def test_a_file_or_a_link_in_the_datasets_place_is_a_wrong_call(project: Project) -> None:
    link = project.root / "link"
    link.symlink_to(project.corpus)
    for out in (project.gold, link):
        with pytest.raises(UsageError, match="not a folder"):
            project.build(out)


def test_a_path_without_a_name_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="no name"):
        refuse_foreign(Path())

"""A folder is replaced whole, by an exchange of names or by two renames."""

from pathlib import Path

import pytest

from balise import folders
from balise.errors import BaliseError, UsageError
from balise.folders import fill_folder, recover_folder, swap_folder


@pytest.fixture(params=["exchange", "renames"], autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "renames":
        monkeypatch.setattr(folders, "_exchange", lambda one, other: False)


def make(folder: Path, name: str) -> Path:
    folder.mkdir()
    (folder / name).touch()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    old, new = make(tmp_path / "old", "a"), make(tmp_path / "new", "b")
    swap_folder(new, old)
    assert names(tmp_path) == ["old", "old/b"]


def test_a_folder_takes_a_place_that_was_free(tmp_path: Path) -> None:
    swap_folder(make(tmp_path / "new", "b"), tmp_path / "old")
    assert names(tmp_path) == ["old", "old/b"]


def test_what_a_kill_between_two_renames_left_is_put_back(tmp_path: Path) -> None:
    make(tmp_path / ".old.old", "a")
    recover_folder(tmp_path / "old")
    assert names(tmp_path) == ["old", "old/a"]


def test_what_a_kill_after_both_renames_left_is_removed(tmp_path: Path) -> None:
    make(tmp_path / ".old.old", "a")
    make(tmp_path / "old", "b")
    recover_folder(tmp_path / "old")
    assert names(tmp_path) == ["old", "old/b"]


def test_two_cannot_fill_one_folder_at_a_time(tmp_path: Path) -> None:
    with fill_folder(tmp_path / "m") as first:
        (first / "a").touch()
        with (
            pytest.raises(BaliseError, match=r"/m: another balise is writing here; wait .*--out"),
            fill_folder(tmp_path / "m"),
        ):
            pass
        with fill_folder(tmp_path / "n") as other:
            (other / "b").touch()
    assert names(tmp_path) == ["m", "m/a", "n", "n/b"]
    with fill_folder(tmp_path / "m") as again:
        (again / "c").touch()
    assert names(tmp_path) == ["m", "m/c", "n", "n/b"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(BaliseError, match=r"file/m: cannot be written \(.*Not a directory"),
        fill_folder(tmp_path / "file" / "m"),
    ):
        pass


@pytest.mark.parametrize("path", [".", "..", "/"])
def test_a_folder_without_a_name_is_a_wrong_call(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(UsageError, match="is no name for a folder"), fill_folder(Path(path)):
        pass
    assert names(tmp_path) == ["empty"]

"""A temporary folder is removed, and what cannot be written there is told in one message."""

import errno
import shutil
import tempfile
from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.files import write_file
from balise.scratch import scratch_folder


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (shutil.Error([("a", "b", "[Errno 27] File too large: 'b'")]), "File too large: 'b'"),
        (shutil.SameFileError("a and b are the same file"), "are the same file"),
    ],
)
def test_a_full_temporary_folder_is_named_with_the_remedy(error: OSError, reason: str) -> None:
    def fill() -> None:
        with scratch_folder() as folder:
            made.append(folder)
            raise error

    made: list[Path] = []
    with pytest.raises(BaliseError, match=reason) as told:
        fill()
    assert told.value.place == str(made[0].parent)
    assert "TMPDIR" in told.value.remedy
    assert not made[0].exists()


def test_errors_of_ours_are_told_so_where_they_are_of_writing_there(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match="TMPDIR"), scratch_folder() as folder:
        # A folder stands where the file should.
        write_file(folder, b"")
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(BaliseError, match=r"a/b: cannot be written"), scratch_folder():
        write_file(tmp_path / "a" / "b", b"")


def test_where_no_temporary_folder_can_be_made_the_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(BaliseError, match=r"TMPDIR: .*No such file"), scratch_folder():
        pass

import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.files import clear_rests, read_bytes, read_text, write_file, write_files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_are_written_together_with_their_folders(tmp_path: Path) -> None:
    write_files({tmp_path / "new" / "a": "é", tmp_path / "b": b"\xff"})
    assert (tmp_path / "new" / "a").read_bytes() == b"\xc3\xa9"
    assert (tmp_path / "b").read_bytes() == b"\xff"


def test_a_file_is_readable_by_all_unless_a_mode_is_given(tmp_path: Path) -> None:
    write_file(tmp_path / "open", "")
    write_file(tmp_path / "secret", "", mode=0o600)
    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_one_impossible_target_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BaliseError, match="folder: cannot be written"):
        write_files({tmp_path / "a": "new", tmp_path / "folder": "new"})
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a", "folder"]


def test_a_text_that_is_no_utf8_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_files({tmp_path / "a": "new", tmp_path / "b": "\ud83d"})
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def run_python(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        # A file may grow to 64 KiB: what is beyond fails as it would on a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)),
    )


def test_a_full_disk_is_one_message_and_leaves_the_old_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old a")
    (tmp_path / "b").write_text("old b")
    process = run_python(
        """
        import sys
        from pathlib import Path
        from balise.errors import BaliseError
        from balise.files import write_files
        folder = Path(sys.argv[1])
        try:
            write_files({folder / "a": "new a", folder / "b": b"x" * 200_000})
        except BaliseError as error:
            print(error)
        """,
        tmp_path,
    )
    message, _ = process.communicate(timeout=60)
    assert f"{tmp_path / 'b'}: cannot be written (File too large)" in message
    assert (tmp_path / "a").read_text() == "old a"
    assert (tmp_path / "b").read_text() == "old b"
    assert names(tmp_path) == ["a", "b"]


def test_killed_at_any_moment_a_writer_leaves_one_whole_content(tmp_path: Path) -> None:
    target = tmp_path / "a"
    for kill in range(5):
        process = run_python(
            """
            import sys
            from pathlib import Path
            from balise.files import write_file
            target = Path(sys.argv[1]) / "a"
            write_file(target, "0" * 50_000)
            print("writing", flush=True)
            while True:
                for digit in "0123456789":
                    write_file(target, digit * 50_000)
            """,
            tmp_path,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        for _ in range(20 + 7 * kill):
            os.sched_yield()
            content = target.read_text()
            assert (len(content), len(set(content))) == (50_000, 1)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        content = target.read_text()
        assert (len(content), len(set(content))) == (50_000, 1)


def test_what_a_killed_writer_left_aside_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    code = """
        import os, signal, sys
        from pathlib import Path
        from balise.files import write_file
        os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        write_file(Path(sys.argv[1], "a[1].jsonl"), "x")
    """
    assert run_python(code, tmp_path).wait() == -signal.SIGKILL
    [rest] = names(tmp_path)
    others = [".a1.jsonl.x", ".a[1].json", "a[1].jsonl"]
    for name in others:
        (tmp_path / name).touch()
    clear_rests([tmp_path / "a[1].jsonl", tmp_path / "b"])
    assert rest not in names(tmp_path)
    assert names(tmp_path) == others


def test_a_text_is_read_as_it_is_without_its_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfun\r\ndeux\xe2\x80\xa8trois\n")
    assert read_text(tmp_path / "a") == "un\r\ndeux\u2028trois\n"


def test_another_encoding_is_named_by_line_byte_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("un\ndeux\nl’été".encode("cp1252"))
    with pytest.raises(BaliseError) as caught:
        read_text(path)
    assert str(caught.value).startswith(f"{path}:3: byte 0x92 at offset 9 is not UTF-8;")
    assert "iconv" in str(caught.value)


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match="absent: cannot be read"):
        read_bytes(tmp_path / "absent")


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a").write_text("old")
    (tmp_path / "a").symlink_to("far/a")
    write_file(tmp_path / "a", "new")
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "far" / "a").read_text() == "new"
    assert names(tmp_path / "far") == ["a"]

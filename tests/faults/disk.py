"""A disk that is full: a file system of its own where it may be mounted."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a small file system in memory on a new folder; False where that is not allowed."""
    folder.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "balise", folder]
    if subprocess.run(call, capture_output=True, check=False).returncode:
        yield False
        return
    try:
        yield True
    finally:
        # Lazily: a server whose home it was may have a file open yet.
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> None:
    """Fill a disk to its last page by a file `filler`."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def free(folder: Path) -> None:
    """Remove what `fill` wrote."""
    (folder / "filler").unlink()

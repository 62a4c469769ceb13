"""A full disk, under the annotations, the passwords and the server's own data."""

from pathlib import Path

import pytest

from faults.bench import Bench, bench_in
from faults.disk import fill, free, small_disk
from faults.drives import PullDrive, PushDrive
from faults.proxy import Fault
from faults.rules import once
from faults.trial import Record, try_fault

LARGE = 300


@pytest.mark.parametrize("limit", [0, 1, 50])
def test_no_file_can_be_written_by_a_push_or_a_pull(
    limit: int, bench: Bench, tmp_path: Path, record: Record
) -> None:
    pushes, pulls = tmp_path / "push", tmp_path / "pull"
    pushes.mkdir()
    pulls.mkdir()
    for drive in (PushDrive(bench, pushes, 24), PullDrive(bench, pulls)):
        tried, first = try_fault(
            bench, drive, "file-size limit, local", "local write", FILE_LIMIT=str(limit)
        )
        assert "cannot be written (File too large); free some space" in first.err
        record(tried)


def test_the_disk_of_the_annotations_is_full(bench: Bench, tmp_path: Path, record: Record) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 2) as mounted:
        drive = PullDrive(bench, disk)
        for _ in range(3):
            tried, first = try_fault(
                bench,
                drive,
                "disk full, local" if mounted else "file-size limit, local",
                "local write",
                before=lambda: fill(disk),
                after=lambda: free(disk),
                **({} if mounted else {"FILE_LIMIT": "0"}),
            )
            assert "free some space" in first.err
            record(tried)


@pytest.mark.parametrize("phase", ["opening", "upload", "import", "read-back", "admission"])
def test_the_disk_of_the_server_is_full(phase: str, tmp_path: Path, record: Record) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 64) as mounted, bench_in(disk) as bench:
        (tmp_path / "push").mkdir()
        drive = PushDrive(bench, tmp_path / "push", LARGE)

        def take_space() -> None:
            if mounted:
                fill(disk)
            else:
                bench.limit_files(0)

        def give_space() -> None:
            if mounted:
                free(disk)
            else:
                bench.limit_files(-1)

        for nth in (0, 1):
            tried, _ = try_fault(
                bench,
                drive,
                "disk full, server" if mounted else "file-size limit, server",
                phase,
                rule=once("push", phase, nth, Fault("after", take_space)),
                after=give_space,
                BALISE_DOCCANO_TIMEOUT="20",
            )
            record(tried)

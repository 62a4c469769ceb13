"""Two runs at once, and batches of more rows than Doccano imports at a time."""

import os
import random
from pathlib import Path
from typing import get_args

import pytest

from faults.bench import Bench, Victim
from faults.drives import AdjudicateDrive, Drive, PullDrive, PushDrive
from faults.points import Command, Point
from faults.rivals import try_rivals
from faults.trial import Record, run_clean, try_point

SEED = int(os.environ.get("BALISE_SOAK_SEED", "0"))
PAIRS = 5
ROWS = 1100


@pytest.mark.parametrize("machines", [1, 2])
@pytest.mark.parametrize("command", get_args(Command))
def test_two_at_once_leave_what_one_would(
    machines: int, command: Command, bench: Bench, tmp_path: Path, record: Record
) -> None:
    chance = random.Random(f"{SEED} {command} {machines}")
    drive: Drive
    if command == "pull":
        drive = PullDrive(bench, tmp_path)
    else:
        kinds = {"push": PushDrive, "adjudicate": AdjudicateDrive}
        drive = kinds[command](bench, tmp_path, 24)
    for number in range(PAIRS):
        seconds = chance.uniform(0, 3) if number else 0.0
        record(try_rivals(bench, drive, seconds, machines=machines))


@pytest.mark.parametrize("victim", get_args(Victim))
def test_more_than_a_thousand_rows(
    victim: Victim, bench: Bench, tmp_path: Path, record: Record
) -> None:
    chance = random.Random(f"{SEED} {victim}")
    drive = PushDrive(bench, tmp_path, ROWS)
    course = run_clean(bench, drive)
    for task in range(3):
        point = Point(victim, "all", "import", task, share=chance.random())
        tried = try_point(bench, drive, course, point)
        if tried is not None:
            record(tried._replace(fault=f"kill -9, {ROWS} rows"))

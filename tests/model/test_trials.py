"""Trainings in processes of their own, which the machine may kill."""

import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from balise.errors import BaliseError
from balise.model.reference import Sources
from balise.model.trials import Setup, Trial, run_trials


class Killing:
    """A trial whose process ends while it is handed over."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


def test_trials_beside_each_other_share_the_cores() -> None:
    code = (
        "from threadpoolctl import threadpool_info\n"
        "from balise.model.trials import _share_cores\n"
        "_share_cores(1000)\n"
        "print({each['num_threads'] for each in threadpool_info()})"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "{1}\n"


def test_a_killed_process_is_told_with_what_to_do() -> None:
    nowhere = Path("nowhere")
    setup = Setup(Sources(nowhere, nowhere, nowhere, nowhere, "dev"), "1")
    trial = cast("Trial", Killing())
    with pytest.raises(BaliseError, match=r"--jobs 2: .*process was killed.*`--jobs 1`"):
        list(run_trials(setup, [trial, trial], jobs=2))

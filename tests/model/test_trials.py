"""Trainings in processes of their own, which the machine may kill."""

import os
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


def test_a_killed_process_is_told_with_what_to_do() -> None:
    nowhere = Path("nowhere")
    setup = Setup(Sources(nowhere, nowhere, nowhere, nowhere, "dev"), "1")
    trial = cast("Trial", Killing())
    with pytest.raises(BaliseError, match=r"--jobs 2: .*process was killed.*`--jobs 1`"):
        list(run_trials(setup, [trial, trial], jobs=2))

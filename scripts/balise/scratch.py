"""A temporary folder, whose full disk is told as what it is."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from balise.errors import BaliseError

_WRITE = "cannot be written"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give an empty temporary folder, which is removed at the end.

    Raises:
        BaliseError: it cannot be made, or the block could not write there.
    """
    folder = None
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    except (OSError, BaliseError) as error:
        if isinstance(error, BaliseError) and not (
            folder and error.place.startswith(folder) and error.problem.startswith(_WRITE)
        ):
            raise
        raise BaliseError(
            Path(folder).parent if folder else "TMPDIR",
            f"the temporary folder {_WRITE} ({_reason(error)})",
            "free some space there, or name another folder in the variable TMPDIR",
        ) from error


def _reason(error: OSError | BaliseError) -> str:
    if isinstance(error, BaliseError):
        return error.problem
    # What shutil copies fails file by file: source, target and why, the last of which will do.
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        return str(error.args[0][-1][-1])
    return error.strerror or str(error)

"""A file to write must not be one of those that it is made from."""

from collections.abc import Iterable
from pathlib import Path

from balise.errors import UsageError

READ_HERE = "is read here and would be lost"


def refuse_inputs(option: str, out: Path, inputs: Iterable[Path], problem: str) -> None:
    """Accept a file to write that is none of the files that it is made from.

    `problem` says what the file is, where it is one of them.

    Raises:
        UsageError: it is one of them.
    """
    if out.resolve() in {path.resolve() for path in inputs}:
        raise UsageError(option, f"{out} {problem}", "name another file")


def refuse_inputs_beside(out: Path, beside: Path, inputs: Iterable[Path]) -> None:
    """Accept `--out` and the file written beside it: two files, neither of which is read.

    Raises:
        UsageError: one of them is read, or both are one file.
    """
    for path in (out, beside):
        refuse_inputs("--out", path, inputs, READ_HERE)
    refuse_inputs("--out", out, [beside], f"is where the {beside.suffix} file beside it belongs")

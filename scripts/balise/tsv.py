"""Tables that people edit: tab-separated files with a header, read strictly."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from balise.errors import BaliseError
from balise.files import read_text


def read_tsv(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each line's place (`file:line`) and cells, as many as there are columns.

    Raises:
        BaliseError: the file cannot be read, its header is not the columns' names, or a line has
            another number of cells.
    """
    header, *lines = read_text(path).removesuffix("\n").split("\n")
    if header.split("\t") != list(columns):
        raise BaliseError(
            f"{path}:1", f"the header is {header!r}", f"write {', '.join(columns)} with tabs"
        )
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise BaliseError(
                f"{path}:{number}",
                f"{len(cells)} cells instead of {len(columns)}",
                "separate cells by one tab",
            )
        yield f"{path}:{number}", cells

"""Where the demo reads and writes: the project, and a copy of its layout below one folder."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from balise.doccano.server import down
from balise.errors import BaliseError, UsageError
from balise.files import write_file

MARKER = ".balise-demo"

Say = Callable[[str], None]


class Folders(msgspec.Struct, frozen=True):
    """The project as it is read, and the demo's copy of its layout as it is written."""

    project: Path
    out: Path

    @property
    def corpus(self) -> Path:
        """The demo's articles."""
        return self.out / "corpus"

    @property
    def annotations(self) -> Path:
        """The demo's readings."""
        return self.out / "annotations"

    @property
    def gold(self) -> Path:
        """The demo's gold."""
        return self.annotations / "gold.jsonl"

    @property
    def splits(self) -> Path:
        """The demo's split."""
        return self.corpus / "splits.json"

    @property
    def doccano(self) -> Path:
        """The home of the demo's Doccano."""
        return self.out / "doccano"

    @property
    def labels(self) -> Path:
        """The project's label scheme."""
        return self.project / "annotations" / "labels.toml"


def clear(at: Folders) -> None:
    """Remove what an earlier demo left, its Doccano included, and mark the folder as ours."""
    marker = at.out / MARKER
    if at.out.is_symlink() or (at.out.exists() and not at.out.is_dir()):
        raise UsageError(at.out, "is not a folder", "choose another --out")
    if at.out.is_dir() and any(at.out.iterdir()) and not marker.is_file():
        raise UsageError(
            at.out,
            f"holds something else than an earlier demo (no {MARKER})",
            "choose another --out, or remove it yourself",
        )
    down(at.doccano)
    shutil.rmtree(at.out, ignore_errors=True)
    write_file(marker, "`balise demo` replaces this folder each time it runs.\n")


def refuse(place: Path, problems: Sequence[str]) -> None:
    """Stop where a check found something.

    Raises:
        BaliseError: there is a problem; the message holds the first.
    """
    if problems:
        raise BaliseError(
            place, f"{len(problems)} problems, the first is: {problems[0]}", "mend them first"
        )

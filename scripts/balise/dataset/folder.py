"""A dataset folder may be replaced only where everything in it came from a build."""

from pathlib import Path

from balise.dataset.manifest import MANIFEST, read_stated
from balise.errors import UsageError


def refuse_foreign(folder: Path) -> None:
    """Accept a path where nothing stands, or an empty folder, or one that only `build` wrote.

    Raises:
        UsageError: replacing what stands there would delete something else.
    """
    if not folder.name:
        raise UsageError(folder, "is no name for a dataset folder", "choose another --out")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(folder, "is not a folder", "choose another --out")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise UsageError(
            folder,
            f"holds something else than a dataset (no {MANIFEST})",
            "choose another --out, or remove it yourself",
        )
    own = {MANIFEST, *read_stated(folder).files}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and path.relative_to(folder).as_posix() not in own:
            raise UsageError(
                path, "was not written by `balise dataset build`", "move it out of the folder"
            )

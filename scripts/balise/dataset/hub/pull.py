"""A published version of a dataset is brought down from the Hub and verified."""

from pathlib import Path

import msgspec

from balise.dataset.folder import refuse_foreign
from balise.dataset.hub.published import Track, fetch, find
from balise.dataset.manifest import file_problems, read_stated
from balise.errors import BaliseError
from balise.folders import fill_folder
from balise.hub import Repository


class Pulled(msgspec.Struct, frozen=True):
    """What was brought down: which version, the commit that it stands on, and where it is now."""

    repo: str
    version: str
    commit: str
    files: int
    out: str


def pull_dataset(repo: str, out: Path, version: str | None = None, track: Track = iter) -> Pulled:
    """Bring a version of a dataset down, or the newest commit, and hold it against its manifest.

    The folder `out` is replaced as a whole, and only by what its manifest describes.

    Raises:
        UsageError: the repository's name is none, the version is not X.Y.Z, or `out` holds
            something else than a dataset.
        BaliseError: the repository or the version is not there, the Hub refuses or cannot be
            reached, what came is not what its manifest says, or `out` cannot be written.
    """
    hub = Repository(repo, "dataset")
    refuse_foreign(out)
    commit = find(hub, version)
    with fill_folder(out) as new:
        fetch(hub, commit, new, track)
        place = f"{repo} at {commit[:12]}"
        try:
            stated = read_stated(new)
        except BaliseError as error:
            raise BaliseError(
                place, f"holds no dataset of balise ({error.problem})", "name another version"
            ) from error
        problems = list(file_problems(new, stated))
        if version is not None and stated.version != version:
            problems.append(f"its manifest says version {stated.version}, not {version}")
        if problems:
            raise BaliseError(
                place,
                f"is not what its manifest says: {'; '.join(problems[:5])}",
                "name another version that its people tagged, or ask them",
            )
        # Someone may have put a file there meanwhile.
        refuse_foreign(out)
    return Pulled(repo, stated.version, commit, len(stated.files) + 1, str(out))

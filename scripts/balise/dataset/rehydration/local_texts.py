"""Texts of articles are found among local files, by their hash."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePath, PurePosixPath

from balise.dataset.rehydration.bare import Bare
from balise.dataset.rehydration.harvest import Changed, Harvest
from balise.errors import BaliseError
from balise.files import read_text
from balise.text import normalise, printable, sha256

Track = Callable[[list[Path]], Iterable[Path]]


def collect_files(rows: Mapping[str, Bare], sources: Path, track: Track = iter) -> Harvest:
    r"""Look for the texts of articles among the files below `sources`.

    Every `.txt` file (links to folders are not followed) is read as UTF-8, brought to NFC with
    `\n` line ends, and hashed: whatever its name, the text with an article's hash is the
    article's. A file that stands at an article's recorded `path` and has another hash is a
    changed text; of several the one whose path below the folder agrees the furthest.

    Raises:
        BaliseError: there is no such folder or no `.txt` file in it.
    """
    files = sorted(
        path for path in sources.rglob("*") if path.suffix.lower() == ".txt" and path.is_file()
    )
    if not files:
        raise BaliseError(
            sources, "no .txt file here", "name the folder that holds the articles' text files"
        )
    by_hash: dict[str, list[Bare]] = defaultdict(list)
    by_name: dict[str, list[Bare]] = defaultdict(list)
    for row in rows.values():
        by_hash[row.sha256].append(row)
        by_name[PurePosixPath(row.path or "").name].append(row)
    found: dict[str, str] = {}
    changed: dict[str, tuple[int, Changed]] = {}
    unreadable: list[str] = []
    for file in track(files):
        try:
            text = normalise(read_text(file))
        except BaliseError as error:
            unreadable.append(printable(error))
            continue
        digest = sha256(text)
        found |= {row.id: text for row in by_hash.get(digest, ())}
        if digest not in by_hash:
            relative = file.relative_to(sources)
            depth = len(relative.parts)
            for row in by_name.get(file.name, ()):
                if _stands_for(relative, row) and depth > changed.get(row.id, (0,))[0]:
                    changed[row.id] = depth, Changed(printable(file), text)
    still = {id_: each for id_, (_, each) in changed.items() if id_ not in found}
    return Harvest(found, still, unreadable=tuple(unreadable))


def _stands_for(relative: PurePath, row: Bare) -> bool:
    """Tell whether a file's path below the folder is an article's recorded path, or its end.

    Its end, because the folder may be one of those that the path names.
    """
    recorded = PurePosixPath(row.path).parts if row.path else ()
    return bool(recorded) and recorded[-len(relative.parts) :] == relative.parts

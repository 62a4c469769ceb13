"""The articles without text, of the corpus or of a dataset's folder: which text each one needs."""

from pathlib import Path, PurePosixPath

import msgspec

from balise.dataset.parquet import each_row
from balise.dataset.rows import STANDOFF, AnchoredSpan
from balise.errors import BaliseError
from balise.stores import load_articles

_ANEW = "get the dataset's folder anew"
_OF_A_PAGE = ("", ".html", ".htm")


class Bare(msgspec.Struct, frozen=True):
    """An article without text; `salt` and `spans` are a dataset row's, null of the corpus.

    Columns of a row that are not needed are passed over: the folder may be of another version.
    """

    id: str
    sha256: str
    length: int
    url: str | None = None
    path: str | None = None
    source: str | None = None
    publishable: str = "standoff"
    salt: str | None = None
    spans: tuple[AnchoredSpan, ...] | None = None

    @property
    def is_of_a_file(self) -> bool:
        """Tell whether the text was taken from a text file, so that its address does not give it.

        Such a row's `path` names the file in its source: WiNER-fr's texts differ from the pages
        that their addresses show. A saved web page's path ends in `.html`.
        """
        return self.path is not None and PurePosixPath(self.path).suffix.lower() not in _OF_A_PAGE


def bare_of_corpus(corpus: Path) -> dict[str, Bare]:
    """Read the stand-off articles of a corpus folder, by id.

    Raises:
        BaliseError: the corpus is broken, every article has its text, or an id cannot name a file.
    """
    articles = load_articles(corpus).values()
    return _some(
        corpus,
        [
            Bare(a.id, a.sha256, a.length, a.url, a.path, a.source)
            for a in articles
            if a.text is None
        ],
        "give the article another id",
    )


def bare_of_dataset(folder: Path) -> dict[str, Bare]:
    """Read the rows of a dataset folder's config `standoff` whose text is not in it, by id.

    Raises:
        BaliseError: there are none, a file is no Parquet or has other columns, an id comes twice
            or cannot name a file.
    """
    files = sorted((folder / STANDOFF).glob("*.parquet"))
    if not files:
        raise BaliseError(
            folder,
            f"no stand-off rows here ({STANDOFF}/*.parquet)",
            "name a folder that `balise dataset build` made",
        )
    rows: list[Bare] = []
    for path in files:
        try:
            rows += (msgspec.convert(row, Bare) for row in each_row(path))
        except msgspec.ValidationError as error:
            raise BaliseError(path, f"no stand-off rows ({error})", _ANEW) from error
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise BaliseError(folder / STANDOFF, f"the id {row.id!r} comes twice", _ANEW)
        seen.add(row.id)
    return _some(folder, [row for row in rows if row.publishable != "full"], _ANEW)


# Of the 255 bytes that a file's name may have, some are the ending's and a temporary file's.
_LONGEST_NAME = 200


def _names_a_file(id_: str) -> bool:
    """Tell whether an id leads nowhere but into the folder of texts: rows may come from anyone."""
    short = 0 < len(id_.encode()) <= _LONGEST_NAME
    return short and id_.isprintable() and not id_.startswith(".") and "/" not in id_


def _some(place: Path, rows: list[Bare], remedy: str) -> dict[str, Bare]:
    if not rows:
        raise BaliseError(place, "every article has its text here", "there is nothing to do")
    for row in rows:
        if not _names_a_file(row.id):
            raise BaliseError(place, f"the id {row.id!r} cannot be the name of a file", remedy)
    return {row.id: row for row in rows}

"""The articles that were withdrawn: `corpus/withdrawn.tsv`, which is never forgotten.

A line names an article's id or an address, the day, and why. Lines stay when the article is gone,
so that it does not come back.
"""

from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import write_file
from balise.records import Article
from balise.tsv import read_tsv

WITHDRAWN = "withdrawn.tsv"
COLUMNS = ("article", "day", "reason")


class Withdrawal(msgspec.Struct, frozen=True):
    """One line of the list; `article` is an id or an address (with `://`).

    Of addresses the scheme, a fragment, a slash at the end and capitals do not count.
    """

    article: str
    day: str
    reason: str

    def names(self, article: Article) -> bool:
        """Tell whether an article is the one that is meant."""
        return is_meant(self.article, article.id, article.url)


def is_meant(name: str, id_: str, url: str | None) -> bool:
    """Tell whether a name, an id or an address, is that of the article with these two."""
    if is_address(name):
        return url is not None and _plain(url) == _plain(name)
    return name == id_


def is_address(name: str) -> bool:
    """Tell an address from an id."""
    return "://" in name


def _plain(address: str) -> str:
    return address.partition("://")[2].partition("#")[0].rstrip("/").casefold()


def load_withdrawn(corpus: Path) -> tuple[Withdrawal, ...]:
    """Read the list of a corpus folder; empty where there is none.

    Raises:
        BaliseError: it is broken, a cell is empty, or an article stands there twice.
    """
    path = corpus / WITHDRAWN
    if not path.is_file():
        return ()
    found: dict[str, Withdrawal] = {}
    for place, cells in read_tsv(path, COLUMNS):
        if not all(cells):
            raise BaliseError(place, "an empty cell", f"fill all of {', '.join(COLUMNS)}")
        one = Withdrawal(*cells)
        if found.setdefault(one.article, one) is not one:
            raise BaliseError(place, f"{one.article} is withdrawn twice", "keep one line")
    return tuple(found.values())


def write_withdrawn(corpus: Path, withdrawals: tuple[Withdrawal, ...]) -> None:
    """Write the list, sorted by article.

    Raises:
        BaliseError: the file cannot be written; the old one is unchanged.
    """
    lines = sorted("\t".join((one.article, one.day, one.reason)) for one in withdrawals)
    write_file(corpus / WITHDRAWN, "".join(f"{line}\n" for line in ("\t".join(COLUMNS), *lines)))

"""Text that must not go out is looked for in what does."""

from collections.abc import Iterable, Iterator, Mapping

from balise.dataset.release import Item
from balise.dataset.rows import StandoffRow
from balise.errors import BaliseError
from balise.records import Article

RUN = 40
"""So many code points in a row are a piece of a text; names and places are shorter."""

SHORTEST = 8
"""A text or title shorter than this is too common to be told from other words."""

POINTERS = frozenset({"id", "url", "path"})
"""They name an article and where it stands, and may be made of its title's words."""


def find_leaks(articles: Iterable[Article], string: str) -> Iterator[str]:
    """Yield the ids of those articles of whose text or title the string holds a piece."""
    runs = {string[start : start + RUN] for start in range(len(string) - RUN + 1)}
    for article in articles:
        if any(_carries(string, runs, text) for text in (article.title, article.text) if text):
            yield article.id


def _carries(string: str, runs: set[str], text: str) -> bool:
    if len(text) < SHORTEST:
        return False
    if len(text) <= RUN:
        return text in string
    if len(runs) < RUN:  # a short string is looked for in the text, which is far faster
        return any(run in text for run in runs)
    return any(text[start : start + RUN] in runs for start in range(len(text) - RUN + 1))


def refuse_leaks(items: Iterable[Item], rows: Iterable[StandoffRow]) -> None:
    """Accept rows, one an item, whose other fields do not carry a text that stays behind.

    Raises:
        BaliseError: a field of a stand-off article quotes its title or text.
    """
    for item, row in zip(items, rows, strict=True):
        if item.text is not None:
            continue
        for field in row.__struct_fields__:
            value = getattr(row, field)
            if field in POINTERS or not isinstance(value, str):
                continue
            if list(find_leaks([item.article], value)):
                raise BaliseError(
                    item.article.id,
                    f"is stand-off, and its {field} quotes its title or text",
                    f"shorten its {field} in the corpus",
                )


def refuse_quotes(items: Iterable[Item], files: Mapping[str, bytes]) -> None:
    """Accept files for people, by name, that hold no piece of a text that stays behind.

    Raises:
        BaliseError: a file quotes the title or text of a stand-off article.
    """
    withheld = [item.article for item in items if item.text is None]
    for name, content in files.items():
        for id_ in find_leaks(withheld, content.decode("utf-8")):
            raise BaliseError(
                name,
                f"would quote {id_}, which is stand-off",
                "take its words out of what the file is made from: the corpus's changelog, the "
                "label scheme, `who` of the annotators, or the articles' other fields",
            )

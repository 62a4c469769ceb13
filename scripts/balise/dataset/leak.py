"""Text that must not go out is looked for in what does."""

from collections.abc import Iterable, Iterator, Mapping

from balise.dataset.rows import StandoffRow
from balise.errors import BaliseError
from balise.records import Article

RUN = 40
"""So many code points in a row are a piece of a text; names and places are shorter."""

SHORTEST = 8
"""A text or title shorter than this is too common to be told from other words."""

POINTERS = frozenset({"id", "url", "path"})
"""They name an article and where it stands, and may be made of its title's words."""


class Page:
    """A string that goes out, ready to be searched for pieces of many articles."""

    def __init__(self, string: str) -> None:
        self._string = string
        self._runs = {string[start : start + RUN] for start in range(len(string) - RUN + 1)}

    def quotes(self, article: Article) -> bool:
        """Tell whether it holds a piece of an article's text or title."""
        return any(self._holds(text) for text in (article.title, article.text) if text)

    def _holds(self, text: str) -> bool:
        if len(text) < SHORTEST:
            return False
        if len(text) <= RUN:
            return text in self._string
        if len(self._runs) < RUN:  # a short string is looked for in the text, which is far faster
            return any(run in text for run in self._runs)
        return any(text[start : start + RUN] in self._runs for start in range(len(text) - RUN + 1))


def find_leaks(articles: Iterable[Article], string: str) -> Iterator[str]:
    """Yield the ids of those articles of whose text or title the string holds a piece."""
    page = Page(string)
    return (article.id for article in articles if page.quotes(article))


def refuse_leak(article: Article, row: StandoffRow) -> None:
    """Accept the row of a stand-off article whose other fields do not carry its text.

    Raises:
        BaliseError: a field quotes its title or text.
    """
    for field in row.__struct_fields__:
        value = getattr(row, field)
        if field in POINTERS or not isinstance(value, str):
            continue
        if Page(value).quotes(article):
            raise BaliseError(
                article.id,
                f"is stand-off, and its {field} quotes its title or text",
                f"shorten its {field} in the corpus",
            )


def refuse_quotes(held: Iterable[Article], files: Mapping[str, bytes]) -> None:
    """Accept files for people, by name, that hold no piece of a text that stays behind.

    Raises:
        BaliseError: a file quotes the title or text of an article that is `held`.
    """
    contents = {name: content.decode("utf-8") for name, content in files.items()}
    together = Page("\0".join(contents.values()))
    for article in held:
        if together.quotes(article):
            name = next(name for name in contents if Page(contents[name]).quotes(article))
            raise BaliseError(
                name,
                f"would quote {article.id}, {why_held(article)}",
                "take its words out of what the file is made from: the corpus's changelog, the "
                "label scheme, `who` of the annotators, or the articles' other fields",
            )


def why_held(article: Article) -> str:
    """Say why the words of an article stay behind."""
    kinds = {"standoff": "which is stand-off", "none": "which must not be published"}
    return kinds.get(article.publishable, "which was withdrawn")

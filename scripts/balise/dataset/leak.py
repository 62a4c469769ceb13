"""Text that must not go out is looked for in what does.

Both are reduced to their words (`balise.text.bare_words`), so that a piece is found however its
lines are wrapped and its characters written.
"""

from collections.abc import Iterable, Mapping

from balise.dataset.rows import StandoffRow
from balise.errors import BaliseError
from balise.records import Article
from balise.text import bare_words

RUN = 48
"""So many code points of words in a row are a piece; names of institutions are shorter."""

SHORTEST = 8
"""A text or title shorter than this is too common to be told from other words."""

POINTERS = frozenset({"id", "url", "path"})
"""They name an article and where it stands, and may be made of its title's words."""


def own_words(article: Article) -> tuple[str, ...]:
    """Give the words of an article's title and text, those that are there."""
    return tuple(bare_words(text) for text in (article.title, article.text) if text)


class Page:
    """Strings that go out, ready to be searched for pieces of many articles."""

    def __init__(self, *strings: str) -> None:
        self._words = tuple(map(bare_words, strings))
        self._runs = {
            words[start : start + RUN]
            for words in self._words
            for start in range(len(words) - RUN + 1)
        }

    def quotes(self, article_words: Iterable[str]) -> bool:
        """Tell whether they hold a piece of an article, given as `own_words` does."""
        return any(map(self._holds, article_words))

    def _holds(self, words: str) -> bool:
        if len(words) < SHORTEST:
            return False
        if len(words) <= RUN:
            return any(words in each for each in self._words)
        if len(self._runs) < RUN:  # a short string is looked for in the text, which is far faster
            return any(run in words for run in self._runs)
        return any(
            words[start : start + RUN] in self._runs for start in range(len(words) - RUN + 1)
        )


def refuse_leak(article: Article, row: StandoffRow) -> None:
    """Accept the row of a stand-off article whose other fields do not carry its text.

    Raises:
        BaliseError: a field quotes its title or text.
    """
    words = own_words(article)
    for field in row.__struct_fields__:
        value = getattr(row, field)
        if field in POINTERS or not isinstance(value, str):
            continue
        if Page(value).quotes(words):
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
    together = Page(*contents.values())
    for article in held:
        words = own_words(article)
        if together.quotes(words):
            name = next(name for name in contents if Page(contents[name]).quotes(words))
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

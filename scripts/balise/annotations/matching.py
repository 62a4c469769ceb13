"""Find the article that a foreign document is a reading of, and its text."""

from balise.annotations.formats.foreign import ForeignDocument, squeeze
from balise.errors import BaliseError
from balise.records import Article
from balise.spans import require_hash, require_text
from balise.stores import find_article
from balise.text import sha256


class ArticleIndex:
    """The corpus, to be looked up by id, by text hash, and by text without white space."""

    def __init__(self, articles: dict[str, Article]) -> None:
        self._by_id = articles
        self._by_hash = {article.sha256: article for article in articles.values()}
        self._by_squeezed: dict[str, Article] = {}

    def find(self, document: ForeignDocument) -> tuple[Article, str]:
        """Return the document's article and the text that its spans count.

        A whole text is enough to know a stand-off article by its hash; a squeezed one is not.

        Raises:
            BaliseError: the corpus has no such article, or its text is another one.
        """
        if not document.squeezed:
            return self._find_whole(document), document.text
        article = self._find_squeezed(document)
        return article, require_text(article, document.place)

    def _find_whole(self, document: ForeignDocument) -> Article:
        if document.id is None:
            return _found(self._by_hash.get(sha256(document.text)), document)
        article = find_article(self._by_id, document.id, document.place)
        require_hash(document.text, article.sha256, document.place)
        return article

    def _find_squeezed(self, document: ForeignDocument) -> Article:
        if document.id is None:
            if not self._by_squeezed:
                self._by_squeezed = {
                    squeeze(article.text): article
                    for article in self._by_id.values()
                    if article.text is not None
                }
            return _found(self._by_squeezed.get(document.text), document)
        article = find_article(self._by_id, document.id, document.place)
        text = squeeze(require_text(article, document.place))
        if text != document.text:
            same = max(0, _common_length(text, document.text) - 10)
            raise BaliseError(
                document.place,
                f"its tokens are not the text of {article.id}: {document.text[same : same + 20]!r} "
                f"where the article has {text[same : same + 20]!r}",
                "restore the text that was annotated; only white space may differ",
            )
        return article


def _found(article: Article | None, document: ForeignDocument) -> Article:
    if article is None:
        raise BaliseError(
            document.place,
            f"no article of the corpus has this text ({document.text[:40]!r}…)",
            "add it with `balise corpus add`, or name its folder with --corpus",
        )
    return article


def _common_length(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))

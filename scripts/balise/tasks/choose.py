"""Which articles a batch holds."""

from pathlib import Path

from balise.errors import BaliseError, UsageError
from balise.files import read_text
from balise.records import Article
from balise.stores import find_article, load_articles


def choose_articles(
    corpus: Path, ids_file: Path | None, source: str | None, texts: Path | None = None
) -> list[Article]:
    """Choose the articles of an id list, of a source, or all of the corpus, sorted by id.

    An id list names one article a line; empty lines are passed over.

    Raises:
        UsageError: both an id list and a source are given.
        BaliseError: the corpus is empty, it lacks an article or the source, the list is empty,
            or a chosen article is stand-off and its text is not here.
    """
    if ids_file is not None and source is not None:
        raise UsageError("--articles and --source", "both are given", "give one of the two")
    articles = load_articles(corpus, texts)
    if ids_file is not None:
        chosen = _read_ids(ids_file, articles)
    else:
        chosen = [a for a in articles.values() if source in (None, a.source)]
    if not chosen:
        sources = sorted({article.source or "unknown" for article in articles.values()})
        raise BaliseError(
            ids_file or corpus,
            "the list names no article" if ids_file else f"no article of source {source!r}",
            f"its sources are {', '.join(sources)}",
        )
    if without_text := sorted(article.id for article in chosen if article.text is None):
        raise BaliseError(
            corpus,
            f"stand-off articles without their text: {', '.join(without_text)}",
            "rehydrate them from their source first, or leave them out with --articles",
        )
    return sorted(chosen, key=lambda article: article.id)


def _read_ids(path: Path, articles: dict[str, Article]) -> list[Article]:
    chosen: dict[str, Article] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if id_ := line.strip():
            chosen[id_] = find_article(articles, id_, f"{path}:{number}")
    return list(chosen.values())

"""The texts that readings were made on, where they are here."""

from collections.abc import Iterable
from pathlib import Path

from balise.readers import Pair
from balise.records import Article
from balise.spans import require_hash, require_inside
from balise.stores import load_articles


def load_texts(
    corpus: Path | None, texts: Path | None, pairs: Iterable[Pair]
) -> dict[str, Article]:
    """Find the articles of readings that have a text here, by id; none without a corpus.

    Raises:
        BaliseError: the corpus cannot be read, or a reading was made on another text.
    """
    if corpus is None or not any(corpus.glob("*.jsonl")):
        return {}
    known = load_articles(corpus, texts)
    found: dict[str, Article] = {}
    for pair in pairs:
        for reading in (*pair.left, *pair.right):
            article = known.get(reading.article)
            if article is None or article.text is None:
                continue
            if reading.article not in found:
                require_hash(article.text, reading.sha256, f"{corpus}, {reading.article}")
                found[reading.article] = article
            for span in reading.spans[-1:]:
                place = f"{reading.annotator}'s reading of {reading.article}"
                require_inside(article.text, span, place)
    return found

"""The articles that a pipeline is scored on: one part of the split, with text and gold spans."""

from collections.abc import Set
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.labels import LabelScheme, load_labels
from balise.origin import Origin, origin
from balise.pairing import Entity
from balise.records import Article, Gold
from balise.spans import check_spans, require_hash, require_text
from balise.splits import load_splits
from balise.stores import article_files, find_article, find_gold, load_articles, load_gold


class Sources(msgspec.Struct, frozen=True):
    """Where gold, articles, split and label scheme are read from, and which part is meant."""

    gold: Path
    corpus: Path
    splits: Path
    labels: Path
    part: str
    texts: Path | None = None

    @property
    def files(self) -> list[Path]:
        """List the files that are read.

        Raises:
            BaliseError: the corpus folder holds no articles.
        """
        texts = self.texts.glob("*.txt") if self.texts else ()
        return [self.gold, self.splits, self.labels, *article_files(self.corpus), *texts]


class Reference(msgspec.Struct, frozen=True):
    """The articles of one part in the order of their ids, with the gold record of each."""

    part: str
    articles: tuple[Article, ...]
    gold: tuple[Gold, ...]
    labels: LabelScheme

    @property
    def texts(self) -> list[str]:
        """The articles' texts, none of which is missing."""
        return [article.text or "" for article in self.articles]

    @property
    def entities(self) -> Set[Entity]:
        """Every gold span in its article."""
        return {
            Entity(record.article, span.start, span.end, span.label)
            for record in self.gold
            for span in record.spans
        }

    def origin(self, seed: int) -> Origin:
        """Describe the origin of a figure made on these articles."""
        return origin(self.gold, self.labels.version, seed)


def missing_texts(sources: Sources) -> tuple[str, ...]:
    """List the articles of the part whose texts are not here."""
    known = load_articles(sources.corpus, sources.texts)
    ids = load_splits(sources.splits).part(sources.part)
    return tuple(
        id_ for id_ in sorted(ids) if find_article(known, id_, sources.splits).text is None
    )


def check_gold(record: Gold, text: str, labels: LabelScheme, path: Path) -> None:
    """Accept a record of the gold file `path` that fits its article's text and the labels.

    Raises:
        BaliseError: it was made on another text, or a span does not fit.
    """
    place = f"{path}, {record.article}"
    require_hash(text, record.sha256, place)
    check_spans(text, record.spans, labels, place)


def load_reference(sources: Sources) -> Reference:
    """Read one part of the split: its articles and their gold, checked against their texts.

    Raises:
        UsageError: there is no such part.
        BaliseError: the part is empty or holds no gold span, an id has no article or no gold, a
            text is missing or changed, or a gold span does not fit its text.
    """
    labels = load_labels(sources.labels)
    ids = sorted(load_splits(sources.splits).part(sources.part))
    if not ids:
        raise BaliseError(
            sources.splits,
            f"part {sources.part!r} is empty",
            "choose another with --split, or add articles and split again",
        )
    known, records = load_articles(sources.corpus, sources.texts), load_gold(sources.gold)
    by_article = {record.article: record for record in records}
    articles, gold = [], []
    for id_ in ids:
        article = find_article(known, id_, sources.splits)
        record = find_gold(by_article, id_, sources.part, sources.gold)
        text = require_text(article, f"{sources.corpus}, {id_}")
        check_gold(record, text, labels, sources.gold)
        articles.append(article)
        gold.append(record)
    if not any(record.spans for record in gold):
        raise BaliseError(
            sources.gold,
            f"the {len(ids)} articles of part {sources.part!r} hold no entity",
            "there is nothing to score: choose another part, or split again",
        )
    return Reference(sources.part, tuple(articles), tuple(gold), labels)

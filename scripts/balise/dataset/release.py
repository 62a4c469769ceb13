"""What goes out: the gold, its articles and their parts, checked before anything is written."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.labels import LabelScheme, load_labels
from balise.origin import Origin, origin
from balise.records import Article, Gold
from balise.spans import check_spans, refuse_clashes, require_hash, require_text
from balise.splits import ALL_PARTS, Splits, load_splits
from balise.stores import find_article, load_articles, load_gold

SPLIT_NAMES = {part: part.replace("dev", "validation") for part in ALL_PARTS}
"""The Hub's names for our parts, in the order in which a card lists them."""

_NO_LICENCE = frozenset({"", "none", "noassertion", "unknown"})


class Item(msgspec.Struct, frozen=True):
    """One article that goes out, with its gold spans and the split it stands in."""

    article: Article
    gold: Gold
    split: str

    @property
    def text(self) -> str | None:
        """The text that may be shown; null for a stand-off article, whether it is here or not."""
        return self.article.text if self.article.publishable == "full" else None


class Release(msgspec.Struct, frozen=True):
    """Everything that goes out, sorted by id, and what describes it.

    `withheld` counts the gold articles that must not be published at all; the digest in `origin`
    is over the whole gold, these included.
    """

    items: tuple[Item, ...]
    labels: LabelScheme
    splits: Splits
    withheld: int
    origin: Origin

    def split(self, name: str) -> tuple[Item, ...]:
        """Return the items of one split."""
        return tuple(item for item in self.items if item.split == name)


def load_release(
    gold: Path, corpus: Path, splits: Path, labels: Path, texts: Path | None = None
) -> Release:
    """Put gold, articles and parts together as they will be published.

    Raises:
        BaliseError: a file is missing or broken; a gold article is unknown, in no part, or not
            the text that was annotated; a span breaks a rule; an article would go out in full
            without a licence; or nothing may go out.
    """
    scheme = load_labels(labels)
    records = sorted(load_gold(gold), key=lambda record: record.article)
    articles = load_articles(corpus, texts)
    if not splits.is_file():
        raise BaliseError(
            splits, "no split of the corpus here", "make it with `balise model split`"
        )
    parts = load_splits(splits)
    _refuse_unknown(parts, articles, splits)
    split_of = {id_: SPLIT_NAMES[part] for part in ALL_PARTS for id_ in parts.part(part)}

    items = []
    for record in records:
        article = find_article(articles, record.article, gold)
        _check(article, record, scheme, f"{gold}, article {record.article}")
        if record.article not in split_of:
            raise BaliseError(
                splits,
                f"article {record.article} of the gold is in no part",
                "split again with `balise model split`",
            )
        items.append(Item(article, record, split_of[record.article]))

    going_out = tuple(item for item in items if item.article.publishable != "none")
    _require_licences(going_out, corpus)
    if not going_out:
        raise BaliseError(
            gold,
            "none of its articles may be published (publishable is 'none')",
            "make at least one 'standoff' or 'full' in the corpus",
        )
    return Release(
        items=going_out,
        labels=scheme,
        splits=parts,
        withheld=len(items) - len(going_out),
        origin=origin(records, scheme.version, parts.seed),
    )


def _refuse_unknown(parts: Splits, articles: dict[str, Article], place: Path) -> None:
    for part in ALL_PARTS:
        for id_ in parts.part(part):
            find_article(articles, id_, place)


def _check(article: Article, record: Gold, labels: LabelScheme, place: str) -> None:
    """Accept gold spans against their text, or against its hash and length where it is not here."""
    if record.sha256 != article.sha256:
        raise BaliseError(
            place,
            f"was annotated on another text (sha256 {record.sha256[:12]}…, the corpus has "
            f"{article.sha256[:12]}…)",
            "make the gold again from readings of this text",
        )
    if article.publishable == "full":
        require_text(article, place)
    if article.text is not None:
        require_hash(article.text, article.sha256, place)
        check_spans(article.text, record.spans, labels, place)
        return
    for span in record.spans:
        labels.require(span.label, place)
        if span.end > article.length:
            raise BaliseError(
                place,
                f"{span.label} {span.start}-{span.end} ends outside its text of "
                f"{article.length} characters",
                "make the gold again from readings of this text",
            )
    refuse_clashes("", sorted(record.spans), labels, place)


def _require_licences(items: Iterable[Item], corpus: Path) -> None:
    bare = [
        item.article.id
        for item in items
        if item.article.publishable == "full"
        and (item.article.license or "").strip().lower() in _NO_LICENCE
    ]
    if bare:
        raise BaliseError(
            corpus,
            f"{len(bare)} would go out in full without a licence: {', '.join(bare)}",
            "name each article's licence in its line, or make it 'standoff'",
        )

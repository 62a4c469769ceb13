"""What a release refuses: spans of another text, unknown articles, texts without a licence."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from balise.docbin import require_readable
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.records import Annotation, Article, Gold
from balise.spans import check_spans, refuse_clashes, require_hash, require_text
from balise.splits import ALL_PARTS, Splits
from balise.stores import find_article

_NO_LICENCE = frozenset({"", "none", "noassertion", "unknown"})


def has_licence(licence: object) -> bool:
    """Tell whether a value names a licence: it is no empty word, and none that says « unknown »."""
    return isinstance(licence, str) and licence.strip().lower() not in _NO_LICENCE


def refuse_unknown(parts: Splits, articles: Mapping[str, Article], place: Path) -> None:
    """Accept a split that names articles of the corpus alone.

    Raises:
        BaliseError: an id of it is none.
    """
    for part in ALL_PARTS:
        for id_ in parts.part(part):
            find_article(articles, id_, place)


def require_spans(
    article: Article, record: Gold | Annotation, labels: LabelScheme, place: str
) -> None:
    """Accept spans against their text, or against its hash and length where it is not here.

    Raises:
        BaliseError: they were made on another text, or break a rule, or the text is too long.
    """
    if record.sha256 != article.sha256:
        raise BaliseError(
            place,
            f"was annotated on another text (sha256 {record.sha256[:12]}…, the corpus has "
            f"{article.sha256[:12]}…)",
            "read this text anew, and make the gold again",
        )
    require_readable(max(article.length, len(article.text or "")), place)
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
                "read this text anew, and make the gold again",
            )
    refuse_clashes("", sorted(record.spans), labels, place)


def lacks_licence(article: Article) -> bool:
    """Tell whether an article would go out in full without a licence."""
    return article.publishable == "full" and not has_licence(article.license)


def refuse_unlicensed(ids: Sequence[str], corpus: Path) -> None:
    """Accept that no article lacks a licence.

    Raises:
        BaliseError: these do; all of them are named.
    """
    if ids:
        raise BaliseError(
            corpus,
            f"{len(ids)} would go out in full without a licence: {', '.join(ids)}",
            "name each article's licence in its line, or make it 'standoff'",
        )

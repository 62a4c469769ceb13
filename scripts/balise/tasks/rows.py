"""Articles as Doccano reads them."""

from balise.batches import encode_row
from balise.labels import LabelScheme
from balise.records import Article, Span
from balise.spans import check_spans, require_hash, require_text


def make_row(article: Article, spans: tuple[Span, ...], labels: LabelScheme) -> bytes:
    """Turn an article and its suggested spans into a line of a task file.

    Raises:
        BaliseError: the article has no text here or another text than its hash says, or a span
            does not fit the text.
    """
    text = require_text(article, article.id)
    require_hash(text, article.sha256, article.id)
    check_spans(text, spans, labels, article.id)
    return encode_row(article.id, text, spans)

"""Articles and the label scheme as Doccano reads them."""

from balise.batches import DoccanoLabel, encode_row
from balise.labels import LabelScheme
from balise.records import Article, Span
from balise.spans import check_spans, require_hash, require_text

BLACK, WHITE = "#000000", "#ffffff"


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


def make_label_configuration(labels: LabelScheme) -> list[DoccanoLabel]:
    """Turn the label scheme into Doccano's label configuration, in the scheme's order."""
    return [
        DoccanoLabel(
            text=label.name,
            suffix_key=label.hotkey,
            background_color=label.colour,
            text_color=contrasting_colour(label.colour),
            description=label.fr,
        )
        for label in labels.labels
    ]


def contrasting_colour(background: str) -> str:
    """Choose black or white, whichever contrasts more with a `#rrggbb` colour (WCAG 2.1, 1.4.3)."""
    luminance = _luminance(background)
    against_black, against_white = (luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05)
    return BLACK if against_black > against_white else WHITE


def _luminance(colour: str) -> float:
    """Compute the relative luminance of a `#rrggbb` colour as WCAG 2.1 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

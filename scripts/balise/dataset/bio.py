"""Gold spans become BIO tags over the project's French tokens, with a ledger of every snap."""

from collections.abc import Callable, Iterable, Sequence

from balise.align import align_spans, bio_tags
from balise.dataset.anchors import word_edges
from balise.dataset.release import Item
from balise.dataset.rows import BioRow
from balise.docbin import TOKENIZER
from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile

Track = Callable[[Sequence[Item]], Iterable[Item]]
"""What wraps the items of a long loop, to show progress."""


def tag_names(labels: LabelScheme) -> list[str]:
    """List the BIO tags: O first, then B- and I- of each label in the scheme's order."""
    return ["O", *(f"{prefix}-{name}" for name in labels.names for prefix in "BI")]


def bio_rows(
    items: Sequence[Item], labels: LabelScheme, track: Track
) -> tuple[list[tuple[Item, BioRow]], LedgerFile]:
    """Turn the items whose text goes out into tagged tokens, each item with its row.

    Raises:
        BaliseError: the ledger of the snapping does not balance.
    """
    number = {name: index for index, name in enumerate(tag_names(labels))}
    ledger = Ledger()
    rows = []
    spans_in = spans_out = 0
    for item in track(items):
        text = item.text
        if text is None:
            continue
        spans_in += len(item.gold.spans)
        edges = word_edges(text)
        aligned = align_spans(item.article.id, item.gold.spans, edges, ledger)
        tags = bio_tags(aligned, len(edges))
        spans_out += sum(tag.startswith("B-") for tag in tags)
        row = BioRow(
            id=item.article.id,
            tokens=tuple(text[start:end] for start, end in edges),
            ner_tags=tuple(number[tag] for tag in tags),
            token_starts=tuple(start for start, _ in edges),
            token_ends=tuple(end for _, end in edges),
            tokenizer=TOKENIZER,
            synthetic=item.article.synthetic,
            license=item.article.license,
            attribution=item.article.attribution,
        )
        rows.append((item, row))
    return rows, ledger.close(spans_in, spans_out)

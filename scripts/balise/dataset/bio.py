"""Gold spans become BIO tags over the project's French tokens, with a ledger of every snap."""

from collections import Counter

import msgspec

from balise.align import align_spans, bio_tags
from balise.dataset.make_rows import shown_text
from balise.dataset.release import Item
from balise.dataset.rows import BioRow
from balise.docbin import TOKENIZER
from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile
from balise.word_edges import word_edges


def tag_names(labels: LabelScheme) -> list[str]:
    """List the BIO tags: O first, then B- and I- of each label in the scheme's order."""
    return ["O", *(f"{prefix}-{name}" for name in labels.names for prefix in "BI")]


class Tagger:
    """Turns items whose text goes out into tagged tokens, and keeps the ledger of every snap."""

    def __init__(self, labels: LabelScheme) -> None:
        self._number = {name: index for index, name in enumerate(tag_names(labels))}
        self._ledger = Ledger()
        self._spans_in = 0
        self._spans_out = 0

    def row(self, item: Item) -> BioRow:
        """Turn an item into its row of `bio`.

        Raises:
            ValueError: its text does not go out.
        """
        text, spans = shown_text(item), item.gold.spans
        edges = word_edges(text)
        aligned = align_spans(item.article.id, spans, edges, self._ledger)
        tags = bio_tags(aligned, len(edges))
        self._spans_in += len(spans)
        self._spans_out += sum(n for tag, n in Counter(tags).items() if tag.startswith("B-"))
        return BioRow(
            id=item.article.id,
            tokens=tuple([text[start:end] for start, end in edges]),
            ner_tags=tuple(map(self._number.__getitem__, tags)),
            token_starts=tuple(edges.starts),
            token_ends=tuple(edges.ends),
            tokenizer=TOKENIZER,
            synthetic=item.article.synthetic,
            license=item.article.license,
            attribution=item.article.attribution,
        )

    def ledger(self) -> LedgerFile:
        """Close the ledger of every item that became a row, sorted by article.

        Raises:
            BaliseError: it does not balance.
        """
        closed = self._ledger.close(self._spans_in, self._spans_out)
        entries = tuple(sorted(closed.entries, key=lambda entry: entry.article))
        return msgspec.structs.replace(closed, entries=entries)

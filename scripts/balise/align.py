"""Character spans meet tokens: the only place where a span's edges move to token edges."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from balise.ledger import Ledger
from balise.records import Span


@dataclass(frozen=True, slots=True)
class Edges:
    """The `[start, end)` of a text's tokens, in order: their starts and their ends."""

    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Give the start and the end of each token."""
        return zip(self.starts, self.ends, strict=True)


class TokenSpan(msgspec.Struct, frozen=True, order=True):
    """A labelled range `[start, end)` of token indices."""

    start: int
    end: int
    label: str


def align_spans(
    article: str,
    spans: Iterable[Span],
    tokens: Edges,
    ledger: Ledger,
    *,
    overlapping: bool = False,
) -> list[TokenSpan]:
    """Snap code point spans to the smallest run of tokens that covers them.

    `tokens` are in code points too. A span that no token touches, or whose tokens an earlier span
    already took, is dropped; the ledger says which.
    Where spans may be `overlapping`, one is dropped only for an earlier one of its label that took
    the very same tokens.
    """
    starts, ends = tokens.starts, tokens.ends
    aligned: list[TokenSpan] = []
    taken: set[TokenSpan] = set()
    for span in sorted(spans):
        first = bisect_right(ends, span.start)
        last = bisect_left(starts, span.end)
        if first >= last:
            ledger.drop(article, span, "no token touches it")
        elif not overlapping and aligned and first < aligned[-1].end:
            ledger.drop(article, span, "its token belongs to the span before it")
        elif (covering := TokenSpan(first, last, span.label)) in taken:
            ledger.drop(article, span, "a span of this label has the same tokens already")
        else:
            aligned.append(covering)
            taken.add(covering)
            snapped = Span(starts[first], ends[last - 1], span.label)
            if snapped == span:
                ledger.keep()
            else:
                ledger.move(article, span, snapped, "snapped", "inside a token")
    return aligned


def bio_tags(spans: Iterable[TokenSpan], length: int) -> list[str]:
    """Turn flat token spans over `length` tokens into BIO (IOB2) tags, one a token."""
    tags = ["O"] * length
    for span in spans:
        tags[span.start] = f"B-{span.label}"
        tags[span.start + 1 : span.end] = [f"I-{span.label}"] * (span.end - span.start - 1)
    return tags

"""How varied each label is in gold: spans, different surfaces, and the surface that leads."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from balise.labels import LabelScheme
from balise.records import Gold


class LabelVariety(msgspec.Struct, frozen=True):
    """One label: its spans whose text is here, their surfaces, and the most frequent of them.

    `leading` holds surfaces with their counts, most frequent first, equals by name.
    """

    label: str
    spans: int
    surfaces: int
    leading: tuple[tuple[str, int], ...]


def label_variety(
    gold: Iterable[Gold], texts: Mapping[str, str], labels: LabelScheme, leading: int = 3
) -> tuple[LabelVariety, ...]:
    """Count each label's surfaces, written the same way, in the scheme's order."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in gold:
        text = texts.get(record.article)
        if text is not None:
            for span in record.spans:
                counts[span.label][text[span.start : span.end]] += 1
    return tuple(
        LabelVariety(
            label,
            counts[label].total(),
            len(counts[label]),
            tuple(sorted(counts[label].items(), key=lambda pair: (-pair[1], pair[0]))[:leading]),
        )
        for label in labels.names
    )

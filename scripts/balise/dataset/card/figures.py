"""What the card states in figures; `counting` takes them from what goes out and nothing else."""

import msgspec

from balise.dataset.card.agreement import Agreement

UNKNOWN = "unknown"


class SplitFigures(msgspec.Struct, frozen=True):
    """One split, or all together.

    `words` counts runs of non-space characters in the texts that go out; a stand-off article
    adds none. `labels` counts the spans of each label, in the scheme's order.
    """

    split: str
    articles: int
    full: int
    standoff: int
    words: int
    spans: int
    events: int
    labels: dict[str, int]


class KindFigures(msgspec.Struct, frozen=True):
    """The articles whose `synthetic` is yes, or no, or unknown.

    `days` are the first and the last on which they are situated or were published.
    """

    synthetic: str
    articles: int
    spans: int
    days: tuple[str, str] | None


class ReaderFigures(msgspec.Struct, frozen=True):
    """One annotator, or the adjudicator: who it is, in words or not said, and what it read."""

    annotator: str
    who: str | None
    readings: int
    spans: int


class LeakFigures(msgspec.Struct, frozen=True):
    """What might let a model read in training what it is tested on.

    `shared` counts the events with more than one article, `straddling` those of them with articles
    in more than one of training, validation and test. `near` counts the pairs of near-duplicates
    among the `texts` that are here, `apart` those pairs that stand in two of the three. A split of
    real articles counts as the one that it stands beside.
    """

    shared: int
    straddling: int
    texts: int
    near: int
    apart: int


class Figures(msgspec.Struct, frozen=True):
    """The figures of a release; the counters map a value to its number of articles.

    `readers` counts the articles by the number of annotators that read them, the adjudicator apart.
    """

    splits: tuple[SplitFigures, ...]
    total: SplitFigures
    countries: dict[str, int]
    registers: dict[str, int]
    decisions: dict[str, int]
    synthetic: tuple[KindFigures, ...]
    licences: dict[tuple[str, str, str], int]
    leaks: LeakFigures
    annotators: tuple[ReaderFigures, ...]
    readers: dict[int, int]
    agreement: Agreement | None

    @property
    def has_real(self) -> bool:
        """Whether articles are here of which it is not said that they were written for it."""
        return any(kind.synthetic != "yes" for kind in self.synthetic)

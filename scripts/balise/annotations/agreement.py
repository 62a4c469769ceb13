"""What a comparison of annotators comes to, as its JSON file holds it and its page shows it."""

import msgspec

from balise.annotations.figures import Figures
from balise.origin import Origin


class PairAgreement(Figures, frozen=True):
    """The figures of two annotators."""

    first: str
    second: str


class Agreement(msgspec.Struct, frozen=True):
    """Every pair of annotators with an article in common, and where the figures come from.

    `overall` adds up the counts of all pairs; its intervals draw articles for all of them at once.
    """

    batch: str | None
    rollup: str | None
    resamples: int
    origin: Origin
    pairs: tuple[PairAgreement, ...]
    overall: Figures

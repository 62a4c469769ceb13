"""Counts of articles become ratios and their differences, with document-bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from balise.bootstrap import Statistic, divide, total_and_resample

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Table:
    """Counts (articles, …, fields), and their sums (1 + resamples, …, fields).

    The first sum is over the articles as they are, the others over resamples of them.
    """

    fields: tuple[str, ...]
    counts: "NDArray[float64]"
    sums: "NDArray[float64]"

    def at(self, *place: int) -> "Table":
        """Keep one place of the axes between the first and the last."""
        counts, sums = self.counts, self.sums
        for index in place:
            counts, sums = counts[:, index], sums[:, index]
        return Table(self.fields, counts, sums)

    def total(self, field: str) -> int:
        """Give a field's sum over the articles."""
        return int(self.sums[0, self.fields.index(field)])

    def documents(self, field: str) -> int:
        """Count the articles in which a field is not zero."""
        return int((self.counts[:, self.fields.index(field)] > 0).sum())

    def ratio(self, part: str, whole: str, per: int = 1) -> Statistic:
        """Divide a field's sum by another's, times `per`; it rests on the articles with a whole."""
        above, below = (self.sums[:, self.fields.index(field)] for field in (part, whole))
        return Statistic(divide(above, below) * per, self.documents(whole))


def make_table(
    fields: Sequence[str], counts: "NDArray[float64]", indices: "NDArray[int64]"
) -> Table:
    """Sum counts (articles, …, fields) over the articles, and over each of `bootstrap.draw`'s."""
    return Table(tuple(fields), counts, total_and_resample(counts, indices))

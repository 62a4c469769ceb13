"""What a learning curve comes to, as its JSON file holds it and its page shows it."""

import msgspec

from balise.bootstrap import Estimate
from balise.origin import Origin


class Point(msgspec.Struct, frozen=True):
    """Strict F1 of models trained on so many articles: their mean with its interval, and each."""

    articles: int
    f1: Estimate
    runs: tuple[float | None, ...]


class Forecast(msgspec.Struct, frozen=True):
    """F1 with `more` articles than there are, and what they add to what the curve has now."""

    more: int
    f1: Estimate
    gain: Estimate


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """The learning curve on one part, its fit F1(n) = a - b·n^(-c), and its look ahead.

    Intervals draw the part's articles and the runs of each size anew, so that they hold what is
    due to which articles test and what is due to which articles trained. They leave out draws in
    which a score is undefined, and take the power law for granted. `backtest` is the largest
    size's score as the smaller sizes would have forecast it; null with fewer than four sizes.
    """

    part: str
    tested: int
    points: tuple[Point, ...]
    a: float
    b: float
    c: float
    forecast: Forecast
    backtest: Estimate | None
    level: float
    resamples: int
    origin: Origin

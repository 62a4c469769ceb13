"""What more annotated articles would bring: the learning curve, and a look at the next hundred."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balise.bootstrap import LEVEL, RESAMPLES, Estimate, Statistic, draw, total_and_resample
from balise.errors import UsageError
from balise.files import write_files
from balise.jsonl import encode_json
from balise.model.curve_figures import Curve, Forecast, Point
from balise.model.curve_page import render_curve
from balise.model.power_law import fit
from balise.model.predict import Watch, unwatched
from balise.model.reference import Reference, load_reference
from balise.model.trials import Found, Runner, Setup, Trial, name_beside, run_trials
from balise.pairing import pair_spans
from balise.score import count_documents, f1
from balise.splits import load_splits

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
SEEDS = 3
MORE = 100


def measure_curve(
    setup: Setup,
    out: Path,
    *,
    shares: Sequence[float] = SHARES,
    seeds: int = SEEDS,
    more: int = MORE,
    jobs: int = 1,
    seed: int = 0,
    resamples: int = RESAMPLES,
    watch: Watch = unwatched,
    run: Runner = run_trials,
) -> Curve:
    """Train on growing shares of the train part, score each model, and fit what they show.

    The shares of one seed are nested. `out` gets the figures and, beside it, a page.

    Raises:
        UsageError: `out` cannot be written (see `name_beside`), the part to score on trains, a
            share is not between 0 and 1, or fewer than three sizes remain.
        BaliseError: as for `train` and `load_reference`.
    """
    page = name_beside(setup, out, ".html")
    reference = load_reference(setup.sources)
    splits = load_splits(setup.sources.splits)
    trains = (*splits.train, *(splits.train_real if setup.recipe.real else ()))
    if learned := {article.id for article in reference.articles} & set(trains):
        raise UsageError(
            "--split",
            f"{len(learned)} of the {len(reference.articles)} articles of part {reference.part!r} "
            "train, and would be scored as if they were new",
            "name a part that does not train, such as dev",
        )
    usable = [share for share in shares if 0 < share <= 1]
    sizes = sorted({round(share * len(trains)) for share in usable} - {0})
    if len(usable) < len(shares) or len(sizes) < 3:
        raise UsageError(
            "--share",
            f"{', '.join(map(str, shares))} of {len(trains)} articles make {len(sizes)} sizes",
            "give at least three different shares between 0 and 1",
        )
    reads = tuple(article.id for article in reference.articles)
    trials = [
        Trial(f"{size} articles, seed {number}", order[:size], reads, number)
        for size in sizes
        for number in [(seed + nth) % 2**32 for nth in range(seeds)]
        for order in [_shuffled(trains, number)]
    ]
    found = watch(run(setup, trials, jobs), "Trainings", len(trials))
    counts = [_count(each, reference) for each in found]
    curve = _fit_curve(sizes, counts, reference, more, seed, resamples)
    write_files({out: encode_json(curve), page: render_curve(curve)})
    return curve


def _shuffled(ids: Sequence[str], seed: int) -> tuple[str, ...]:
    order = sorted(ids)
    random.Random(seed).shuffle(order)  # noqa: S311 - a sample, not a secret
    return tuple(order)


def _count(found: Found, reference: Reference) -> "NDArray[float64]":
    """Count the outcomes of a trial in each article, as an array (articles, 2, 5)."""
    pairing = pair_spans(reference.entities, found.spans)
    articles = [article.id for article in reference.articles]
    counts: NDArray[float64] = count_documents(pairing, articles, pairing.labels).sum(axis=1)
    return counts


def _fit_curve(
    sizes: Sequence[int],
    counts: "Sequence[NDArray[float64]]",
    reference: Reference,
    more: int,
    seed: int,
    resamples: int,
) -> Curve:
    import numpy as np

    documents = len(reference.articles)
    indices = draw(documents, resamples, seed)
    runs = np.array([f1(total_and_resample(each, indices), "strict") for each in counts]).reshape(
        len(sizes), -1, 1 + resamples
    )
    means = _draw_runs(runs, seed)
    articles = np.array(sizes, dtype=float)
    fits = fit(articles, means)
    now, then = fits.at(sizes[-1]), fits.at(sizes[-1] + more)
    return Curve(
        part=reference.part,
        tested=documents,
        points=tuple(
            Point(
                size,
                Statistic(means[:, at], documents).estimate(),
                tuple(None if np.isnan(value) else value for value in runs[at, :, 0].tolist()),
            )
            for at, size in enumerate(sizes)
        ),
        a=float(fits.a[0]),
        b=float(fits.b[0]),
        c=float(fits.c[0]),
        forecast=Forecast(
            more,
            Statistic(then, documents).estimate(),
            Statistic(then - now, documents).estimate(),
        ),
        backtest=_backtest(articles, means, documents),
        level=LEVEL,
        resamples=resamples,
        origin=reference.origin(seed),
    )


def _draw_runs(runs: "NDArray[float64]", seed: int) -> "NDArray[float64]":
    """Average runs (sizes, runs, 1 + resamples) as (1 + resamples, sizes).

    The first is over all runs, each other over as many, drawn with replacement. A mean is
    undefined where one of its runs is.
    """
    import numpy as np

    sizes, number, columns = runs.shape
    drawn = np.random.default_rng(seed + 1).integers(0, number, size=(sizes, number, columns))
    drawn[:, :, 0] = np.arange(number)[None]
    means: NDArray[float64] = np.take_along_axis(runs, drawn, axis=1).mean(axis=1).T
    return means


def _backtest(
    sizes: "NDArray[float64]", means: "NDArray[float64]", documents: int
) -> Estimate | None:
    if len(sizes) < 4:
        return None
    earlier = fit(sizes[:-1], means[:, :-1])
    return Statistic(earlier.at(sizes[-1]), documents).estimate()

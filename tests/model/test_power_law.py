"""Power laws are found again in scores that were made from them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import least_squares

from balise.model.power_law import fit

SIZES = np.array([25.0, 50.0, 100.0, 150.0, 200.0])


@pytest.mark.parametrize(("a", "b", "c"), [(0.9, 0.8, 0.4), (0.95, 2.0, 0.8), (0.85, 1.0, 1.2)])
def test_a_curve_is_found_again(a: float, b: float, c: float) -> None:
    found = fit(SIZES, (a - b * SIZES**-c)[None])
    assert found.at(300)[0] == pytest.approx(a - b * 300**-c, abs=1e-4)
    assert (found.a[0], found.c[0]) == pytest.approx((a, c), abs=0.02)


def test_every_row_is_a_curve_of_its_own() -> None:
    rows = np.array([0.9 - 0.8 * SIZES**-0.4, 0.7 - 0.5 * SIZES**-0.6])
    both = fit(SIZES, rows)
    for at in (0, 1):
        alone = fit(SIZES, rows[at : at + 1])
        assert both.at(400)[at] == pytest.approx(alone.at(400)[0])


def test_a_curve_with_an_undefined_score_is_undefined_and_leaves_the_others_alone() -> None:
    row = 0.9 - 0.8 * SIZES**-0.4
    broken = np.where(SIZES == 100, np.nan, row)
    found = fit(SIZES, np.array([broken, row, np.full(5, np.nan)]))
    assert np.isnan([each[[0, 2]] for each in (*found, found.at(400))]).all()
    assert found.at(400)[1] == pytest.approx(fit(SIZES, row[None]).at(400)[0])


def test_a_fitted_curve_neither_falls_nor_passes_one() -> None:
    falling = fit(SIZES, np.array([[0.8, 0.78, 0.75, 0.74, 0.7]]))
    assert falling.b[0] == 0
    assert falling.at(1000)[0] == pytest.approx(falling.at(25)[0])
    steep = fit(SIZES, np.array([[0.1, 0.4, 0.7, 0.9, 0.99]]))
    assert steep.at(10**9)[0] <= 1


def test_it_fits_at_least_as_well_as_scipy_does() -> None:
    scores = np.array([0.61, 0.7, 0.775, 0.8, 0.82])
    weights = np.sqrt(SIZES / SIZES.sum())

    def errors(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return weights * (p[0] - p[1] * SIZES ** -p[2] - scores)

    theirs = least_squares(errors, [0.9, 1.0, 0.5], bounds=([0, 0, 0.02], [1, 50, 2]))
    ours = fit(SIZES, scores[None])
    mine = np.array([ours.a[0], ours.b[0], ours.c[0]])
    assert (errors(mine) ** 2).sum() <= (theirs.fun**2).sum() * 1.02

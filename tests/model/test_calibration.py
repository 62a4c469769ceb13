"""Calibration against counts by hand."""

import pytest

from balise.model.calibration import BINS, calibrate
from balise.pairing import Entity


def spans(number: int) -> list[Entity]:
    return [Entity("a", at, at + 1, "X") for at in range(number)]


def test_bins_hold_equally_many_and_compare_probability_with_right() -> None:
    known = spans(20)
    sure = {entity: 0.05 * at for at, entity in enumerate(known)}
    right = set(known[10:])
    found = calibrate(sure, set(known), right)
    assert found is not None
    assert [each.spans for each in found.bins] == [2] * BINS
    assert found.bins[0].probability == pytest.approx(0.025)
    assert (found.bins[4].right, found.bins[5].right) == (0, 1)
    assert (found.bins[-1].lowest, found.bins[-1].highest) == pytest.approx((0.9, 0.95))
    gaps = [abs((sure[known[2 * n]] + sure[known[2 * n + 1]]) / 2 - (n > 4)) for n in range(BINS)]
    assert found.error == pytest.approx(sum(gaps) / BINS)
    assert found.brier == pytest.approx(
        sum((p - (entity in right)) ** 2 for entity, p in sure.items()) / 20
    )
    assert found.auroc == 1


def test_fewer_spans_than_bins_are_a_bin_each() -> None:
    known = spans(3)
    found = calibrate(dict.fromkeys(known, 0.5), set(known), set(known))
    assert found is not None
    assert [each.spans for each in found.bins] == [1, 1, 1]
    assert found.error == pytest.approx(0.5)
    assert found.auroc is None  # all are right


def test_spans_without_a_probability_are_left_out_and_counted() -> None:
    known = spans(4)
    found = calibrate({known[0]: 0.9, Entity("b", 0, 1, "X"): 0.1}, set(known), set(known))
    assert found is not None
    assert (len(found.bins), found.without) == (1, 3)


def test_without_any_probability_there_is_no_calibration() -> None:
    assert calibrate({}, set(spans(2)), set()) is None
    assert calibrate({Entity("a", 0, 1, "X"): 0.4}, set(), set()) is None

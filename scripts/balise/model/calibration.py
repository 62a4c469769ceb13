"""Whether a pipeline is as often right as it is sure of its spans: its calibration."""

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

import msgspec

from balise.pairing import Entity

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

BINS = 10


class Bin(msgspec.Struct, frozen=True):
    """Spans of neighbouring probabilities: their mean, and the share of them that is right."""

    spans: int
    lowest: float
    highest: float
    probability: float
    right: float


class Calibration(msgspec.Struct, frozen=True):
    """How far the probabilities of predicted spans are from the share that is strictly right.

    `error` is the expected calibration error over the bins, each weighing as much as it has spans
    (Guo, Pleiss, Sun & Weinberger 2017, « On calibration of modern neural networks »; their bins
    are equally wide, these hold equally many spans). `brier` is the mean squared distance from
    right (1) or wrong (0) (Brier 1950), and `auroc` the chance that a right span has a higher
    probability than a wrong one; it is null where all are right, or all wrong. `without` counts
    predicted spans that the recogniser gave no probability, as those of rules.
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    auroc: float | None
    without: int


def calibrate(
    probabilities: Mapping[Entity, float], predicted: Set[Entity], gold: Set[Entity]
) -> Calibration | None:
    """Compare probabilities with what is right; None where no predicted span has one."""
    import numpy as np

    known = sorted(entity for entity in predicted if entity in probabilities)
    if not known:
        return None
    sure = np.array([probabilities[entity] for entity in known])
    right = np.array([entity in gold for entity in known], dtype=float)
    order = np.argsort(sure, kind="stable")
    bins = tuple(
        Bin(
            len(places),
            float(sure[places].min()),
            float(sure[places].max()),
            float(sure[places].mean()),
            float(right[places].mean()),
        )
        for places in np.array_split(order, min(BINS, len(known)))
    )
    return Calibration(
        bins,
        sum(each.spans * abs(each.probability - each.right) for each in bins) / len(known),
        float(((sure - right) ** 2).mean()),
        _auroc(sure, right),
        len(predicted) - len(known),
    )


def _auroc(sure: "NDArray[float64]", right: "NDArray[float64]") -> float | None:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(right, sure)) if 0 < right.sum() < len(right) else None

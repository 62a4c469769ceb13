"""The labels' colours stay apart on Doccano's page, for colour-blind people too."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from balise.colours import contrasting_colour
from balise.labels import LabelScheme

# Machado, Oliveira & Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", severity 1.0; they apply to linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
SRGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
D65 = np.array([0.95047, 1.0, 1.08883])
# A difference of 2.3 is just noticeable (Mahy, Van Eycken & Oosterlinck 1994); ten times that is
# told apart at a glance.
APART = 25


def linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    dark = channels <= 0.04045
    return np.where(dark, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def cielab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = SRGB_TO_XYZ @ np.clip(rgb, 0, 1) / D65
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_labels_are_told_apart(labels: LabelScheme, vision: str) -> None:
    seen = {one.name: cielab(VISIONS[vision] @ linear(one.colour)) for one in labels.labels}
    for left, right in combinations(seen, 2):
        assert np.linalg.norm(seen[left] - seen[right]) >= APART, (left, right)


def test_the_names_on_them_are_read(labels: LabelScheme) -> None:
    for one in labels.labels:
        text = linear(contrasting_colour(one.colour)) @ SRGB_TO_XYZ[1]
        ground = linear(one.colour) @ SRGB_TO_XYZ[1]
        light, dark = max(text, ground), min(text, ground)
        # WCAG 2.1, success criterion 1.4.3.
        assert (light + 0.05) / (dark + 0.05) >= 4.5, one.name


@pytest.mark.parametrize(
    ("background", "text"),
    [
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#ffff00", "#000000"),
        ("#0000ff", "#ffffff"),
        # The two greys on either side of the luminance where black and white contrast alike.
        ("#757575", "#ffffff"),
        ("#767676", "#000000"),
    ],
)
def test_the_text_on_a_label_is_black_or_white_whichever_contrasts_more(
    background: str, text: str
) -> None:
    assert contrasting_colour(background) == text

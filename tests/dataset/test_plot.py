"""The card's picture, read as XML."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from balise.dataset.card.counting import count_release
from balise.dataset.card.plot import draw_spans
from balise.dataset.load import load_release
from dataset.project import Project

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture(told: Project) -> ET.Element:
    return ET.fromstring((told.out / "spans.svg").read_bytes())


def test_bars_are_as_many_and_as_wide_as_the_spans(told: Project, picture: ET.Element) -> None:
    figures = count_release(load_release(told.inputs))
    widths: dict[str, float] = {}
    spans: Counter[str] = Counter()
    for bar in picture.iter(f"{SVG}rect"):
        title = bar.find(f"{SVG}title")
        if title is not None:
            place, count = str(title.text).split(": ")
            label = place.split(", ")[0]
            spans[label] += int(count)
            widths[label] = widths.get(label, 0.0) + float(bar.attrib["width"])
    expected = {label: count for label, count in figures.total.labels.items() if count}
    assert dict(spans) == expected
    longest = max(expected, key=lambda label: expected[label])
    for label, count in expected.items():
        assert widths[label] == pytest.approx(widths[longest] * count / expected[longest], abs=0.5)


def test_every_label_and_split_is_named_and_nothing_leaves_the_picture(
    told: Project, picture: ET.Element
) -> None:
    figures = count_release(load_release(told.inputs))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert {*figures.total.labels, *(split.split for split in figures.splits)} <= set(words)
    width = float(picture.attrib["width"])
    for bar in picture.iter(f"{SVG}rect"):
        assert float(bar.attrib.get("x", 0)) + float(bar.attrib["width"]) <= width


def test_the_same_figures_make_the_same_picture_and_the_card_shows_it(told: Project) -> None:
    figures = count_release(load_release(told.inputs))
    assert draw_spans(figures).encode() == (told.out / "spans.svg").read_bytes()
    assert "](spans.svg)" in (told.out / "README.md").read_text(encoding="utf-8")

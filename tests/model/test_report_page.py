"""The report in Chromium: it sorts, it fits a phone, it is readable in the dark and on paper."""

import base64
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser import open_browser
from scored_project import lay_out, make_pipeline, run

MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) a pris [Gao](LOCATION) [lundi](DATE).",
    "afp-2": "Une [attaque](EVENT) à [Gao](LOCATION) et à [Kidal](LOCATION).",
}


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("report")
    lay_out(root, MARKED)
    make_pipeline(root / "ruled", {"Wagner": "PERSON", "Gao": "LOCATION", "attaque": "EVENT"})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert run("evaluate", "ruled", "--no-baseline").exit_code == 0
    return root / "build/model/reports/ruled/report.html"


def column(page: Page, place: int) -> list[str]:
    """Read one column of the table by label."""
    cells = page.locator("section:has(> h2:text-is('By label')) tbody tr").all()
    return [cell.locator("th, td").nth(place).inner_text().split("\n")[0] for cell in cells]


def test_a_heading_sorts_and_the_total_stays_at_the_foot(html: Path) -> None:
    with open_browser() as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(html.as_uri())
        before = column(page, 0)
        heading = page.locator("section:has(> h2:text-is('By label')) thead th").nth(1)
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        gold = [int(number) for number in column(page, 1)]
        assert gold[:-1] == sorted(gold[:-1], reverse=True)
        assert column(page, 0)[-1] == before[-1] == "all labels"
        assert column(page, 0)[0] == "LOCATION"
        heading.locator("button").click()
        gold = [int(number) for number in column(page, 1)]
        assert gold[:-1] == sorted(gold[:-1])
        # F1 is undefined for most labels here: dashes come last, whichever way.
        f1 = page.locator("section:has(> h2:text-is('By label')) thead th").nth(6)
        for _ in range(2):
            f1.locator("button").click()
            assert column(page, 6)[-2] == "–"
            assert column(page, 6)[0] != "–"
        assert faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_never_wider_than_the_screen(html: Path, width: int) -> None:
    with open_browser(width=width) as page:
        page.goto(html.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_stand_out_from_the_paper_in_light_and_dark(html: Path) -> None:
    with open_browser() as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(html.as_uri())
            for selector in ("body", ".soft", ".bounds", "mark.wrong .tag"):
                assert _contrast(page, selector) >= 4.5, (scheme, selector)


def _contrast(page: Page, selector: str) -> float:
    """Measure an element's contrast with the page's paper as WCAG 2.1 defines it."""
    ratio: float = page.evaluate(
        """selector => {
          const paint = document.createElement("canvas").getContext("2d");
          const light = colour => {
            paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map(v => v / 255)
              .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const one = light(getComputedStyle(document.querySelector(selector)).color);
          const other = light(getComputedStyle(document.body).backgroundColor);
          return (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
        }""",
        selector,
    )
    return ratio


def test_on_paper_nothing_is_cut_off(html: Path, tmp_path: Path) -> None:
    with open_browser() as page:
        page.goto(html.as_uri())
        page.emulate_media(media="print")
        hidden = page.evaluate(
            """[...document.querySelectorAll(".wide")]
              .filter(box => getComputedStyle(box).overflowX !== "visible").length"""
        )
        assert hidden == 0
        page.pdf(path=tmp_path / "report.pdf", format="A4")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("scheme", "paper", "accent"),
    [("light", (252, 252, 250), (31, 95, 191)), ("dark", (23, 24, 26), (127, 176, 245))],
)
def test_a_screenshot_shows_the_bars_on_the_paper(
    html: Path, scheme: str, paper: tuple[int, int, int], accent: tuple[int, int, int]
) -> None:
    with open_browser() as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(html.as_uri())
        table = page.locator("section:has(> h2:text-is('By label')) table")
        colours = _colours(page, table.screenshot())
    total = sum(colours.values())
    assert colours[paper] / total > 0.8
    # A bar for each of the labels that has a score, each some pixels wide and high.
    assert colours[accent] > 5 * 10


def _colours(page: Page, screenshot: bytes) -> Counter[tuple[int, int, int]]:
    """Count the pixels of a screenshot by their colour."""
    # The report itself may load no image, not even one that is given to it.
    page.goto("about:blank")
    pixels = page.evaluate(
        """async encoded => {
          const image = new Image();
          image.src = "data:image/png;base64," + encoded;
          await image.decode();
          const canvas = document.createElement("canvas");
          canvas.width = image.width; canvas.height = image.height;
          const paint = canvas.getContext("2d");
          paint.drawImage(image, 0, 0);
          const data = paint.getImageData(0, 0, image.width, image.height).data;
          const counts = {};
          for (let at = 0; at < data.length; at += 4) {
            const key = data[at] + "," + data[at + 1] + "," + data[at + 2];
            counts[key] = (counts[key] || 0) + 1;
          }
          return counts;
        }""",
        base64.b64encode(screenshot).decode(),
    )
    found: Counter[tuple[int, int, int]] = Counter()
    for key, count in pixels.items():
        red, green, blue = map(int, key.split(","))
        found[red, green, blue] += count
    return found

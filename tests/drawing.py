"""The spans on Doccano's page: how they are drawn, made, changed and deleted by hand."""

import re
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, expect

from browser import redrawn

# The page keeps lines of the text before for later use, far above the window.
_LINES = """[...document.querySelectorAll('svg text[id*=":"]')]
  .filter(line => line.getBoundingClientRect().top > -5000)
  .sort((one, other) => parseInt(one.id) - parseInt(other.id))"""

# The underlined pieces of each line; the page's own geometry tells which characters a line covers.
# A span that goes on in the next line has its label under its first piece alone.
_PIECES = (
    f"() => {_LINES}"
    + """.flatMap(text =>
  [...text.parentElement.querySelectorAll('line')].map(line => {
    const left = line.x1.baseVal.value - 3, right = line.x2.baseVal.value + 3;
    let surface = '';
    for (let i = 0; i < text.getNumberOfChars(); i++) {
      const box = text.getExtentOfChar(i), middle = box.x + box.width / 2;
      if (left < middle && middle < right) surface += text.textContent[i];
    }
    const label = line.parentElement.querySelector('text');
    const box = label && label.getBoundingClientRect();
    return {
      order: [parseInt(text.id), left], surface, colour: getComputedStyle(line).stroke,
      label: label && label.textContent,
      place: box && [box.x + box.width / 2, box.y + box.height / 2],
    };
  })
)
"""
)

# Where a piece of text stands in the window, which may break it over two lines: its two ends.
_ENDS = (
    f"surface => {{ const lines = {_LINES};"
    + """
  const all = lines.map(line => line.textContent).join('');
  const first = all.indexOf(surface);
  if (first < 0) throw new Error(surface + ' is not on the page');
  const end = (at, edge) => {
    for (const line of lines) {
      if (at < line.textContent.length) {
        const matrix = line.getScreenCTM(), box = line.getExtentOfChar(at);
        const x = edge == 'left' ? box.x + 1 : box.x + box.width - 1;
        return [matrix.e + x, matrix.f + box.y + box.height / 2];
      }
      at -= line.textContent.length;
    }
  };
  return [end(first, 'left'), end(first + surface.length - 1, 'right')];
}
"""
)


class Drawn(NamedTuple):
    """A span as the page shows it: what is underlined, the name below it and the line's colour."""

    surface: str
    label: str
    colour: str


def _settled(page: Page, script: str, argument: object = None) -> Any:
    """Read something from the page once it no longer changes: lines move when labels appear."""
    before, now = None, page.evaluate(script, argument)
    while now != before:
        page.wait_for_timeout(60)
        before, now = now, page.evaluate(script, argument)
    return now


def _pieces(page: Page) -> list[dict[str, Any]]:
    """Read the underlined pieces in the order of the text."""
    pieces: list[dict[str, Any]] = _settled(page, _PIECES)
    return sorted(pieces, key=lambda piece: piece["order"])


def drawn(page: Page) -> list[Drawn]:
    """List the spans that are drawn on the page, in the order of the text."""
    found: list[Drawn] = []
    for piece in _pieces(page):
        if piece["label"] is None:
            found[-1] = found[-1]._replace(surface=found[-1].surface + piece["surface"])
        else:
            found.append(Drawn(piece["surface"], piece["label"], _hex(piece["colour"])))
    return found


def label_list(page: Page) -> list[tuple[str, str, str]]:
    """List the labels beside the text: name, hotkey, colour."""
    found = page.locator(".v-card .v-chip").evaluate_all(
        "chips => chips.map(one => [one.innerText, getComputedStyle(one).backgroundColor])"
    )
    return [(*text.split(), _hex(colour)) for text, colour in found]


def _hex(colour: str) -> str:
    """Turn `rgb(22, 67, 194)` into `#1643c2`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour))


def activate(page: Page, hotkey: str) -> None:
    """Press a label's hotkey, and see that label marked in the list."""
    page.keyboard.press(hotkey)
    expect(page.locator(".v-chip--active .v-avatar")).to_have_text(hotkey)


def ends(page: Page, surface: str) -> list[list[float]]:
    """Find the two ends of a piece of text in the window."""
    found: list[list[float]] = _settled(page, _ENDS, surface)
    assert page.viewport_size
    assert all(0 < y < page.viewport_size["height"] for _, y in found), f"{surface}: out of sight"
    return found


def select(page: Page, surface: str) -> None:
    """Drag the mouse over a piece of text."""
    start, end = ends(page, surface)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def annotate(page: Page, surface: str, hotkey: str) -> None:
    """Choose a label by its hotkey, and drag the mouse over the surface."""
    activate(page, hotkey)
    with redrawn(page):
        select(page, surface)


def click_label(page: Page, surface: str, button: str = "left") -> None:
    """Click the label's name under a span."""
    [place] = [one["place"] for one in _pieces(page) if one["surface"] == surface and one["place"]]
    page.mouse.click(*place, button=button)  # type: ignore[arg-type]


def remove(page: Page, surface: str) -> None:
    """Delete a span by a right click on its label's name."""
    with redrawn(page):
        click_label(page, surface, "right")


def menu(page: Page) -> Locator:
    """Find the open menu of labels."""
    return page.locator(".v-menu__content.menuable__content__active")


def choose(page: Page, label: str) -> None:
    """Choose a label in the open menu."""
    with redrawn(page):
        menu(page).locator(".v-list-item__title").get_by_text(label, exact=True).click()
    expect(menu(page)).to_have_count(0)

"""Doccano's page in headless Chromium, as an annotator sees and uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What is underlined on the page: the page's own geometry tells which characters a line covers.
_UNDERLINED = """
() => [...document.querySelectorAll('svg text[id*=":"]')].flatMap(text => {
  const group = text.parentElement;
  return [...group.querySelectorAll('line')].map(line => {
    const left = line.x1.baseVal.value - 3, right = line.x2.baseVal.value + 3;
    let covered = '';
    for (let i = 0; i < text.getNumberOfChars(); i++) {
      const box = text.getExtentOfChar(i), middle = box.x + box.width / 2;
      if (left < middle && middle < right) covered += text.textContent[i];
    }
    return [covered, line.parentElement.querySelector('text').textContent];
  });
})
"""

# Where a piece of text stands in the window: the left and right ends of its line.
_PLACE = """
surface => {
  for (const text of document.querySelectorAll('svg text[id*=":"]')) {
    const at = text.textContent.indexOf(surface);
    if (at < 0) continue;
    const matrix = text.getScreenCTM();
    const first = text.getExtentOfChar(at), last = text.getExtentOfChar(at + surface.length - 1);
    const y = matrix.f + first.y + first.height / 2;
    return [matrix.e + first.x + 1, y, matrix.e + last.x + last.width - 1, y];
  }
  throw new Error(surface + ' is not on the page');
}
"""


@contextmanager
def open_browser(width: int = 1280, height: int = 800) -> Iterator[Page]:
    """Start Debian's Chromium, and close it at the end."""
    assert Path(CHROMIUM).exists(), "install Debian's chromium: `make test` does it where it may"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


def sign_in(page: Page, url: str, user: str, password: str) -> None:
    """Log in through Doccano's form."""
    page.goto(f"{url}/auth")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects")


def open_document(page: Page, url: str, project: int, number: int = 1) -> None:
    """Open a project's document, by its place in the list, with its labels drawn."""
    page.goto(f"{url}/projects/{project}/sequence-labeling?page={number}")
    page.wait_for_selector('svg text[id*=":"]')
    page.wait_for_selector("text=Label Types")


def underlined(page: Page) -> list[tuple[str, str]]:
    """List the surfaces that are underlined on the page, each with its label."""
    return [(surface, label) for surface, label in page.evaluate(_UNDERLINED)]


def annotate(page: Page, surface: str, hotkey: str) -> None:
    """Choose a label by its hotkey, and drag the mouse over the surface."""
    before = len(underlined(page))
    page.keyboard.press(hotkey)
    left, top, right, bottom = page.evaluate(_PLACE, surface)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, top, steps=4)
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "count => document.querySelectorAll('svg line').length > count", arg=before
    )


def confirm(page: Page) -> None:
    """Press the confirm button, the first of the tool bar."""
    with page.expect_response("**/states"):
        page.locator(".toolbar-control .v-btn-toggle button").first.click()

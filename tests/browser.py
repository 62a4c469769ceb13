"""Doccano's page in headless Chromium, as a French annotator sees and uses it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Doccano's pages ask for a film and fonts from elsewhere: nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

LINE = 'svg text[id*=":"]'
TOOLS = ("confirm", "filter", "order", "guideline", "comment", "machine", "bin", "shortcuts")
"""The buttons of the tool bar, from left to right; Doccano names them in tooltips alone."""

_CHECK_MARK = re.compile("^M21,7L9,19")
_CROSS = re.compile("^M19,6.41L17.59,5")


@contextmanager
def open_browser(width: int = 1280, height: int = 1000, locale: str = "fr-FR") -> Iterator[Page]:
    """Start Debian's Chromium in a language, and close it at the end."""
    assert Path(CHROMIUM).exists(), "install Debian's chromium: `make test` does it where it may"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            size = {"width": width, "height": height}
            yield browser.new_page(viewport=size, locale=locale)  # type: ignore[arg-type]
        finally:
            browser.close()


@contextmanager
def new_window(page: Page) -> Iterator[Page]:
    """Open a second browser beside the first, which shares no login with it."""
    browser = page.context.browser
    assert browser is not None
    size = {"width": 1280, "height": 1000}
    with browser.new_context(viewport=size, locale="fr-FR") as context:  # type: ignore[arg-type]
        yield context.new_page()


def sign_in(page: Page, url: str, user: str, password: str) -> None:
    """Open the server's French page, and log in by its form."""
    page.goto(f"{url}/fr")
    page.locator("header").get_by_role("button", name="Connexion").click()
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.locator(".v-card").get_by_role("button", name="Connexion").click()
    page.wait_for_url("**/fr/projects**")
    page.wait_for_selector("tbody a")


def projects(page: Page) -> list[str]:
    """List the names in the list of projects."""
    return page.locator("tbody a").all_inner_texts()


def open_project(page: Page, name: str) -> None:
    """Open a project from the list, and press the button that starts."""
    page.get_by_role("link", name=name, exact=True).click()
    # The button leads nowhere before the project is there.
    expect(page.locator("header")).to_contain_text(name)
    with loaded(page):
        page.get_by_text("Commencer Annotation").click()


def open_document(page: Page, url: str, project: int, number: int = 1) -> None:
    """Open a project's document, by its place in the list, with its labels drawn."""
    with loaded(page):
        page.goto(f"{url}/fr/projects/{project}/sequence-labeling?page={number}")


@contextmanager
def redrawn(page: Page) -> Iterator[None]:
    """Wait, after what is done inside, until the page has asked for a document's spans anew.

    It asks for relations last, and draws then.
    """
    with page.expect_response("**/relations"):
        yield


@contextmanager
def loaded(page: Page) -> Iterator[None]:
    """Wait, after what is done inside, until another document can be worked in.

    While the page still builds its text, selections go astray and keys are dropped.
    """
    with redrawn(page):
        yield
    page.wait_for_selector(LINE)
    page.wait_for_selector("text=Label Types")
    page.wait_for_timeout(300)


def tool(page: Page, name: str) -> Locator:
    """Find a button of the tool bar."""
    return page.locator(".toolbar-control .v-btn-toggle button").nth(TOOLS.index(name))


def dialogue(page: Page) -> Locator:
    """Find the open dialogue."""
    return page.locator(".v-dialog--active")


def close(page: Page) -> None:
    """Close the open dialogue by its button."""
    dialogue(page).get_by_role("button", name="Fermer").click()
    expect(dialogue(page)).to_have_count(0)


def comment(page: Page, message: str) -> None:
    """Write a comment in its dialogue, and close it."""
    tool(page, "comment").click()
    dialogue(page).locator("textarea").first.fill(message)
    dialogue(page).get_by_role("button", name="Send").click()
    expect(dialogue(page).get_by_text(message)).to_be_visible()
    close(page)


def expect_mark(page: Page, *, confirmed: bool) -> None:
    """See the check mark, or the cross, at the left of the tool bar."""
    shape = _CHECK_MARK if confirmed else _CROSS
    expect(tool(page, "confirm").locator("path")).to_have_attribute("d", shape)


def confirm(page: Page, *, by_key: bool = False) -> None:
    """Confirm by the button or by the Enter key, and see the cross become a check mark."""
    expect_mark(page, confirmed=False)
    # The page reads the document again and then the progress; until then it drops an arrow key.
    with page.expect_response("**/metrics/progress"):
        if by_key:
            page.keyboard.press("Enter")
        else:
            tool(page, "confirm").click()
    expect_mark(page, confirmed=True)


def turn(page: Page, key: str) -> None:
    """Go to another document by an arrow key."""
    with loaded(page):
        page.keyboard.press(key)

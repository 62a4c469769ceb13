"""Every gesture that annotations/README.md describes does on the page what it says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.doccano.wire import ServerProject
from balise.labels import LabelScheme
from browser import (
    LINE,
    close,
    confirm,
    dialogue,
    expect_mark,
    loaded,
    open_browser,
    open_document,
    redrawn,
    sign_in,
    tool,
    turn,
)
from drawing import activate, annotate, choose, drawn, ends, menu, select
from small_batch import SmallBatch

# One worker: the tests share a project and a browser.
pytestmark = [pytest.mark.doccano, pytest.mark.xdist_group("gestures")]

# A document for each test that leaves spans behind.
TEXTS = {f"gestes-{number}": f"😀 L’{number}e convoi quitte Gao mardi." for number in range(1, 8)}


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, home: Path, server: Server, labels: LabelScheme
) -> ServerProject:
    """Push one annotator's batch."""
    batch = SmallBatch(tmp_path_factory.mktemp("gestes"), "gestes", ["diane"], TEXTS)
    push(batch.make(), server, Logins(home), labels)
    return server.require_project("gestes.diane")


@pytest.fixture(scope="module")
def page(home: Path, server: Server, project: ServerProject) -> Iterator[Page]:
    """Log in once."""
    with open_browser() as page:
        sign_in(page, server.url, "diane", Logins(home).password("diane"))
        yield page


@pytest.fixture(scope="module")
def open_number(page: Page, server: Server, project: ServerProject) -> Callable[[int], Page]:
    """Open the document of a number."""

    def opened(number: int) -> Page:
        open_document(page, server.url, project.id, number)
        return page

    return opened


def found(page: Page) -> list[tuple[str, str]]:
    return [(one.surface, one.label) for one in drawn(page)]


def test_the_menu_at_the_top_turns_an_english_page_into_a_french_one(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/projects")
    page.locator(".v-app-bar").get_by_role("button", name="en").click()
    page.get_by_text("Français").click()
    page.wait_for_url("**/fr/projects**")
    expect(page.locator(".v-app-bar")).to_contain_text("projets")


def test_an_active_label_marks_every_selection_until_it_is_left_by_a_click(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(1)
    annotate(page, "Gao", "l")
    start, end = ends(page, "mardi")
    with redrawn(page):
        page.mouse.dblclick((start[0] + end[0]) / 2, start[1])
    assert found(page) == [("Gao", "LOCATION"), ("mardi", "LOCATION")]
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    active = page.locator(".v-chip--active")
    expect(active).to_have_count(1)
    active.click()
    expect(active).to_have_count(0)
    select(page, "convoi")
    expect(menu(page)).to_have_count(1)


def test_without_an_active_label_a_menu_opens_that_escape_closes_and_a_click_answers(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(2)
    select(page, "Gao")
    expect(menu(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu(page)).to_have_count(0)
    assert found(page) == []
    # The hotkeys are silent now, until a label of the list is clicked.
    page.keyboard.press("d")
    active = page.locator(".v-chip--active")
    page.wait_for_timeout(300)
    expect(active).to_have_count(0)
    page.locator(".v-chip", has_text="FACILITY").click()
    activate(page, "d")
    active.click()
    select(page, "Gao")
    choose(page, "LOCATION")
    assert found(page) == [("Gao", "LOCATION")]
    with loaded(page):
        page.reload()
    assert found(page) == [("Gao", "LOCATION")]


def test_a_selection_that_overlaps_a_span_is_refused_without_a_word(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(3)
    annotate(page, "Gao", "l")
    activate(page, "e")
    select(page, "quitte Gao mardi")
    annotate(page, "mardi", "d")
    assert found(page) == [("Gao", "LOCATION"), ("mardi", "DATE")]


def test_the_bin_asks_and_then_deletes_every_span_of_the_document(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(4)
    annotate(page, "Gao", "l")
    annotate(page, "mardi", "d")
    tool(page, "bin").click()
    dialogue(page).get_by_role("button", name="Annuler").click()
    expect(dialogue(page)).to_have_count(0)
    assert found(page) == [("Gao", "LOCATION"), ("mardi", "DATE")]
    tool(page, "bin").click()
    with redrawn(page):
        dialogue(page).get_by_role("button", name="Oui").click()
    assert found(page) == []


def test_a_comment_takes_lines_can_be_mended_and_deleted_and_enter_then_confirms_behind_it(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(5)
    tool(page, "comment").click()
    box = dialogue(page).locator("textarea")
    box.first.click()
    page.keyboard.type("un doute")
    page.keyboard.press("Enter")
    page.keyboard.type("deux doutes")
    assert box.first.input_value() == "un doute\ndeux doutes"
    dialogue(page).get_by_role("button", name="Send").click()
    points = dialogue(page).locator("button:not(:has-text('Send')):not(:has-text('Fermer'))")
    points.click()
    menu(page).get_by_text("Edit").click()
    box.last.fill("plus de doute")
    dialogue(page).get_by_role("button", name="Update").click()
    expect(dialogue(page).get_by_text("plus de doute")).to_be_visible()
    points.click()
    menu(page).get_by_text("Delete").click()
    expect(dialogue(page).get_by_text("plus de doute")).to_have_count(0)
    expect_mark(page, confirmed=False)
    for confirmed in (True, False):
        with page.expect_response("**/metrics/progress"):
            page.keyboard.press("Enter")
        expect_mark(page, confirmed=confirmed)
    close(page)


def test_enter_confirms_and_takes_back_and_the_arrows_turn_the_pages(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(6)
    confirm(page, by_key=True)
    with page.expect_response("**/metrics/progress"):
        page.keyboard.press("Enter")
    expect_mark(page, confirmed=False)
    turn(page, "ArrowRight")
    expect(page.locator(LINE).first).to_contain_text("7e convoi")
    turn(page, "ArrowLeft")
    expect(page.locator(LINE).first).to_contain_text("6e convoi")


def test_the_filter_leaves_what_is_not_done_and_confirming_brings_the_next(
    open_number: Callable[[int], Page],
) -> None:
    page = open_number(1)
    tool(page, "filter").click()
    with loaded(page):
        page.get_by_text("Non terminé", exact=True).click()
    expect(page.locator(".toolbar-control")).to_contain_text("1 of 7")
    expect(page.locator(LINE).first).to_contain_text("1e convoi")
    with page.expect_response("**/metrics/progress"):
        page.keyboard.press("Enter")
    expect(page.locator(".toolbar-control")).to_contain_text("1 of 6")
    expect(page.locator(LINE).first).to_contain_text("2e convoi")
    expect_mark(page, confirmed=False)

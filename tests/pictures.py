"""Take the pictures of the READMEs: Doccano as annotators see it, and the report of `make demo`."""

import tempfile
from pathlib import Path

from playwright.sync_api import FloatRect, Page, expect

from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, up
from balise.jsonl import read_jsonl
from balise.labels import load_labels
from balise.records import Annotation
from balise.tasks.make import make_batch
from browser import (
    close,
    confirm,
    dialogue,
    expect_mark,
    open_browser,
    open_document,
    sign_in,
    tool,
)
from drawing import activate, drawn, menu, select

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "annotations" / "images"
REPORT = ROOT / "build" / "demo" / "model" / "report" / "report.html"
READINGS = ROOT / "annotations" / "premiers" / "lm-1.jsonl"
ARTICLE = "balise-urgent-mozambique"
LABELS = ROOT / "annotations" / "labels.toml"
DOUBT = "site gazier d'Afungi | FACILITY ou LOCATION | FACILITY | piège 38"
WIDTH, HEIGHT = 1000, 880


def take(page: Page, name: str, x: float, y: float, width: float, height: float) -> None:
    """Photograph a rectangle of the window, when nothing in it fades or slides any more."""
    page.wait_for_timeout(700)
    clip: FloatRect = {"x": x, "y": y, "width": width, "height": height}
    page.screenshot(path=IMAGES / name, clip=clip)


def take_dialogue(page: Page, name: str, height: float | None = None) -> None:
    """Photograph the open dialogue, whole or its upper part."""
    page.wait_for_timeout(700)
    box = dialogue(page).bounding_box()
    assert box is not None
    take(page, name, box["x"], box["y"], box["width"], height or box["height"])


def picture_doccano(folder: Path) -> None:
    """Push an article with suggestions, and photograph an annotator's way through it."""
    [reading] = [one for one in read_jsonl(READINGS, Annotation) if one.article.startswith(ARTICLE)]
    ids = folder / "ids.txt"
    ids.write_text(reading.article, encoding="utf-8")
    made = make_batch(
        "lot1",
        ["anne"],
        ROOT / "corpus",
        folder / "tasks",
        LABELS,
        ROOT / "annotations" / "guidelines.fr.md",
        ids,
        suggest="lexicon",
    )
    home = folder / "doccano"
    up(home, port=0)
    try:
        server = connect(home)
        push(made.folder, server, Logins(home), load_labels(LABELS))
        project = server.require_project("lot1.anne")
        with open_browser(WIDTH, HEIGHT) as page:
            sign_in(page, server.url, "anne", Logins(home).password("anne"))
            take(page, "projects.png", 0, 0, WIDTH, 300)
            page.set_viewport_size({"width": 1280, "height": HEIGHT})
            page.goto(f"{server.url}/fr/projects/{project.id}")
            expect(page.locator(".v-app-bar")).to_contain_text(project.name)
            take(page, "start.png", 0, 0, 560, 230)
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            open_document(page, server.url, project.id)
            tool(page, "guideline").click()
            take_dialogue(page, "guideline.png", height=520)
            open_document(page, server.url, project.id)
            picture_work(page)
            replay(server, project, [reading])
            open_document(page, server.url, project.id)
            expect_mark(page, confirmed=True)
            take(page, "doccano.png", 0, 0, WIDTH, HEIGHT)
    finally:
        down(home)


def picture_work(page: Page) -> None:
    """Photograph the suggestions, the menu, a doubt, and the mark before and after."""
    assert drawn(page)
    activate(page, "l")
    take(page, "article.png", 0, 0, WIDTH, HEIGHT)
    page.locator(".v-chip--active").click()
    select(page, "Mozambique")
    menu(page).wait_for()
    take(page, "menu.png", 0, 66, 740, 520)
    page.keyboard.press("Escape")
    tool(page, "comment").click()
    dialogue(page).locator("textarea").fill(DOUBT)
    take_dialogue(page, "comment.png")
    dialogue(page).get_by_role("button", name="Send").click()
    close(page)
    page.mouse.click(5, 400)
    take(page, "cross.png", 8, 72, 392, 56)
    confirm(page)
    page.mouse.click(5, 400)
    take(page, "check.png", 8, 72, 392, 56)


def picture_report() -> None:
    """Photograph the top of the demo's report."""
    assert REPORT.exists(), "run `make demo` first"
    with open_browser(1280, 1100) as page:
        page.goto(REPORT.as_uri())
        page.screenshot(path=IMAGES / "report.png")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    picture_report()
    with tempfile.TemporaryDirectory() as folder:
        picture_doccano(Path(folder))

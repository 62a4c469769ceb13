"""Take the pictures of the README: Doccano with our labels, and the report of `make demo`."""

import tempfile
from pathlib import Path

from balise.doccano.connect import connect
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, up
from balise.jsonl import read_jsonl
from balise.labels import load_labels
from balise.records import Annotation
from balise.tasks.make import make_batch
from browser import open_browser, open_document, sign_in

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "annotations" / "images"
REPORT = ROOT / "build" / "demo" / "model" / "report" / "report.html"
READINGS = ROOT / "annotations" / "premiers" / "lm-1.jsonl"
ARTICLE = "balise-urgent-mozambique"
LABELS = ROOT / "annotations" / "labels.toml"


def picture_doccano(folder: Path) -> None:
    """Push one article, enter its recorded reading, and photograph the page."""
    [reading] = [one for one in read_jsonl(READINGS, Annotation) if one.article.startswith(ARTICLE)]
    ids = folder / "ids.txt"
    ids.write_text(reading.article, encoding="utf-8")
    made = make_batch(
        "image",
        ["anne"],
        ROOT / "corpus",
        folder / "tasks",
        LABELS,
        ROOT / "annotations" / "guidelines.fr.md",
        ids,
    )
    home = folder / "doccano"
    up(home, port=0)
    try:
        server = connect(home)
        push(made.folder, server, Logins(home), load_labels(LABELS))
        project = server.require_project("image.anne")
        replay(server, project, [reading])
        with open_browser(1280, 900) as page:
            sign_in(page, server.url, "anne", Logins(home).password("anne"))
            open_document(page, server.url, project.id)
            page.screenshot(path=IMAGES / "doccano.png")
    finally:
        down(home)


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

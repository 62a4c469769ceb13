"""What an annotator does on the real page is what comes back, in code points."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from browser import (
    LINE,
    close,
    comment,
    confirm,
    dialogue,
    expect_mark,
    new_window,
    open_browser,
    open_document,
    open_project,
    projects,
    sign_in,
    tool,
    turn,
)
from drawing import annotate, choose, click_label, drawn, label_list, remove
from small_batch import ROOT, SmallBatch

pytestmark = pytest.mark.doccano

GUIDELINE = ROOT / "annotations" / "guidelines.fr.md"

# Emoji outside the BMP, a flag, a joined family, accents, no-break spaces, line ends, apostrophes.
SCENE = {
    "scene-1-gao": "😀 À [Gao](LOCATION), 🇲🇱 l’opération «\u00a0[Barkhane](EVENT)\u00a0» s’achève, "
    "la [Minusma](MILITARY) reste.\nUne famille 👨‍👩‍👧 écoute Wagner à l’[hôpital "
    "d’Ansongo](FACILITY)\u202f: «\u00a0[dix blessés](CASUALTIES)\u00a0», "
    "note l’[ONU](ORGANIZATION).",
    "scene-2-bouake": "🇨🇮👨‍👩‍👧 [Bouaké](LOCATION)\u00a0: «\u00a0[mardi](DATE)\u00a0», des "
    "[drones Shahed](WEAPON)…\n[Odienné](LOCATION) s’éveille, "
    "l’[Élan vert](ORGANIZATION) non 😀.",
    "scene-3-aube": "À [Niono](LOCATION), l’aube se lève.",
}
DOUBT = '« Barkhane » | EVENT ou MILITARY | EVENT | l’opération est "nommée" 😀'


def pull_readings(
    batch: SmallBatch, server: Server, labels: LabelScheme
) -> dict[tuple[str, str], Annotation]:
    """Pull a batch, and return what is then in the files, by annotator and article."""
    pull(load_batch(batch.folder), server, batch.articles, labels, batch.annotations)
    files = sorted((batch.annotations / batch.name).glob("*.jsonl"))
    readings = [one for path in files for one in read_jsonl(path, Annotation)]
    return {(one.annotator, one.article): one for one in readings}


def surfaces(batch: SmallBatch, reading: Annotation) -> list[tuple[str, str]]:
    text = str(batch.articles[reading.article].text)
    return [(text[span.start : span.end], span.label) for span in reading.spans]


def test_what_an_annotator_sees_and_does_on_the_page_is_what_a_pull_brings(
    tmp_path: Path, server: Server, logins: Logins, labels: LabelScheme
) -> None:
    # A name of this test's own: the other tests' annotators have projects on this server too.
    batch = SmallBatch(tmp_path, "scene", ["agathe"], SCENE, GUIDELINE)
    push(batch.make(suggest="lexicon"), server, logins, labels)
    colours = {label.name: label.colour for label in labels.labels}
    with open_browser() as page:
        sign_in(page, server.url, "agathe", logins.password("agathe"))
        assert projects(page) == ["scene.agathe"]
        open_project(page, "scene.agathe")
        assert label_list(page) == [(one.name, one.hotkey, one.colour) for one in labels.labels]

        tool(page, "guideline").click()
        written = GUIDELINE.read_text(encoding="utf-8")
        shown = dialogue(page).locator("h1, h2, h3")
        expect(shown.first).to_have_text(
            "Guide d'annotation : l'actualité des conflits en français"
        )
        assert shown.all_inner_texts() == re.findall("^#+ (.+)$", written, re.MULTILINE)
        rule = "Un passage a une étiquette ; deux passages ne se chevauchent jamais."
        assert rule in written
        expect(dialogue(page).get_by_text(rule)).to_be_visible()
        page.mouse.click(5, 400)
        expect(dialogue(page)).to_have_count(0)

        suggested = [("Barkhane", "MILITARY"), ("Minusma", "MILITARY"), ("Wagner", "ARMED_GROUP")]
        assert drawn(page) == [(surface, name, colours[name]) for surface, name in suggested]
        click_label(page, "Barkhane")
        choose(page, "EVENT")
        remove(page, "Wagner")
        annotate(page, "Gao", "l")
        annotate(page, "hôpital d’Ansongo", "f")
        annotate(page, "dix blessés", "c")
        annotate(page, "ONU", "o")
        expected = surfaces(batch, batch.readings[0])
        assert drawn(page) == [(surface, name, colours[name]) for surface, name in expected]
        comment(page, DOUBT)
        confirm(page)

        turn(page, "ArrowRight")
        expect_mark(page, confirmed=False)
        for surface, hotkey in (
            ("Bouaké", "l"),
            ("mardi", "d"),
            ("Odienné", "l"),
            ("Élan vert", "o"),
        ):
            annotate(page, surface, hotkey)
        confirm(page, by_key=True)

        turn(page, "ArrowRight")
        annotate(page, "Niono", "l")
        expect_mark(page, confirmed=False)
    readings = pull_readings(batch, server, labels)
    assert list(readings) == [("agathe", "scene-1-gao"), ("agathe", "scene-2-bouake")]
    for got, wanted in zip(readings.values(), batch.readings, strict=False):
        assert surfaces(batch, got) == surfaces(batch, wanted)
        assert (got.spans, got.confirmed) == (wanted.spans, True)
    assert [one.comments for one in readings.values()] == [(DOUBT,), ()]


def test_two_annotators_see_their_own_work_alone_and_a_later_edit_comes_with_the_next_pull(
    tmp_path: Path, server: Server, logins: Logins, labels: LabelScheme
) -> None:
    batch = SmallBatch(tmp_path, "a-deux", ["basile", "celia"], SCENE)
    push(batch.make(["scene-1-gao"]), server, logins, labels)
    ids = {name: server.require_project(f"a-deux.{name}").id for name in batch.annotators}
    with open_browser() as page, new_window(page) as other:
        sign_in(page, server.url, "basile", logins.password("basile"))
        assert projects(page) == ["a-deux.basile"]
        open_document(page, server.url, ids["basile"])
        annotate(page, "Gao", "l")
        annotate(page, "Barkhane", "m")
        comment(page, "Pour moi seul ?")
        confirm(page)

        sign_in(other, server.url, "celia", logins.password("celia"))
        assert projects(other) == ["a-deux.celia"]
        with other.expect_response(f"**/v1/projects/{ids['basile']}") as refused:
            other.goto(f"{server.url}/fr/projects/{ids['basile']}/sequence-labeling?page=1")
        assert refused.value.status == 403
        expect(other.locator(LINE)).to_have_count(0)
        open_document(other, server.url, ids["celia"])
        assert drawn(other) == []
        expect_mark(other, confirmed=False)
        tool(other, "comment").click()
        expect(dialogue(other).get_by_role("button", name="Send")).to_be_visible()
        expect(dialogue(other).get_by_text("Pour moi seul ?")).to_have_count(0)
        close(other)
        first = pull_readings(batch, server, labels)

        click_label(page, "Barkhane")
        choose(page, "EVENT")
        annotate(other, "Gao", "l")
    second = pull_readings(batch, server, labels)
    assert list(first) == list(second) == [("basile", "scene-1-gao")]
    [before], [after] = first.values(), second.values()
    assert surfaces(batch, before) == [("Gao", "LOCATION"), ("Barkhane", "MILITARY")]
    assert surfaces(batch, after) == [("Gao", "LOCATION"), ("Barkhane", "EVENT")]
    assert before.comments == after.comments == ("Pour moi seul ?",)

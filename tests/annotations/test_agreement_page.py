"""The page of `balise annotations agree`, as a file and in headless Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from annotations.small_project import Project
from balise.annotations import agreement_page
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from browser import open_browser
from markup import annotated

FIRST = {
    "a-gao": "Tirs à [Gao](LOCATION). [Wagner](ARMED_GROUP) va vers l'[école de Ber](FACILITY).",
    "b-kidal": "Le <b>[Hamas](ARMED_GROUP)</b> & « [l'Étoile](ORGANIZATION) » 😀 [tirent](EVENT).",
}
SECOND = {
    "a-gao": "Tirs à [Gao](LOCATION). [Wagner](MILITARY) va vers l'école de [Ber](LOCATION).",
    "b-kidal": "Le <b>[Hamas](ARMED_GROUP)</b> & « l'[Étoile](ORGANIZATION) » 😀 tirent.",
}
PAGE = Path("build/annotations/agreement.html")
# Kinds: type (Wagner), both (école de Ber, Ber), boundary (l'Étoile), missed (tirent).
ROWS = "#disagreements > li"


def lay_out(project: Project, *sides: dict[str, str], **fields: object) -> None:
    project.add_articles(*(annotated(id_, sides[0][id_], **fields)[0] for id_ in sorted(sides[0])))
    for number, marked in enumerate(sides, start=1):
        comments = ("« tirent » ? <i>À voir</i>",) if number == 2 else ()
        project.add_reading("b1", f"lm-{number}", marked, comments=comments)


def make_page(project: Project, *sides: dict[str, str], **fields: object) -> str:
    lay_out(project, *sides, **fields)
    result = project.run("agree", "b1", "--no-kappa")
    assert result.exit_code == 0, result.output
    return (project.root / PAGE).read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with open_browser() as page:
        yield page


@pytest.fixture
def page(browser: Page, empty: Project) -> Page:
    make_page(empty, FIRST, SECOND)
    browser.set_viewport_size({"width": 1100, "height": 900})
    browser.goto((empty.root / PAGE).as_uri())
    return browser


def visible(page: Page) -> list[str]:
    """Name the kinds of the rows that are seen."""
    rows = page.locator(ROWS)
    every = [rows.nth(number) for number in range(rows.count())]
    return [row.get_attribute("data-kind") or "" for row in every if row.is_visible()]


def test_the_page_needs_no_network(empty: Project) -> None:
    html = make_page(empty, FIRST, SECOND)
    assert not re.search(r"https?:|//\w|@import|url\(|<link|<img|<iframe| src=| href=", html)
    assert "default-src 'none'" in html


def test_a_browser_asks_for_nothing_and_finds_no_fault(page: Page) -> None:
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.reload()
    assert asked == [page.url]
    assert faults == []


def test_every_disagreement_is_shown_at_first(page: Page) -> None:
    assert visible(page) == ["type", "both", "boundary", "missed"]
    assert page.locator("#shown").inner_text() == "4 of 4 shown"


@pytest.mark.parametrize(
    ("kind", "label", "words", "seen"),
    [
        ("type", "", "", ["type"]),
        ("missed", "", "", ["missed"]),
        ("", "LOCATION", "", ["both"]),
        ("", "FACILITY", "", ["both"]),
        ("type", "FACILITY", "", []),
        ("", "", "etoile tirent", ["boundary", "missed"]),
        ("", "", "A-GAO", ["type", "both"]),
        ("", "", "à voir", ["type", "both", "boundary", "missed"]),
        ("boundary", "ORGANIZATION", "« 😀", ["boundary"]),
    ],
)
def test_rows_are_filtered(page: Page, kind: str, label: str, words: str, seen: list[str]) -> None:
    page.get_by_label("Kind", exact=True).select_option(kind)
    page.get_by_label("Label", exact=True).select_option(label)
    page.get_by_label("Words, article or comment", exact=True).fill(words)
    assert visible(page) == seen
    assert page.locator("#shown").inner_text() == f"{len(seen)} of 4 shown"
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("document.getElementById('shown').value === '4 of 4 shown'")
    assert len(visible(page)) == 4


def test_rows_are_filtered_by_the_pair_of_annotators(page: Page, empty: Project) -> None:
    empty.add_reading("b1", "lm-3", FIRST)
    assert empty.run("agree", "b1", "--no-kappa").exit_code == 0
    page.reload()
    assert len(visible(page)) == 8  # lm-1 and lm-3 read the same
    page.get_by_label("Annotators", exact=True).select_option("lm-2 and lm-3")
    assert visible(page) == ["type", "both", "boundary", "missed"]
    page.get_by_label("Annotators", exact=True).select_option("lm-1 and lm-3")
    assert visible(page) == []


def test_without_a_script_everything_is_shown_and_the_filters_are_not(page: Page) -> None:
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(page.url)
    assert plain.locator(ROWS).count() == 4
    assert all(plain.locator(ROWS).nth(number).is_visible() for number in range(4))
    assert not plain.locator("#filters").is_visible()
    context.close()


def test_texts_and_comments_are_shown_as_they_are_written(page: Page) -> None:
    row = page.locator(ROWS).nth(2)
    first, second = row.locator("dd:not(.comment)").all_inner_texts()
    assert first == ("Le <b>Hamas ARMED_GROUP</b> & « l'Étoile ORGANIZATION » 😀 tirent EVENT.")
    assert second == "Le <b>Hamas ARMED_GROUP</b> & « l'Étoile ORGANIZATION » 😀 tirent."
    assert row.locator("mark.differs").all_inner_texts() == [
        "l'Étoile ORGANIZATION",
        "Étoile ORGANIZATION",
    ]
    assert row.locator(".comment").all_inner_texts() == ["« tirent » ? <i>À voir</i>"]
    assert page.locator("i, #disagreements dd b").count() == 0


def test_the_first_annotator_stands_above_the_second(page: Page) -> None:
    row = page.locator(ROWS).nth(0)
    assert row.locator("dt").all_inner_texts()[:2] == ["lm-1", "lm-2"]
    tops = [row.locator("mark.differs").nth(number).bounding_box() for number in range(2)]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["y"] < tops[1]["y"]


def test_a_missed_span_says_by_whom(page: Page) -> None:
    assert page.locator(ROWS).nth(3).locator(".about").inner_text() == (
        "missed by lm-2 · EVENT · b-kidal"
    )


def test_spans_have_the_colour_of_their_label(page: Page, labels: LabelScheme) -> None:
    colours = {label.name: label.colour.lower() for label in labels.labels}
    styles = page.locator(f"{ROWS}:first-child mark.differs").evaluate_all(
        "marks => marks.map(mark => mark.style.getPropertyValue('--c').trim().toLowerCase())"
    )
    assert styles == [colours["ARMED_GROUP"], colours["MILITARY"]]


def test_the_page_is_for_a_reader_of_english_who_hears_french_sentences(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#disagreements dd:not([lang=fr])").count() == 0


def test_filters_are_reached_with_the_keyboard(page: Page) -> None:
    page.get_by_label("Kind", exact=True).focus()
    page.keyboard.press("m")
    assert visible(page) == ["missed"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "label"


def test_a_narrow_screen_scrolls_down_only(page: Page) -> None:
    page.set_viewport_size({"width": 340, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 340


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_label_is_readable_on_its_colour(
    browser: Page, empty: Project, labels: LabelScheme, scheme: str
) -> None:
    """WCAG 2.1, success criterion 1.4.3, in both colour schemes."""
    marked = " ".join(f"[mot{number}]({name})" for number, name in enumerate(labels.names))
    make_page(empty, {"a": marked}, {"a": re.sub(r"\[(\w+)\]\(\w+\)", r"\1", marked)})
    browser.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser.goto((empty.root / PAGE).as_uri())
    found = browser.locator("mark.differs, mark.differs .tag").evaluate_all(
        """elements => elements.map(element => {
          const ground = getComputedStyle(element.closest("mark")).backgroundColor;
          return [getComputedStyle(element).color, ground];
        })"""
    )
    browser.emulate_media(color_scheme="light")
    assert len(found) == 2 * len(labels.names)
    for text, ground in found:
        light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def luminance(colour: str) -> float:
    """Compute the relative luminance of `rgb(…)` or `color(srgb …)` as WCAG 2.1 defines it."""
    scale = 1 if colour.startswith("color(srgb") else 255
    channels = [float(value) / scale for value in re.findall(r"[\d.]+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_tables_show_the_figures(page: Page) -> None:
    rows = page.locator("section[aria-labelledby=by-label] table").first.locator("tbody tr")
    texts = [row.split() for row in rows.all_inner_texts()]
    # Six and five spans, of which two are in both.
    assert texts[-1][:6] == ["all", "labels", "6", "5", "2", "0.364"]
    kinds = page.locator("section[aria-labelledby=by-label] table").nth(1)
    assert kinds.locator("tbody tr").last.inner_text().split() == [
        *("all", "labels"),
        *("1", "1", "1", "1", "0"),
    ]


def test_readings_that_are_the_same_leave_nothing_to_show(empty: Project) -> None:
    html = make_page(empty, FIRST, FIRST)
    assert "There is none: every article was read the same." in html
    assert "<script>" not in html


def test_a_text_that_is_not_here_is_said_to_be_missing(browser: Page, empty: Project) -> None:
    lay_out(empty, FIRST, SECOND)
    write_jsonl(empty.corpus / "test.jsonl", [annotated("z", "rien")[0]])
    assert empty.run("agree", "b1", "--no-kappa").exit_code == 0
    browser.goto((empty.root / PAGE).as_uri())
    row = browser.locator(ROWS).nth(0)
    assert row.locator("dd:not(.comment)").all_inner_texts() == [
        "12–18 ARMED_GROUP",
        "12–18 MILITARY",
    ]
    assert "the text is not here" in browser.locator("main").inner_text()


def test_texts_that_may_not_be_republished_are_named_at_the_foot(empty: Project) -> None:
    html = make_page(empty, FIRST, SECOND)  # stand-off is the default
    assert "2 of the articles that it quotes may not be republished" in html
    html = make_page(empty, FIRST, SECOND, publishable="full")
    assert "may not be republished" not in html


def test_a_page_shows_only_so_many_and_says_so(
    empty: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_page, "MOST_EXCERPTS", 3)
    html = make_page(empty, FIRST, SECOND)
    assert html.count("<li data-kind=") == 3
    assert "The first 3 of 4 are shown;" in html


def test_labels_of_another_scheme_have_a_colour_too(empty: Project) -> None:
    lay_out(empty, FIRST, SECOND)
    result = empty.run("agree", "b1", "--no-kappa", "--rollup", "conll")
    assert result.exit_code == 0, result.output
    html = (empty.root / PAGE).read_text("utf-8")
    assert "labels as conll names them" in html
    assert 'data-labels="LOC"' in html


def test_spans_in_spans_are_marks_in_marks_and_kappa_is_said_to_be_undefined(
    empty: Project,
) -> None:
    empty.nest()
    html = make_page(
        empty,
        {"a-1": "l’[aéroport de <b>[Gao](LOCATION)](FACILITY) &"},
        {"a-1": "l’[aéroport de <b>Gao](FACILITY) &"},
    )
    plain = re.sub(r' style="[^"]*"| class="[^"]*"', "", html)
    tag = "<span>{}</span></mark>".format
    assert (
        "l’<mark>aéroport de &lt;b&gt;<mark>Gao "
        + tag("LOCATION")
        + " "
        + tag("FACILITY")
        + " &amp;"
    ) in plain
    assert "a token may have several, and there is none" in html

"""The HTML page of `balise model evaluate`."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from balise.labels import LabelScheme, load_labels
from balise.model.report import MOST_EXAMPLES
from scored_project import lay_out, make_pipeline, run

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """A strict reader: every element is closed in its turn; text and tables are kept."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.tables: list[list[list[str]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data


def report(
    root: Path, marked: dict[str, str], patterns: dict[str, str], *options: str, **fields: object
) -> str:
    lay_out(root, marked, **fields)
    make_pipeline(root / "ruled", patterns)
    result = run("evaluate", "ruled", *(options or ("--no-baseline",)))
    assert result.exit_code == 0, result.output
    return (root / "build/model/reports/ruled/report.html").read_text("utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


MARKED = {
    "afp-1": "[Wagner](ARMED_GROUP) a pris [Gao](LOCATION) [lundi](DATE).",
    "afp-2": "Une [attaque](EVENT) à [Gao](LOCATION).",
}
PATTERNS = {"Wagner": "PERSON", "Gao": "LOCATION"}


def test_the_page_needs_no_network_and_no_script(root: Path) -> None:
    html = report(root, MARKED, PATTERNS)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "srcset", "onclick", "onload"} & {
        name for name, _ in page.attributes
    }
    assert not re.search(r"https?:|//|@import|url\(", html)


def test_the_page_fits_phones_and_both_colour_schemes(root: Path) -> None:
    html = report(root, MARKED, PATTERNS)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "prefers-color-scheme: dark" in html


def test_texts_are_escaped(root: Path) -> None:
    text = "Le <script>alert(1)</script> & [l'<b>Étoile</b>](ORGANIZATION) « tire »."
    html = report(root, {"afp-<i>1": text}, {"tire": "EVENT"})
    page = Page(html)
    assert "script" not in page.tags
    assert "<b>Étoile" not in html
    assert "Le <script>alert(1)</script> & l'<b>Étoile</b>" in page.words
    assert "afp-<i>1" in page.words


def test_the_gold_line_stands_above_the_predicted_line(root: Path) -> None:
    words = Page(report(root, MARKED, PATTERNS)).words
    gold = words.index("Wagner ARMED_GROUP a pris Gao LOCATION lundi DATE.")
    predicted = words.index("Wagner PERSON a pris Gao LOCATION lundi.")
    assert gold < predicted


def test_wrong_spans_carry_the_colour_of_their_label(root: Path, labels: LabelScheme) -> None:
    html = report(root, MARKED, PATTERNS)
    colours = {label.name: label.colour for label in labels.labels}
    assert f'<mark class="wrong" style="--c: {colours["ARMED_GROUP"]}">Wagner' in html
    assert f'<mark class="wrong" style="--c: {colours["PERSON"]}">Wagner' in html
    assert f'<mark class="right" style="--c: {colours["LOCATION"]}">Gao' in html


def test_every_label_has_its_row_with_its_figures(root: Path, labels: LabelScheme) -> None:
    _, _, by_label, *_ = Page(report(root, MARKED, PATTERNS)).tables
    rows = {label: [cell.strip() for cell in cells] for label, *cells in by_label[1:]}
    assert tuple(rows) == (*labels.names, "all labels")
    # gold, predicted and right; then the precision, which is the same in all resamples.
    assert rows["LOCATION"][:3] == ["2", "2", "2"]
    assert rows["LOCATION"][3].split() == ["1.000", "1.000–1.000"]
    assert rows["all labels"][:3] == ["5", "3", "2"]
    # Without gold or prediction there are dashes, not noughts.
    assert rows["WEAPON"][:6] == ["0", "0", "0", "–", "–", "–"]


def test_a_baseline_stands_beside_the_model(root: Path) -> None:
    make_pipeline(root / "general", {"Gao": "LOC", "lundi": "MISC"})
    words = Page(report(root, MARKED, PATTERNS, "--baseline", "general")).words
    assert words.count("general") >= 2
    assert "1 MISC prediction of general is left out everywhere." in words
    assert "left out (1 DATE, 1 EVENT)" in words


def test_the_origin_is_at_the_foot(root: Path) -> None:
    words = Page(report(root, MARKED, PATTERNS)).words
    foot = words[words.index("How the figures were made") :]
    assert re.search(r"sha256 [0-9a-f]{64}", foot)
    version = load_labels(root / "annotations" / "labels.toml").version
    assert re.search(rf"labels\s*{re.escape(version)}", foot)
    assert re.search(r"seed\s*0\s", foot)
    assert "spacy 3.8" in foot


def test_texts_that_may_not_be_republished_are_named_at_the_foot(root: Path) -> None:
    words = Page(report(root, MARKED, PATTERNS)).words  # stand-off is the default
    assert "2 of the 2 articles may not be republished in full" in words
    words = Page(report(root, MARKED, PATTERNS, publishable="full")).words
    assert "may not be republished" not in words


def test_a_model_without_errors_is_told_so(root: Path) -> None:
    words = Page(report(root, {"afp-1": "[Gao](LOCATION)"}, {"Gao": "LOCATION"})).words
    assert "There is none: every span is right." in words
    assert "a single article gives none" in words


def test_a_page_shows_only_so_many_sentences_and_says_so(root: Path) -> None:
    sentences = " ".join(f"Ici [Gao](LOCATION) {number}." for number in range(MOST_EXAMPLES + 5))
    html = report(root, {"afp-1": sentences}, {"Kidal": "LOCATION"})
    assert html.count('<figure class="example">') == MOST_EXAMPLES
    assert f"The first {MOST_EXAMPLES} of {MOST_EXAMPLES + 5} sentences" in Page(html).words

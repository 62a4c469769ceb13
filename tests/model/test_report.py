"""The HTML page of `balise model evaluate`."""

import json
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
        if not {"style", "script"} & set(self.open):
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


def test_the_page_needs_no_network_and_asks_for_nothing(root: Path) -> None:
    html = report(root, MARKED, PATTERNS)
    page = Page(html)
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert page.tags.count("script") == 1
    assert not {"src", "href", "srcset", "onclick", "onload"} & {
        name for name, _ in page.attributes
    }
    assert not re.search(r"https?:|@import|url\(|fetch|XMLHttp", html)
    assert "default-src 'none'" in html


def test_the_page_fits_phones_and_both_colour_schemes(root: Path) -> None:
    html = report(root, MARKED, PATTERNS)
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "prefers-color-scheme: dark" in html


def test_texts_are_escaped(root: Path) -> None:
    text = "Le <script>alert(1)</script> & [l'<b>Étoile</b>](ORGANIZATION) « tire »."
    html = report(root, {"afp-<i>1": text}, {"tire": "EVENT"})
    page = Page(html)
    assert page.tags.count("script") == 1  # the page's own
    assert "<script>alert" not in html
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
    assert (
        f"{MOST_EXAMPLES} of {MOST_EXAMPLES + 5} sentences with an error are shown"
        in Page(html).words
    )


def test_the_worst_sentence_comes_first(root: Path) -> None:
    marked = {"afp-1": "[Gao](LOCATION).", "afp-2": "[Wagner](ARMED_GROUP) à [Kidal](LOCATION)."}
    html = report(root, marked, {"x": "PERSON"})
    first, second = re.findall(r"· (afp-\d)</figcaption>", html)
    assert (first, second) == ("afp-2", "afp-1")


def test_slices_schemas_and_roll_ups_have_their_tables(root: Path) -> None:
    tables = Page(report(root, MARKED, PATTERNS, "--no-baseline", "--rollup", "re3d")).tables
    heads = [[cell.strip() for cell in table[0]] for table in tables]
    assert ["ruled", "strict", "exact", "partial", "type"] in heads
    assert any(head[0] == "F1 as re3d" and "Organisation" in head for head in heads)
    assert {"mention", "words of the span", "country", "period"} <= {head[0] for head in heads}


def agreement(root: Path, **changes: object) -> Path:
    """Write as much of the figures of `annotations agree` as a report reads."""
    row = {"label": "overall", "f1": 0.9, "interval": {"low": 0.8, "high": 0.95, "resamples": 9}}
    figures = {
        "articles": 12,
        "overall": row,
        "labels": [row | {"label": "DATE", "f1": 0.777, "interval": None}],
    }
    version = load_labels(Path(__file__).parents[2] / "annotations" / "labels.toml").version
    made = {"rollup": None, "origin": {"labels": version}, "overall": figures} | changes
    path = root / "agreed.json"
    path.write_text(json.dumps(made))
    return path


def test_the_annotators_agreement_stands_beside_the_model(root: Path) -> None:
    path = agreement(root)
    page = Page(report(root, MARKED, PATTERNS, "--no-baseline", "--agreement", str(path)))
    assert "read the same 12 articles blind" in page.words
    _, _, by_label, *_ = page.tables
    rows = {label: cells for label, *cells in by_label[1:]}
    assert rows["DATE"][6].split() == ["0.777"]
    assert rows["PERSON"][6].strip() == "–"
    assert rows["all labels"][6].split() == ["0.900", "0.800–0.950"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rollup": "conll"}, "without --rollup"),
        ({"origin": {"labels": "0.1"}}, "was made by version 0.1 of the label scheme"),
        ({"overall": None}, "agreed.json"),
    ],
)
def test_an_agreement_that_does_not_fit_is_refused(
    root: Path, changes: dict[str, object], problem: str
) -> None:
    lay_out(root, MARKED)
    make_pipeline(root / "ruled", PATTERNS)
    result = run("evaluate", "ruled", "--no-baseline", "--agreement", agreement(root, **changes))
    assert result.exit_code == 1
    assert problem in result.stderr


def test_an_agreement_that_lies_there_is_shown_and_a_stale_one_is_named(root: Path) -> None:
    lay_out(root, MARKED)
    make_pipeline(root / "ruled", PATTERNS)
    place = root / "build" / "annotations" / "agreement.json"
    place.parent.mkdir(parents=True)
    agreement(root).rename(place)
    html = root / "build/model/reports/ruled/report.html"
    assert run("evaluate", "ruled", "--no-baseline").exit_code == 0
    assert "two annotators" in html.read_text()
    agreement(root, origin={"labels": "0.1"}).rename(place)
    result = run("evaluate", "ruled", "--no-baseline")
    assert result.exit_code == 0
    assert "annotators' agreement is not shown" in result.output
    assert "two annotators" not in html.read_text()


def test_the_markdown_holds_the_figures_and_no_word_of_the_texts(root: Path) -> None:
    report(root, MARKED, PATTERNS)
    markdown = (root / "build/model/reports/ruled/report.md").read_text("utf-8")
    assert "| ruled | 0.500 (" in markdown
    assert (
        "| LOCATION | 2 | 1.000 | 1.000 | 1.000 (1.000–1.000) | 1.000 | 1.000 | 1.000 |" in markdown
    )
    assert "| mention | articles | gold | F1 |" in markdown
    for word in ("Wagner", "Gao", "lundi", "attaque"):
        assert word not in markdown

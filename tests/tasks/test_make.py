"""Articles become a batch's folder, whole or not at all."""

import errno
import json
import os
from pathlib import Path

import pytest
import spacy
from typer.testing import CliRunner

from balise.batches import Batch, Share, load_batch, load_rows
from balise.cli.tasks import app
from balise.errors import BaliseError
from balise.jsonl import read_json, read_jsonl, write_jsonl
from balise.ledger import LedgerFile
from balise.records import Annotation, Article
from conftest import ROOT
from markup import article

FOLDER = Path("build/tasks/lot1")
TEXTS = ("😀 Tirs à Gao : le Hamas nie.", "Bamako est calme.", "Gao, encore Gao.")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    articles = [article(f"fil-{n}", text, source="fil") for n, text in enumerate(TEXTS)]
    Path("annotations").mkdir()
    Path("annotations/labels.toml").symlink_to(ROOT / "annotations" / "labels.toml")
    Path("annotations/guidelines.fr.md").write_text("# Guide\n", encoding="utf-8")
    write_jsonl(Path("corpus/fil.jsonl"), reversed(articles))
    write_jsonl(Path("corpus/web.jsonl"), [article("web-1", "Un raid à Alep.", source="web")])
    (tmp_path / "corpus" / "lexicon").symlink_to(ROOT / "corpus" / "lexicon")
    return tmp_path


def make(*options: object, batch: str = "lot1", annotators: str = "anne,bob") -> tuple[int, str]:
    arguments = ["make", "--batch", batch, "--annotators", annotators, *map(str, options)]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def built() -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes() for path in Path("build").rglob("*") if path.is_file()
    }


def pipeline() -> Path:
    nlp = spacy.blank("fr")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOCATION", "pattern": "Gao"}])
    nlp.to_disk("modele")
    return Path("modele")


def test_a_batch_holds_its_files_for_every_annotator() -> None:
    code, output = make("--source", "fil")
    assert code == 0, output
    assert "articles: 3, each read by 2: anne 3, bob 3" in output
    assert sorted(path.name for path in FOLDER.iterdir()) == [
        *("anne-001.jsonl", "batch.json", "bob-001.jsonl", "guideline.md", "labels.json"),
    ]
    batch = load_batch(FOLDER)
    ids = ("fil-0", "fil-1", "fil-2")
    assert batch.annotators == {
        "anne": Share(("anne-001.jsonl",), ids),
        "bob": Share(("bob-001.jsonl",), ids),
    }
    assert (batch.batch, batch.suggester, batch.overlap) == ("lot1", None, 2)
    assert [meta.article for meta in batch.articles] == ["fil-0", "fil-1", "fil-2"]
    rows = load_rows(FOLDER, batch, "bob")
    assert [row.text for row in rows] == list(TEXTS)
    assert all(row.label == () for row in rows)
    assert (FOLDER / "guideline.md").read_text(encoding="utf-8") == "# Guide\n"
    assert len(json.loads((FOLDER / "labels.json").read_bytes())) == 11


def test_suggestions_stand_in_the_rows_in_utf16_and_beside_them_in_code_points() -> None:
    code, output = make("--suggest", "lexicon", "--source", "fil")
    assert code == 0, output
    batch = load_batch(FOLDER)
    assert batch.suggester is not None
    assert batch.suggester.name == "lexicon"
    assert load_rows(FOLDER, batch, "anne")[0].label == ((19, 24, "ARMED_GROUP"),)
    suggestions = read_jsonl(FOLDER / "suggestions.jsonl", Annotation)
    assert [suggestion.article for suggestion in suggestions] == ["fil-0", "fil-1", "fil-2"]
    [span] = suggestions[0].spans
    assert TEXTS[0][span.start : span.end] == "Hamas"
    ledger = read_json(FOLDER / "ledger.json", LedgerFile)
    assert (ledger.spans_in, ledger.spans_out, ledger.kept) == (1, 1, 1)


def test_overlap_and_blind_rows_are_written_as_the_batch_says() -> None:
    write_jsonl(
        Path("corpus/gao.jsonl"),
        [article(f"gao-{n:02}", f"Gao, jour {n}.", source="gao") for n in range(20)],
    )
    options = ("--suggest", pipeline(), "--source", "gao", "--overlap", 1, "--blind", 0.2)
    code, output = make(*options, annotators="anne,bob")
    assert code == 0, output
    assert "each read by 1: anne 10 (2 blind), bob 10 (2 blind)" in output
    batch = load_batch(FOLDER)
    for name, share in batch.annotators.items():
        rows = load_rows(FOLDER, batch, name)
        assert {row.meta.article for row in rows if not row.label} == set(share.blind)
        assert all(row.label == ((0, 3, "LOCATION"),) for row in rows if row.label)
    assert make(*options, annotators="anne,bob")[0] == 0
    assert "another --batch" in make(*options, "--seed", 1, annotators="anne,bob")[1]


def test_a_blind_share_without_suggestions_is_a_wrong_call() -> None:
    code, output = make("--blind", 0.1)
    assert code == 2
    assert "--blind: means nothing where nobody sees suggestions" in output


def test_a_trained_pipeline_can_suggest() -> None:
    code, output = make("--suggest", pipeline())
    assert code == 0, output
    rows = load_rows(FOLDER, load_batch(FOLDER), "anne")
    assert [len(row.label) for row in rows] == [1, 0, 2, 0]


def test_more_than_a_thousand_rows_are_spread_over_files() -> None:
    many = [article(f"gros-{n:04}", f"Texte {n}", source="gros") for n in range(2001)]
    write_jsonl(Path("corpus/gros.jsonl"), many)
    assert make("--source", "gros", annotators="anne")[0] == 0
    batch = load_batch(FOLDER)
    files = batch.annotators["anne"].files
    assert files == tuple(f"anne-00{n}.jsonl" for n in (1, 2, 3))
    sizes = [len((FOLDER / file).read_bytes().splitlines()) for file in files]
    assert sizes == [1000, 1000, 1]
    assert [row.text for row in load_rows(FOLDER, batch, "anne")] == [a.text for a in many]


def test_a_list_of_ids_chooses_the_articles() -> None:
    Path("ids.txt").write_text("web-1\n\n  fil-1 \nweb-1\n", encoding="utf-8")
    assert make("--articles", "ids.txt")[0] == 0
    assert [meta.article for meta in load_batch(FOLDER).articles] == ["fil-1", "web-1"]


def test_one_single_article_makes_a_batch() -> None:
    assert make("--source", "web", annotators="anne")[0] == 0
    assert len(load_batch(FOLDER).articles) == 1


def test_making_a_batch_again_changes_nothing() -> None:
    make("--suggest", "lexicon")
    before = built()
    code, output = make("--suggest", "lexicon", annotators="bob, anne")
    assert code == 0, output
    assert built() == before


def test_a_batch_of_other_articles_does_not_replace_the_first() -> None:
    make("--source", "fil")
    before = built()
    code, output = make("--source", "web")
    assert (code, built()) == (1, before)
    assert "choose another --batch" in output


def test_the_summary_for_machines_is_the_batch() -> None:
    code, output = make("--suggest", "lexicon", "--json")
    summary = json.loads(output)
    assert code == 0
    assert summary["suggestions"]["spans_out"] == 1
    batch = {key: summary[key] for key in Batch.__struct_fields__}
    assert batch == json.loads((FOLDER / "batch.json").read_bytes())


def test_standoff_articles_without_text_are_all_named() -> None:
    empty = [Article(f"so-{n}", None, "0" * 64, 5, "nfc-lf", source="so") for n in (1, 2)]
    write_jsonl(Path("corpus/so.jsonl"), empty)
    code, output = make()
    assert (code, built()) == (1, {})
    assert "so-1, so-2" in output


def test_a_changed_text_is_refused() -> None:
    line = Path("corpus/web.jsonl").read_text(encoding="utf-8")
    Path("corpus/web.jsonl").write_text(line.replace("Alep", "Homs"), encoding="utf-8")
    code, output = make()
    assert (code, built()) == (1, {})
    assert "web-1: the text changed" in output


@pytest.mark.parametrize(
    ("options", "batch", "annotators", "code", "message"),
    [
        ((), "Lot 1", "anne", 2, "'Lot 1'"),
        ((), "../lot", "anne", 2, "'../lot'"),
        ((), "lot1", "anne,Bob", 2, "'Bob'"),
        ((), "lot1", "anne,anne", 2, "stands twice"),
        ((), "lot1", " , ", 2, "names nobody"),
        ((), "lot1", "adjudication", 2, "'adjudication'"),
        (("--suggest", "rien"), "lot1", "anne", 2, "rien"),
        (("--articles", "ids.txt", "--source", "fil"), "lot1", "anne", 2, "both"),
        (("--articles", "ids.txt"), "lot1", "anne", 1, "ids.txt:2: article fil-9"),
        (("--articles", "vide.txt"), "lot1", "anne", 1, "vide.txt: the list names no article"),
        (("--articles", "manque.txt"), "lot1", "anne", 1, "manque.txt"),
        (("--source", "autre"), "lot1", "anne", 1, "no article of source 'autre'"),
        (("--corpus", "annotations"), "lot1", "anne", 1, "no articles here"),
        (("--labels", "manque.toml"), "lot1", "anne", 1, "manque.toml"),
        (("--suggest", "lexicon", "--lexicon", "annotations"), "lot1", "anne", 1, ".tsv"),
    ],
)
def test_a_wrong_call_or_input_writes_nothing(
    options: tuple[str, ...], batch: str, annotators: str, code: int, message: str
) -> None:
    Path("ids.txt").write_text("fil-1\nfil-9\n", encoding="utf-8")
    Path("vide.txt").write_text("\n", encoding="utf-8")
    found, output = make(*options, batch=batch, annotators=annotators)
    assert (found, built()) == (code, {})
    assert message in output


def test_a_full_disk_leaves_no_file_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def fill(handle: int) -> None:
        written.append(handle)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fill)
    code, output = make()
    assert (code, built()) == (1, {})
    assert "No space left" in output


def test_task_files_that_are_not_the_batch_s_are_refused() -> None:
    make()
    batch = load_batch(FOLDER)
    (FOLDER / "anne-001.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(BaliseError, match="do not hold the articles"):
        load_rows(FOLDER, batch, "anne")
    with pytest.raises(BaliseError, match="no annotator 'eve'"):
        load_rows(FOLDER, batch, "eve")
    with pytest.raises(BaliseError, match="no batch here"):
        load_batch(Path("build"))

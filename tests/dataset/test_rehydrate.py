"""Rehydrate: stand-off articles get their texts back, or are refused by their hash."""

import json
import os
from functools import partial
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from balise.cli.main import app
from balise.dataset.rehydration.bare import bare_of_corpus
from balise.dataset.rehydration.local_texts import collect_files
from balise.dataset.rehydration.rehydrate import Rehydrated
from balise.dataset.rehydration.rehydrate import rehydrate as rehydrate_rows
from balise.errors import BaliseError
from balise.files import locked
from balise.jsonl import write_jsonl
from balise.records import Article
from balise.stores import load_articles, text_path
from markup import article

TEXT = "À Homs, l’« assaut » est fini."


def standoff(id_: str, text: str, path: str | None = None) -> Article:
    return msgspec.structs.replace(article(id_, text, path=path), text=None)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    one = standoff("r-1", TEXT, "2016/one.txt")
    two = standoff("r-2", "Un autre texte.", "2016/two.txt")
    write_jsonl(folder / "r.jsonl", [one, two])
    write_jsonl(folder / "own.jsonl", [article("own-1", "Le nôtre.")])
    return folder


def rehydrate(corpus: Path, sources: Path, texts: Path) -> Rehydrated:
    return rehydrate_rows(bare_of_corpus(corpus), texts, partial(collect_files, sources=sources))


def put(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def test_a_text_comes_back_by_its_hash_whatever_its_name(corpus: Path, tmp_path: Path) -> None:
    sources = put(tmp_path / "sources" / "deep", whatever=TEXT)
    done = rehydrate(corpus, sources.parent, tmp_path / "texts")
    assert (done.written, done.refused, done.missing) == (("r-1",), (), ("r-2",))
    assert load_articles(corpus, tmp_path / "texts")["r-1"].text == TEXT
    assert load_articles(corpus)["r-1"].text is None


def test_line_ends_and_composition_are_brought_to_ours(corpus: Path, tmp_path: Path) -> None:
    sources = put(tmp_path / "sources", one="A\u0300 Homs, l’« assaut » est fini.")
    assert rehydrate(corpus, sources, tmp_path / "texts").written == ("r-1",)


def test_another_text_under_its_path_is_refused(corpus: Path, tmp_path: Path) -> None:
    sources = put(tmp_path / "sources" / "2016", one=TEXT + " ", two="Un autre texte.")
    done = rehydrate(corpus, sources.parent, tmp_path / "texts")
    assert done.written == ("r-2",)
    [refused] = done.refused
    assert (refused.article, Path(refused.place).name) == ("r-1", "one.txt")
    assert not text_path(tmp_path / "texts", "r-1").exists()


def test_run_again_it_writes_nothing(corpus: Path, tmp_path: Path) -> None:
    sources = put(tmp_path / "sources", one=TEXT)
    rehydrate(corpus, sources, tmp_path / "texts")
    before = text_path(tmp_path / "texts", "r-1").stat().st_mtime_ns
    done = rehydrate(corpus, sources, tmp_path / "texts")
    assert (done.written, done.already) == ((), ("r-1",))
    assert text_path(tmp_path / "texts", "r-1").stat().st_mtime_ns == before


def test_a_rehydrated_text_that_was_changed_is_refused_when_it_is_read(
    corpus: Path, tmp_path: Path
) -> None:
    rehydrate(corpus, put(tmp_path / "sources", one=TEXT), tmp_path / "texts")
    text_path(tmp_path / "texts", "r-1").write_text("Autre chose.", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"r-1\.txt: not the text that r-1 was annotated on"):
        load_articles(corpus, tmp_path / "texts")
    done = rehydrate(corpus, tmp_path / "sources", tmp_path / "texts")
    assert (done.written, done.already) == (("r-1",), ())
    assert load_articles(corpus, tmp_path / "texts")["r-1"].text == TEXT


def test_a_folder_without_texts_and_a_corpus_without_standoff_are_named(
    corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(BaliseError, match=r"no \.txt file here"):
        rehydrate(corpus, tmp_path / "nowhere", tmp_path / "texts")
    (corpus / "r.jsonl").unlink()
    with pytest.raises(BaliseError, match="every article has its text"):
        rehydrate(corpus, put(tmp_path / "sources", one=TEXT), tmp_path / "texts")


def test_a_file_in_another_encoding_is_named_and_stops_nothing(
    corpus: Path, tmp_path: Path
) -> None:
    sources = put(tmp_path / "sources", one=TEXT)
    (sources / "z.txt").write_bytes("été".encode("latin-1"))
    (sources / "folder.txt").mkdir()
    (sources / "dangling.txt").symlink_to("nowhere")
    done = rehydrate(corpus, sources, tmp_path / "texts")
    assert done.written == ("r-1",)
    [unreadable] = done.unreadable
    assert "z.txt:1: byte 0xe9" in unreadable


def test_names_that_are_not_utf8_are_shown_and_stop_nothing(corpus: Path, tmp_path: Path) -> None:
    sources = tmp_path / os.fsdecode(b"ann\xe9e")
    put(sources, one=TEXT + " ")
    (sources / os.fsdecode(b"t\xe9.txt")).write_bytes("été".encode("latin-1"))
    words = ["dataset", "rehydrate", "--texts", str(sources), "--corpus", str(corpus)]
    for more in ([], ["--json"]):
        done = CliRunner().invoke(app, [*words, "--out", str(sources / "texts"), *more])
        assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.exception
        assert "ann\ufffde/t\ufffd.txt" in done.output
        assert "ann\ufffde/one.txt" in done.output


def test_of_two_files_at_the_end_of_a_path_the_one_that_agrees_further_is_meant(
    corpus: Path, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    put(sources / "2016", one="Un texte changé.")
    put(sources, one="Un tout autre texte.")
    [refused] = rehydrate(corpus, sources, tmp_path / "texts").refused
    assert refused.place == str(sources / "2016" / "one.txt")


def test_while_another_process_writes_texts_nothing_is_written(
    corpus: Path, tmp_path: Path
) -> None:
    sources = put(tmp_path / "sources", one=TEXT)
    with locked(tmp_path / "texts"), pytest.raises(BaliseError, match="another balise is writing"):
        rehydrate(corpus, sources, tmp_path / "texts")
    assert list((tmp_path / "texts").iterdir()) == []
    assert rehydrate(corpus, sources, tmp_path / "texts").written == ("r-1",)


def test_two_articles_of_one_text_both_get_it(corpus: Path, tmp_path: Path) -> None:
    write_jsonl(corpus / "s.jsonl", [standoff("s-1", TEXT, "other/one.txt")])
    done = rehydrate(corpus, put(tmp_path / "sources", one=TEXT), tmp_path / "texts")
    assert (done.written, done.refused, done.missing) == (("r-1", "s-1"), (), ("r-2",))


@pytest.mark.parametrize(
    ("place", "refused"),
    [("2016", True), (".", True), ("2017", False), ("deep/2016", False)],
)
def test_only_the_file_at_the_recorded_path_is_refused(
    corpus: Path, tmp_path: Path, place: str, refused: bool
) -> None:
    sources = tmp_path / "sources"
    put(sources / place, one="Autre chose.")
    done = rehydrate(corpus, sources, tmp_path / "texts")
    assert [each.article for each in done.refused] == (["r-1"] if refused else [])
    assert done.missing == (("r-2",) if refused else ("r-1", "r-2"))


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["dataset", "rehydrate", *map(str, arguments)])


def test_the_command_says_what_came_back_and_exits_1_on_a_refusal_and_on_nothing(
    corpus: Path, tmp_path: Path
) -> None:
    options = ("--corpus", corpus, "--out", tmp_path / "texts")
    nothing = call("--texts", put(tmp_path / "empty", x="Rien."), *options)
    assert (nothing.exit_code, "0 texts came back" in nothing.output) == (1, True)
    assert "2 texts are not below" in nothing.output
    found = call("--texts", put(tmp_path / "good", one=TEXT), *options)
    assert (found.exit_code, "1 texts came back, 0 were here" in found.output) == (0, True)
    wrong = call("--texts", put(tmp_path / "wrong", two="Autre."), *options, "--json")
    assert wrong.exit_code == 1
    assert json.loads(wrong.stdout)["refused"][0]["article"] == "r-2"

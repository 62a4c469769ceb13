"""Agreement where the texts are here, and where they are not or are others."""

import json
from pathlib import Path

import msgspec
import pytest
from sklearn.metrics import cohen_kappa_score

from annotations.two_annotators import FIRST, SECOND, write
from balise.annotations.agree import agree
from balise.errors import BaliseError
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation, Span
from markup import annotated


def test_kappa_counts_the_tokens_of_texts_that_are_here(
    tmp_path: Path, labels: LabelScheme
) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    known, _ = annotated("a0", FIRST[0])
    absent = msgspec.structs.replace(annotated("a1", FIRST[1])[0], text=None)
    write_jsonl(tmp_path / "corpus" / "x.jsonl", [known, absent])
    [pair] = agree(tmp_path, labels, tmp_path / "out.json", "b", corpus=tmp_path / "corpus").pairs
    assert pair.kappa is not None
    # Daech attaque la base de Tiyas à Homs
    assert (pair.kappa.tokens, pair.kappa.articles, pair.kappa.without_text) == (8, 1, 1)
    assert pair.kappa.value == pytest.approx(cohen_kappa_score(list("GOOFFFOL"), list("GEOOOFOL")))
    assert pair.kappa.interval is None  # one article gives none


def test_texts_that_were_rehydrated_count_too(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    corpus, texts = tmp_path / "corpus", tmp_path / "texts"
    articles = [annotated(f"a{number}", text)[0] for number, text in enumerate(FIRST)]
    absent = [msgspec.structs.replace(article, text=None) for article in articles]
    write_jsonl(corpus / "x.jsonl", absent)
    texts.mkdir()
    (texts / "a1.txt").write_text(articles[1].text or "", encoding="utf-8")
    made = agree(tmp_path, labels, tmp_path / "out.json", "b", corpus=corpus, texts=texts)
    assert made.overall.kappa is not None
    assert made.overall.kappa.articles == 1


def test_kappa_is_left_out_where_it_is_not_wanted(tmp_path: Path, labels: LabelScheme) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    articles = [annotated(f"a{number}", text)[0] for number, text in enumerate(FIRST)]
    write_jsonl(tmp_path / "corpus" / "x.jsonl", articles)
    out = tmp_path / "out.json"
    made = agree(tmp_path, labels, out, "b", corpus=tmp_path / "corpus", kappa=False)
    assert made.overall.kappa is None
    assert json.loads(out.read_text())["pairs"][0]["kappa"] is None
    assert "attaque" in (tmp_path / "out.html").read_text("utf-8")


def test_a_reading_of_another_text_than_the_corpus_has_is_refused(
    tmp_path: Path, labels: LabelScheme
) -> None:
    write(tmp_path, "b", "lm-1", FIRST)
    write(tmp_path, "b", "lm-2", SECOND)
    write_jsonl(tmp_path / "corpus" / "x.jsonl", [annotated("a0", "Un autre texte.")[0]])
    with pytest.raises(BaliseError, match=r"a0: the text changed under its spans"):
        agree(tmp_path, labels, tmp_path / "out.json", "b", corpus=tmp_path / "corpus")
    assert not (tmp_path / "out.json").exists()


def test_a_span_beyond_its_text_is_refused(tmp_path: Path, labels: LabelScheme) -> None:
    known, reading = annotated("a0", FIRST[0], "lm-1")
    beyond = Annotation("a0", reading.sha256, "lm-2", True, (Span(0, 1000, "DATE"),))
    write_jsonl(tmp_path / "b" / "lm-1.jsonl", [reading])
    write_jsonl(tmp_path / "b" / "lm-2.jsonl", [beyond])
    write_jsonl(tmp_path / "corpus" / "x.jsonl", [known])
    with pytest.raises(BaliseError, match=r"lm-2's reading of a0: DATE 0-1000 ends outside"):
        agree(tmp_path, labels, tmp_path / "out.json", "b", corpus=tmp_path / "corpus")

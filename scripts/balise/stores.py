"""The project's folders, read as a whole: articles, readings and gold."""

import re
from collections.abc import Mapping, Sized
from functools import partial
from pathlib import Path

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import read_text
from balise.indexed import Indexed, scan_named
from balise.jsonl import read_jsonl
from balise.records import Annotation, Article, Gold
from balise.text import sha256

ADJUDICATION = "adjudication"
"""The name under which an adjudicator's reading is kept beside the annotators' own."""


_BATCH = re.compile(r"\w[\w.@+-]*")


def article_files(corpus: Path) -> list[Path]:
    """List the corpus's article files, sorted by name.

    Raises:
        BaliseError: the folder holds none.
    """
    files = sorted(corpus.glob("*.jsonl"))
    if not files:
        raise BaliseError(
            corpus, "no articles here (*.jsonl)", "add some with `balise corpus add FILE`"
        )
    return files


def text_path(texts: Path, id_: str) -> Path:
    """Name the file that holds a stand-off article's text once it is rehydrated."""
    return texts / f"{id_}.txt"


def load_articles(corpus: Path, texts: Path | None = None) -> dict[str, Article]:
    """Read every article of a corpus folder, by id.

    A stand-off article gets its text from the folder `texts` where it has been rehydrated there;
    otherwise its `text` stays null.

    Raises:
        BaliseError: the folder holds none, a line is broken, two articles share an id, or a
            rehydrated text is not the one that was annotated.
    """
    found = scan_named(article_files(corpus), Article, _article_id)
    articles = {id_: _with_text(article, texts) for id_, _, article in found}
    _require_some(articles, corpus)
    return articles


def open_articles(corpus: Path, texts: Path | None = None) -> Mapping[str, Article]:
    """Index the articles of a corpus folder by id; each is read again when it is looked up.

    What is looked up is as `load_articles` gives it, with the rehydrated texts that are there then.

    Raises:
        BaliseError: as for `load_articles`; later, a file was changed since.
    """
    complete = partial(_with_text, texts=texts)
    articles = Indexed(article_files(corpus), Article, _article_id, complete)
    _require_some(articles, corpus)
    return articles


def _article_id(article: Article) -> str:
    return article.id


def _require_some(articles: Mapping[str, Article], corpus: Path) -> None:
    if not articles:
        raise BaliseError(
            corpus, "its files hold no article", "add some with `balise corpus add FILE`"
        )


def _with_text(article: Article, texts: Path | None) -> Article:
    if article.text is not None or texts is None:
        return article
    path = text_path(texts, article.id)
    if not path.is_file():
        return article
    text = read_text(path)
    if (found := sha256(text)) != article.sha256:
        raise BaliseError(
            path,
            f"not the text that {article.id} was annotated on (sha256 {found[:12]}…, expected "
            f"{article.sha256[:12]}…)",
            "bring it back with `balise dataset rehydrate --texts DIR`, or delete the file",
        )
    return msgspec.structs.replace(article, text=text)


def find_article(articles: Mapping[str, Article], id_: str, place: object) -> Article:
    """Look an article up.

    Raises:
        BaliseError: the corpus has no such article.
    """
    if id_ not in articles:
        raise BaliseError(
            place,
            f"article {id_} is not in the corpus",
            "add it with `balise corpus add`, or name its folder with --corpus",
        )
    return articles[id_]


def find_gold(gold: Mapping[str, Gold], id_: str, part: str, place: object) -> Gold:
    """Look up the gold of an article that stands in a part of the split.

    Raises:
        BaliseError: it has none, which is not the same as gold without spans.
    """
    if id_ not in gold:
        raise BaliseError(
            place,
            f"article {id_} of part {part!r} has no gold, and unconfirmed is not empty",
            "confirm it and run `balise annotations gold`, or `balise model split` again",
        )
    return gold[id_]


def reading_files(annotations: Path, batch: str | None = None) -> list[Path]:
    """List the readings' files `<batch>/<annotator>.jsonl`, of one batch or of all, sorted.

    Raises:
        UsageError: the batch's name cannot be a folder's.
    """
    if batch is not None and not _BATCH.fullmatch(batch):
        raise UsageError(
            "--batch", f"{batch!r} cannot be a batch's name", "name a folder of the readings"
        )
    return sorted(annotations.glob(f"{batch or '*'}/*.jsonl"))


def ledger_path(readings: Path) -> Path:
    """Name the ledger of the last import or pull that changed a file of readings."""
    return readings.with_suffix(".ledger.json")


def load_readings(annotations: Path, batch: str | None = None) -> dict[Path, list[Annotation]]:
    """Read the readings of one batch or of all, by file.

    Raises:
        BaliseError: there is no such file, or a line is broken.
    """
    files = reading_files(annotations, batch)
    if not files:
        raise BaliseError(
            annotations / (batch or ""),
            "no readings here (<batch>/<annotator>.jsonl)",
            "pull a batch with `balise doccano pull` or import a file with "
            "`balise annotations import`",
        )
    return {path: read_jsonl(path, Annotation) for path in files}


def load_gold(path: Path) -> list[Gold]:
    """Read the gold spans, one record an article.

    Raises:
        BaliseError: the file is missing or empty, a line is broken, or an article comes twice.
    """
    gold = [record for _, _, record in scan_named([path], Gold, _article_of)]
    _require_gold(gold, path)
    return gold


def open_gold(path: Path) -> Mapping[str, Gold]:
    """Index the gold by article; each record is read again when it is looked up.

    Raises:
        BaliseError: as for `load_gold`; later, the file was changed since.
    """
    gold = Indexed([path], Gold, _article_of)
    _require_gold(gold, path)
    return gold


def _article_of(record: Gold) -> str:
    return record.article


def _require_gold(gold: Sized, path: Path) -> None:
    if not gold:
        raise BaliseError(path, "holds no article", "make it with `balise annotations gold`")

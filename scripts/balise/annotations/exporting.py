"""Gold, or one annotator's readings, become a file for another tool."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from balise.batches import encode_row
from balise.doc_spans import SPANS_KEY, read_group
from balise.docbin import blank_french, make_doc
from balise.errors import BaliseError, UsageError
from balise.files import write_files
from balise.jsonl import encode_json, encode_jsonl, read_jsonl
from balise.ledger import Ledger, LedgerFile
from balise.outputs import refuse_inputs
from balise.records import Annotation, Gold
from balise.spans import require_hash, require_inside
from balise.stores import article_files, find_article, load_articles, load_gold


class Example(msgspec.Struct, frozen=True):
    """A text that is at hand, with the record that annotates it."""

    text: str
    record: Annotation | Gold


class Exported(msgspec.Struct, frozen=True):
    """What an export holds, and which articles stayed at home.

    `without_text` lists stand-off articles whose text is not here.
    """

    path: str
    articles: int
    spans: int
    without_text: tuple[str, ...]
    unconfirmed: int
    ledger: LedgerFile | None


class _Mention(msgspec.Struct, frozen=True):
    start: int
    end: int
    label: str
    text: str


class _Row(msgspec.Struct, frozen=True):
    id: str
    text: str
    spans: list[_Mention]


Track = Callable[[list[Example]], Iterable[Example]]


def export_records(
    format_: str,
    source: Path,
    corpus: Path,
    out: Path,
    *,
    is_gold: bool,
    track: Track = iter,
    texts: Path | None = None,
    overlapping: bool = False,
) -> Exported:
    """Turn a gold file or a file of readings into `out`, in the order of the articles' ids.

    `doccano` is JSONL to upload, in UTF-16 offsets; `jsonl` one object an article, in code
    points, each span with its surface; `spacy` a DocBin, whose ledger of snapped spans is
    written beside it as `<out's stem>.ledger.json`. Its spans are entities or, where they may be
    `overlapping`, the group `sc`. Unconfirmed readings are left out, and so
    are articles without text.

    Raises:
        UsageError: `out` names no file, or one that is read here.
        BaliseError: a file is broken, an article is unknown or its text another one, or nothing
            is left to export.
    """
    records: list[Annotation | Gold] = []
    records += load_gold(source) if is_gold else read_jsonl(source, Annotation)
    articles = load_articles(corpus, texts)
    inputs = (source, *article_files(corpus))
    refuse_inputs("--out", out, inputs, "is what the export is made from")
    if not out.name:
        raise UsageError("--out", f"{str(out)!r} is a folder", "name a file")
    examples: list[Example] = []
    without_text: list[str] = []
    unconfirmed = 0
    for record in sorted(records, key=lambda record: record.article):
        article = find_article(articles, record.article, source)
        if isinstance(record, Annotation) and not record.confirmed:
            unconfirmed += 1
        elif article.text is None:
            without_text.append(article.id)
        else:
            examples.append(_example(article.text, record, source))
    if not examples:
        raise BaliseError(
            source,
            f"nothing to export: {unconfirmed} readings are not confirmed and "
            f"{len(without_text)} articles have no text here",
            "confirm readings, or rehydrate the texts first",
        )
    spans = sum(len(example.record.spans) for example in examples)
    ledger: LedgerFile | None = None
    if format_ == "spacy":
        data, ledger = _docbin(track(examples), spans, SPANS_KEY if overlapping else None)
        write_files({out: data, out.with_suffix(".ledger.json"): encode_json(ledger)})
    else:
        write = _tasks if format_ == "doccano" else _rows
        write_files({out: write(track(examples))})
    return Exported(str(out), len(examples), spans, tuple(without_text), unconfirmed, ledger)


def _example(text: str, record: Annotation | Gold, source: Path) -> Example:
    place = f"{source}: {record.article}"
    require_hash(text, record.sha256, place)
    for span in record.spans:
        require_inside(text, span, place)
    return Example(text, record)


def _tasks(examples: Iterable[Example]) -> bytes:
    rows = (encode_row(each.record.article, each.text, each.record.spans) for each in examples)
    return b"".join(rows)


def _rows(examples: Iterable[Example]) -> bytes:
    return encode_jsonl(
        _Row(
            example.record.article,
            example.text,
            [
                _Mention(span.start, span.end, span.label, example.text[span.start : span.end])
                for span in example.record.spans
            ],
        )
        for example in examples
    )


def _docbin(examples: Iterable[Example], spans: int, group: str | None) -> tuple[bytes, LedgerFile]:
    from spacy.tokens import DocBin

    nlp = blank_french()
    ledger = Ledger()
    docs = [
        make_doc(nlp, example.record.article, example.text, example.record.spans, ledger, group)
        for example in examples
    ]
    data: bytes = DocBin(docs=docs, store_user_data=True).to_bytes()
    return data, ledger.close(spans, sum(len(read_group(doc, group)) for doc in docs))

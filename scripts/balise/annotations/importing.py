"""A foreign file becomes one annotator's readings, with the ledger of its spans beside them."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from balise.annotations.formats import brat, conll, doccano, spacy
from balise.annotations.formats.foreign import ForeignDocument, Reader, unsqueeze
from balise.annotations.matching import ArticleIndex
from balise.errors import BaliseError, UsageError
from balise.files import read_bytes, write_files
from balise.jsonl import encode_json, encode_jsonl
from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile
from balise.offsets import Unit
from balise.records import Annotation, Span
from balise.spans import accept_spans
from balise.stores import ledger_path, load_articles

_NAME = re.compile(r"\w[\w.@+-]*")


class Imported(msgspec.Struct, frozen=True):
    """What an import made: two files, or nothing where they stood there already."""

    path: str
    ledger_path: str
    unchanged: bool
    articles: int
    unconfirmed: int
    set_aside: int
    ledger: LedgerFile


def choose_reader(
    format_: str, offsets: Unit | None, *, approved: bool, overlapping: bool = False
) -> Reader:
    """Find the reader of a format; an `overlapping` scheme takes nested spans from it.

    Raises:
        UsageError: a Doccano export without a unit of offsets, or an option that is Doccano's
            with another format.
    """
    if format_ == "doccano":
        if offsets is None:
            raise UsageError(
                "--offsets",
                "not given, and a Doccano export does not say how it counts",
                "name `utf16` for a project made without grapheme mode (balise's own and "
                "Doccano's default), `grapheme` for one made with it, `codepoint` for labels that "
                "were uploaded as code points and never drawn in the page",
            )
        return doccano.reader(offsets, approved=approved)
    if offsets is not None or approved:
        option = "--offsets" if offsets is not None else "--approved"
        raise UsageError(option, f"means nothing for {format_} files", "leave it out")
    nesting = {"spacy": spacy.read, "brat": brat.read}
    return partial(nesting[format_], overlapping=overlapping) if format_ in nesting else conll.read


def parse_map(pairs: Iterable[str], labels: LabelScheme) -> dict[str, str]:
    """Turn `OLD=NEW` pairs into a mapping of labels.

    Raises:
        UsageError: a pair has another form, NEW is not in the scheme, or OLD comes twice.
    """
    renamed: dict[str, str] = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals):
            raise UsageError("--map", f"{pair!r} is not OLD=NEW", "write for example PER=PERSON")
        if new not in labels.names:
            raise UsageError(
                "--map",
                f"label {new!r} is not in the label scheme",
                f"choose one of {', '.join(labels.names)}",
            )
        if old in renamed:
            raise UsageError("--map", f"{old!r} comes twice", "map each label once")
        renamed[old] = new
    return renamed


def reading_path(annotations: Path, batch: str, annotator: str) -> Path:
    """Name the file of one annotator's readings of one batch.

    Raises:
        UsageError: one of the two cannot be a file's name.
    """
    for option, name in (("--batch", batch), ("--annotator", annotator)):
        if not _NAME.fullmatch(name):
            raise UsageError(
                option, f"{name!r} cannot be a file's name", "use letters, digits and . _ - @ +"
            )
    return annotations / batch / f"{annotator}.jsonl"


def import_readings(
    file: Path,
    reader: Reader,
    origin: str,
    destination: Path,
    corpus: Path,
    labels: LabelScheme,
    renamed: Mapping[str, str],
    *,
    replace: bool = False,
    track: Callable[[list[ForeignDocument]], Iterable[ForeignDocument]] = iter,
    texts: Path | None = None,
) -> Imported:
    """Turn a foreign file into `<batch>/<annotator>.jsonl` and `<annotator>.ledger.json`.

    The annotator is the destination's name. A file that stands there already and differs is
    frozen: only `replace` overwrites it.

    Raises:
        BaliseError: the file breaks a rule of its format, holds no document or an article twice,
            an article is unknown or its text another one, a label is unknown, or spans overlap
            where labels are flat.
    """
    documents = reader(file)
    if not documents:
        raise BaliseError(file, "holds no document", "check what was exported")
    index = ArticleIndex(load_articles(corpus, texts))
    ledger = Ledger()
    read: dict[str, Annotation] = {}
    places: dict[str, str] = {}
    for document in track(documents):
        reading = _reading(document, index, destination.stem, origin, labels, renamed, ledger)
        if reading.article in read:
            raise BaliseError(
                document.place,
                f"article {reading.article} was read already at {places[reading.article]}",
                "keep one of the two",
            )
        read[reading.article] = reading
        places[reading.article] = document.place
    readings = [read[id_] for id_ in sorted(read)]
    closed = ledger.close(
        sum(len(document.spans) + len(document.refused) for document in documents),
        sum(len(reading.spans) for reading in readings),
    )
    beside = ledger_path(destination)
    unchanged = _write(destination, encode_jsonl(readings), beside, closed, replace)
    return Imported(
        str(destination),
        str(beside),
        unchanged,
        len(readings),
        sum(not reading.confirmed for reading in readings),
        sum(document.set_aside for document in documents),
        closed,
    )


def _reading(
    document: ForeignDocument,
    index: ArticleIndex,
    annotator: str,
    origin: str,
    labels: LabelScheme,
    renamed: Mapping[str, str],
    ledger: Ledger,
) -> Annotation:
    article, text = index.find(document)
    found = unsqueeze(text, document.spans) if document.squeezed else document.spans
    spans = [Span(span.start, span.end, renamed.get(span.label, span.label)) for span in found]
    for refused in document.refused:
        ledger.drop(article.id, refused.span, refused.reason)
    return Annotation(
        article.id,
        article.sha256,
        annotator,
        document.confirmed,
        accept_spans(article.id, text, spans, labels, ledger, document.place),
        document.comments,
        origin,
    )


def _write(path: Path, readings: bytes, beside: Path, ledger: LedgerFile, replace: bool) -> bool:
    """Write readings and ledger together; say if they stood there already, byte for byte."""
    contents = {path: readings, beside: encode_json(ledger)}
    if all(file.exists() and read_bytes(file) == data for file, data in contents.items()):
        return True
    if path.exists() and read_bytes(path) != readings and not replace:
        raise BaliseError(
            path,
            "holds other readings already, and an annotator's file is frozen once confirmed",
            "import under another --batch or --annotator, or overwrite it with --replace",
        )
    write_files(contents)
    return False

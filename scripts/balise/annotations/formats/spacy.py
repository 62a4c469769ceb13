"""Read a `.spacy` file: spaCy's DocBin, its entities or its group of spans as spans."""

from pathlib import Path
from typing import TYPE_CHECKING

from balise.annotations.formats.foreign import ForeignDocument, make_span
from balise.doc_spans import SPANS_KEY
from balise.errors import BaliseError
from balise.files import read_bytes

if TYPE_CHECKING:
    from spacy.tokens import Doc


def read(path: Path, *, overlapping: bool = False) -> list[ForeignDocument]:
    """Read the documents of a DocBin.

    Where spans may be `overlapping`, those of a document's group `sc` are read, and its entities
    too. A document whose tokens say nothing about entities, and which has no such group, was never
    annotated: it is not confirmed.

    Raises:
        BaliseError: the file is not a DocBin.
    """
    import spacy
    from spacy.tokens import DocBin

    data = read_bytes(path)
    try:
        docs = list(DocBin().from_bytes(data).get_docs(spacy.blank("fr").vocab))
    # Whatever zlib, msgpack and spaCy raise on other bytes: they share no type of error.
    except Exception as error:
        raise BaliseError(
            path, f"not a DocBin ({error})", "write it with spaCy 3: `DocBin(docs=…).to_disk(…)`"
        ) from error
    return [_document(doc, overlapping, f"{path}:{number}") for number, doc in enumerate(docs, 1)]


def _document(doc: "Doc", overlapping: bool, place: str) -> ForeignDocument:
    grouped = overlapping and SPANS_KEY in doc.spans
    found = dict.fromkeys(
        (span.start_char, span.end_char, span.label_)
        for span in (*doc.ents, *(doc.spans[SPANS_KEY] if grouped else ()))
    )
    id_ = doc.user_data.get("article")
    return ForeignDocument(
        place,
        id_ if isinstance(id_, str) else None,
        doc.text,
        tuple(make_span(start, end, label, place) for start, end, label in found),
        confirmed=grouped or doc.has_annotation("ENT_IOB"),
    )

"""Read a `.spacy` file: spaCy's DocBin, its entities as spans."""

from pathlib import Path
from typing import TYPE_CHECKING

from balise.annotations.formats.foreign import ForeignDocument, make_span
from balise.errors import BaliseError
from balise.files import read_bytes

if TYPE_CHECKING:
    from spacy.tokens import Doc


def read(path: Path) -> list[ForeignDocument]:
    """Read the documents of a DocBin.

    A document whose tokens say nothing about entities was never annotated: it is not confirmed.

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
    return [_document(doc, f"{path}:{number}") for number, doc in enumerate(docs, start=1)]


def _document(doc: "Doc", place: str) -> ForeignDocument:
    id_ = doc.user_data.get("article")
    return ForeignDocument(
        place,
        id_ if isinstance(id_, str) else None,
        doc.text,
        tuple(make_span(ent.start_char, ent.end_char, ent.label_, place) for ent in doc.ents),
        confirmed=doc.has_annotation("ENT_IOB"),
    )

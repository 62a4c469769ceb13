"""A dataset becomes the DocBins that `spacy train` reads."""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec

from balise.dataset.build import LABELS_FILE, LabelsFile
from balise.dataset.manifest import file_problems, read_manifest
from balise.dataset.parquet import each_row
from balise.dataset.rows import SPANS
from balise.doc_spans import SPANS_KEY, read_group
from balise.docbin import blank_french, make_doc, require_readable
from balise.errors import BaliseError
from balise.files import write_files
from balise.jsonl import encode_json, read_json
from balise.ledger import Ledger
from balise.records import Span
from balise.spans import require_inside

_ENDING = ".spacy"
_SPAN = ("start", "end", "label")


class DocBins(msgspec.Struct, frozen=True):
    """What was written: documents and spans of each split, and what the snapping did."""

    out: str
    documents: Mapping[str, int]
    spans: Mapping[str, int]
    kept: int
    snapped: int
    dropped: int


def write_docbins(folder: Path, out: Path) -> DocBins:
    """Turn the config `spans` of a dataset folder into `<split>.spacy` and a ledger, in `out`.

    A span that ends inside a token is snapped to its edge, and the ledger says so. Where the label
    scheme lets spans overlap they stand in the group `sc`, and are entities otherwise.

    Raises:
        BaliseError: there is no dataset in the folder, it is not what its manifest says, no text
            goes out in it, a file is broken, `out` has a DocBin of a split that the dataset lacks,
            or it cannot be written.
    """
    from spacy.tokens import DocBin

    if problems := list(file_problems(folder, read_manifest(folder))):
        raise BaliseError(
            folder,
            f"is not what its manifest says: {'; '.join(problems[:5])}",
            "get the dataset anew, or build it again",
        )
    group = SPANS_KEY if read_json(folder / LABELS_FILE, LabelsFile).overlapping else None
    files = sorted((folder / SPANS).glob("*.parquet"))
    if not files:
        raise BaliseError(
            folder, f"has no config {SPANS}: no text goes out", "build it of articles with texts"
        )
    nlp, ledger = blank_french(), Ledger()
    documents: dict[str, DocBin] = {}
    spans: Counter[str] = Counter()
    spans_in = 0
    for path in files:
        split = path.name.split("-")[0]
        docs = documents.setdefault(split, DocBin(store_user_data=True))
        for values in each_row(path, ["id", "text", "spans"]):
            row = _read(values, path)
            doc = make_doc(nlp, row.id, row.text, row.spans, ledger, group)
            docs.add(doc)
            spans_in += len(row.spans)
            spans[split] += len(read_group(doc, group))
    closed = ledger.close(spans_in, spans.total())
    contents = {out / f"{split}{_ENDING}": docs.to_bytes() for split, docs in documents.items()}
    _refuse_others(out, contents)
    write_files({**contents, out / "ledger.json": encode_json(closed)})
    counts = {split: len(docs) for split, docs in documents.items()}
    return DocBins(
        str(out),
        counts,
        {split: spans[split] for split in counts},
        closed.kept,
        closed.snapped,
        closed.dropped,
    )


def _refuse_others(out: Path, written: Collection[Path]) -> None:
    """Accept a folder whose DocBins are all about to be replaced: others would pass for theirs."""
    for path in sorted(out.glob(f"*{_ENDING}")):
        if path not in written:
            raise BaliseError(
                path, "is of another dataset than this one", "remove it, or choose another --out"
            )


class _Row(msgspec.Struct, frozen=True):
    """What is needed of a row of `spans`."""

    id: str
    text: str
    spans: tuple[Span, ...]


def _read(values: dict[str, Any], path: Path) -> _Row:
    place = f"{path}, row {values.get('id')}"
    remedy = "get the dataset anew, or look at it with `balise dataset check`"
    try:
        spans = [{key: each[key] for key in _SPAN} for each in values["spans"]]
        row = msgspec.convert(values | {"spans": spans}, _Row)
    except (KeyError, TypeError, ValueError) as error:
        raise BaliseError(place, f"is no row of a dataset ({error})", remedy) from error
    require_readable(len(row.text), place)
    for span in row.spans:
        require_inside(row.text, span, place)
    return row

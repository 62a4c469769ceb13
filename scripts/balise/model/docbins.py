"""Gold becomes the DocBins that spaCy's loop reads."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from balise.doc_spans import read_group
from balise.docbin import blank_french, make_doc
from balise.errors import BaliseError
from balise.files import write_files
from balise.jsonl import encode_json
from balise.ledger import Ledger, LedgerFile
from balise.model.silver import Silver
from balise.records import Article, Gold, Span
from balise.spans import describe, find_overlap, require_hash, require_text
from balise.splits import Splits
from balise.stores import find_article, find_gold

if TYPE_CHECKING:
    from spacy.tokens import Span as DocSpan

PARTS = ("train", "dev")


class DocBins(NamedTuple):
    """What two DocBins hold: documents and spans of each part, and the ledger of the snapping.

    `ids` are those of each part's articles, sorted, without silver texts. `lengths` are those of
    the training spans, in tokens, and `doubled` counts the spans that stand on the same tokens as
    an earlier one, under another label.
    """

    counts: dict[str, tuple[int, int]]
    ids: dict[str, tuple[str, ...]]
    ledger: LedgerFile
    lengths: frozenset[int]
    doubled: int


def real_parts(real: bool) -> list[str]:
    """Name the parts that a training uses, those of real articles too where it is asked."""
    return [*PARTS, *(f"{part}_real" for part in PARTS)] if real else list(PARTS)


def dev_parts(real: bool) -> list[str]:
    """Name the parts that choose a training's best state."""
    return [part for part in real_parts(real) if part.startswith("dev")]


def write_docbins(
    gold: Sequence[Gold],
    articles: Mapping[str, Article],
    splits: Splits,
    out: Path,
    *,
    real: bool = False,
    refit: bool = False,
    silver: Sequence[Silver] = (),
    group: str | None = None,
) -> DocBins:
    """Write the train and dev parts to `out` as DocBins, beside one ledger of what was snapped.

    With `real`, the parts of real articles are in; with `refit`, dev's articles stand in the train
    part, and none in dev; `silver` stands behind the gold of the train part. The spans become
    entities or, with `group`, that group of spans, which may overlap.

    Raises:
        BaliseError: a part has no article or no span, an id has no article or no gold, a text is
            missing or was changed, or spans overlap that become entities.
    """
    from spacy.tokens import DocBin

    nlp = blank_french()
    ledger = Ledger()
    records = {record.article: record for record in gold}
    counts: dict[str, tuple[int, int]] = {}
    ids: dict[str, tuple[str, ...]] = {}
    contents: dict[Path, bytes | str] = {}
    lengths: set[int] = set()
    spans_in = doubled = 0
    for part in PARTS:
        ids[part] = tuple(sorted(_named(splits, part, real=real, refit=refit)))
        docs = []
        for id_ in ids[part]:
            article = find_article(articles, id_, part)
            record = find_gold(records, id_, part, "gold")
            text = require_text(article, part)
            require_hash(text, record.sha256, f"{part}, article {id_}")
            if group is None:
                _refuse_overlaps(text, record.spans, f"{part}, article {id_}")
            docs.append(make_doc(nlp, id_, text, record.spans, ledger, group))
            spans_in += len(record.spans)
        if part == "train":
            for each in silver:
                if group is None:
                    _refuse_overlaps(each.text, each.spans, f"silver text {each.id}")
                docs.append(make_doc(nlp, each.id, each.text, each.spans, ledger, group))
                spans_in += len(each.spans)
            lengths = {len(span) for doc in docs for span in read_group(doc, group)}
        counts[part] = len(docs), sum(len(read_group(doc, group)) for doc in docs)
        doubled += sum(_count_doubled(read_group(doc, group)) for doc in docs)
        if not counts[part][1] and not (refit and part == "dev"):
            raise BaliseError(
                f"{part} part",
                f"{len(docs)} gold articles with {counts[part][1]} spans",
                "annotate more, make gold and split again",
            )
        contents[out / f"{part}.spacy"] = DocBin(docs=docs, store_user_data=True).to_bytes()
    closed = ledger.close(spans_in, sum(spans for _, spans in counts.values()))
    contents[out / "ledger.json"] = encode_json(closed)
    write_files(contents)
    return DocBins(counts, ids, closed, frozenset(lengths), doubled)


def _named(splits: Splits, part: str, *, real: bool, refit: bool) -> set[str]:
    """Name the articles that stand in a DocBin; without a `refit` they are its part's."""
    if refit and part == "dev":
        return set()
    taken = [each for each in real_parts(real) if refit or each.startswith(part)]
    return {id_ for each in taken for id_ in splits.part(each)}


def _count_doubled(spans: "Sequence[DocSpan]") -> int:
    return len(spans) - len({(span.start, span.end) for span in spans})


def _refuse_overlaps(text: str, spans: Iterable[Span], place: str) -> None:
    if pair := find_overlap(sorted(spans)):
        left, right = (describe(text, span) for span in pair)
        raise BaliseError(
            place,
            f"{left} overlaps {right}, and a recogniser of entities can learn one of the two only",
            "train a span categorizer: `--profile spancat`",
        )

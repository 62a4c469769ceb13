"""Rows held against the gold: every difference is named."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from balise.align import TokenSpan
from balise.dataset.make_rows import annotator_row, span_row, standoff_row
from balise.dataset.release import Item, Reading
from balise.dataset.rows import AnnotatorRow, BioRow, SpanRow, StandoffRow
from balise.docbin import TOKENIZER, blank_french, make_doc
from balise.ledger import Ledger, LedgerFile
from balise.text import sha256

Row = TypeVar("Row", SpanRow, BioRow, AnnotatorRow, StandoffRow)
Source = TypeVar("Source")


def part_problems(
    place: str,
    rows: Iterable[dict[str, Any]],
    type_: type[Row],
    expected: Mapping[str, Source],
    differ: Callable[[str, Row, Source], Iterator[str]],
) -> Iterator[str]:
    """Yield what is wrong with the rows of a split, beside what they come from, by id.

    A row may be of other columns or types, missing, unknown, doubled, out of order, or different,
    as `differ` tells of a place, a row and its source.
    """
    count: Counter[str] = Counter()
    last, ordered = "", True
    for number, values in enumerate(rows):
        try:
            row = msgspec.convert(values, type_)
        except msgspec.ValidationError as error:
            yield f"{place}, row number {number}: {error}"
            continue
        count[row.id] += 1
        last, ordered = row.id, ordered and last <= row.id
        if row.id in expected:
            yield from differ(f"{place}, row {row.id}", row, expected[row.id])
    yield from (f"{place}: row {id_} is missing" for id_ in expected if id_ not in count)
    yield from (f"{place}: row {id_} should not be here" for id_ in count if id_ not in expected)
    yield from (f"{place}: row {id_} is there twice" for id_ in expected if count[id_] > 1)
    if not ordered:
        yield f"{place}: the rows are not sorted by id"


def span_problems(place: str, row: SpanRow, item: Item) -> Iterator[str]:
    """Yield how a row of `spans` differs from its article and gold, and from itself."""
    yield from _differences(place, row, msgspec.structs.asdict(span_row(item)))
    if sha256(row.text) != row.sha256 or len(row.text) != row.length:
        yield f"{place}: its text does not have its sha256 and length"
    for span in row.spans:
        if span.text != row.text[span.start : span.end]:
            yield f"{place}: surface {span.text!r} is not text[{span.start}:{span.end}]"


def standoff_problems(place: str, row: StandoffRow, item: Item) -> Iterator[str]:
    """Yield how a row of `standoff` differs from its article and gold.

    Where the article's text is not here, its hashes cannot be held against it.
    """
    if item.article.text is None:
        bare = [
            msgspec.structs.replace(span, surface=None, before=(), after=()) for span in row.spans
        ]
        row = msgspec.structs.replace(row, spans=tuple(bare))
    yield from _differences(place, row, msgspec.structs.asdict(standoff_row(item)))


def reading_problems(place: str, row: AnnotatorRow, source: tuple[Item, Reading]) -> Iterator[str]:
    """Yield how a row of `annotators` differs from its reading; a text that stays is not quoted."""
    item, reading = source
    if item.text is None and any(span.text is not None for span in row.spans):
        yield f"{place}: its article is stand-off, but surfaces go out"
        return
    yield from _differences(place, row, msgspec.structs.asdict(annotator_row(item, reading)))


def _differences(place: str, row: msgspec.Struct, expected: Mapping[str, object]) -> Iterator[str]:
    for field, value in expected.items():
        if (found := getattr(row, field)) != value:
            yield f"{place}: {field} is {_short(found)}, not {_short(value)}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


class BioCheck:
    """Holds rows of `bio` against spaCy documents made anew from text and gold.

    The documents come from `balise.docbin`, which the build does not use; their snapped spans
    are what the tags must decode to.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self._nlp = blank_french()
        self._tags = tags
        self._ledger = Ledger()
        self._spans_in = 0
        self._spans_out = 0

    def problems(self, place: str, row: BioRow, item: Item) -> Iterator[str]:
        """Yield how a row of `bio` differs from its article's tokens and snapped spans."""
        article, spans = item.article, item.gold.spans
        doc = make_doc(self._nlp, article.id, item.text or "", spans, self._ledger)
        self._spans_in += len(spans)
        self._spans_out += len(doc.ents)
        tokens = [token for token in doc if not token.is_space]
        expected = {
            "tokens": tuple(token.text for token in tokens),
            "token_starts": tuple(token.idx for token in tokens),
            "token_ends": tuple(token.idx + len(token) for token in tokens),
            "tokenizer": TOKENIZER,
            "synthetic": article.synthetic,
            "license": article.license,
            "attribution": article.attribution,
        }
        wrong = list(_differences(place, row, expected))
        if wrong:
            yield from wrong
            return
        if len(row.ner_tags) != len(tokens):
            yield f"{place}: {len(row.ner_tags)} tags for {len(tokens)} tokens"
            return
        try:
            decoded = decode_tags(row.ner_tags, self._tags)
        except ValueError as error:
            yield f"{place}: {error}"
            return
        found = {(row.token_starts[s.start], row.token_ends[s.end - 1], s.label) for s in decoded}
        gold = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        for start, end, label in sorted(gold - found):
            yield f"{place}: its tags lack the gold's {label} {start}-{end}"
        for start, end, label in sorted(found - gold):
            yield f"{place}: its tags say {label} {start}-{end}, the gold does not"

    def ledger(self) -> LedgerFile:
        """Close the ledger of everything that was compared."""
        return self._ledger.close(self._spans_in, self._spans_out)


def decode_tags(numbers: Sequence[int], names: Sequence[str]) -> list[TokenSpan]:
    """Turn IOB2 tags, as numbers of the given names, into token spans.

    Raises:
        ValueError: a number names no tag, or an I- tag continues nothing.
    """
    spans: list[TokenSpan] = []
    previous = "O"
    for index, number in enumerate(numbers):
        if not 0 <= number < len(names):
            raise ValueError(f"tag {number} of token {index} is none of the {len(names)} tags")
        tag, label = names[number], names[number][2:]
        if tag.startswith("B-"):
            spans.append(TokenSpan(index, index + 1, label))
        elif tag.startswith("I-"):
            if previous[2:] != label:
                raise ValueError(f"tag {tag} of token {index} continues {previous}")
            spans[-1] = TokenSpan(spans[-1].start, index + 1, label)
        previous = tag
    return spans

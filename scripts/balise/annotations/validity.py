"""Every problem of one file of readings or gold, where the rest of balise stops at the first."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from balise.errors import BaliseError
from balise.files import read_text
from balise.jsonl import decode
from balise.labels import LabelScheme
from balise.records import Annotation, Article, Gold, Span
from balise.spans import check_spans, explain_clash, find_clash, refuse_clashes, require_hash
from balise.stores import find_article

Record = TypeVar("Record", Annotation, Gold)
Line = tuple[int, Record]


def read_lines(path: Path, type_: type[Record]) -> tuple[list[Line[Record]], list[str]]:
    """Read the records that can be read, with their line numbers, and the other lines' problems."""
    records: list[Line[Record]] = []
    problems: list[str] = []
    try:
        lines = read_text(path).split("\n")
    except BaliseError as error:
        return [], [str(error)]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                records.append((number, decode(line, type_, f"{path}:{number}")))
            except BaliseError as error:
                problems.append(str(error))
    return records, problems


def find_problems(
    path: Path, lines: list[Line[Record]], articles: dict[str, Article], labels: LabelScheme
) -> Iterator[str]:
    """Find articles that are unknown, twice or out of order, and texts and spans that parted."""
    for (_, before), (number, record) in pairwise(lines):
        if record.article < before.article:
            yield f"{path}:{number}: {record.article} stands after {before.article}; sort the lines"
    seen: dict[str, int] = {}
    for number, record in lines:
        place = f"{path}:{number}"
        first = seen.setdefault(record.article, number)
        if first != number:
            yield f"{place}: article {record.article} stands in line {first} too; keep one"
        try:
            article = find_article(articles, record.article, place)
        except BaliseError as error:
            yield str(error)
            continue
        yield from _find_span_problems(record, article, labels, place)


def _find_span_problems(
    record: Annotation | Gold, article: Article, labels: LabelScheme, place: str
) -> Iterator[str]:
    if record.sha256 != article.sha256:
        yield (
            f"{place}: made on another text of {article.id} (sha256 {record.sha256[:12]}…, the "
            f"corpus has {article.sha256[:12]}…); restore the text that was annotated"
        )
        return
    text = article.text
    if text is not None:
        changed = list(_messages(require_hash, text, article.sha256, place))
        if changed:
            yield from changed
            return
    for span in record.spans:
        if text is not None:
            yield from _messages(check_spans, text, [span], labels, place)
        else:
            yield from _messages(labels.require, span.label, place)
            if span.end > article.length:
                yield f"{place}: {_name(span)} ends outside {article.id}; correct its offsets"
    for left, right in pairwise(sorted(record.spans)):
        if text is not None:
            yield from _messages(refuse_clashes, text, (left, right), labels, place)
        elif find_clash((left, right), labels):
            problem, remedy = explain_clash(_name(left), _name(right), labels)
            yield f"{place}: {problem}; {remedy}"
    if list(record.spans) != sorted(record.spans):
        yield f"{place}: its spans are not in the order of the text; sort them"


def _messages(check: Callable[..., object], *arguments: object) -> Iterator[str]:
    try:
        check(*arguments)
    except BaliseError as error:
        yield str(error)


def _name(span: Span) -> str:
    return f"{span.label} {span.start}-{span.end}"

"""Read brat's stand-off files: `NAME.ann` beside `NAME.txt`, or a folder of such pairs.

Text-bound lines are `ID<TAB>LABEL START END<TAB>SURFACE`, in code points of the text file, with
`START END;START END` for a discontinuous span (https://brat.nlplab.org/standoff.html).
"""

import re
import unicodedata
from pathlib import Path

from balise.annotations.formats.foreign import ForeignDocument, Refused, make_span
from balise.errors import BaliseError
from balise.files import read_text
from balise.records import Span
from balise.spans import describe, require_inside

_TEXT_BOUND = re.compile(r"T\S*\t(\S+) (\d{1,18}(?: \d{1,18};\d{1,18})*) (\d{1,18})\t(.*)")
_NOTE = re.compile(r"#\S*\t\S+ \S+\t(.*)")
_SET_ASIDE = re.compile(r"(?:[REAMN]\S+|\*)\t")


def read(path: Path, *, overlapping: bool = False) -> list[ForeignDocument]:
    """Read one `.ann` file, or all of a folder.

    Where labels are flat, of nested spans the outermost stays; where spans may be `overlapping`
    all do. A discontinuous span is refused. What does not stay goes into the ledger with its
    reason. Notes become comments. brat gives every text an empty `.ann` before anybody reads it:
    a document without a line is not confirmed.

    Raises:
        BaliseError: a line is broken, a span lies outside its text or has another surface there,
            or a folder holds no `.ann` file.
    """
    files = sorted(path.glob("*.ann")) if path.is_dir() else [path]
    if not files:
        raise BaliseError(path, "no .ann file here", "name the folder that brat saves into")
    return [_document(file, overlapping) for file in files]


def _document(path: Path, overlapping: bool) -> ForeignDocument:
    text = read_text(path.with_suffix(".txt"))
    spans: list[Span] = []
    refused: list[Refused] = []
    comments: list[str] = []
    set_aside = 0
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        place, line = f"{path}:{number}", line.rstrip("\r")
        if not line.strip():
            continue
        if line.startswith("T"):
            span, continuous = _text_bound(text, line, place)
            if continuous:
                spans.append(span)
            else:
                refused.append(Refused(span, "discontinuous"))
        elif match := _NOTE.fullmatch(line):
            comments.append(match[1])
        elif _SET_ASIDE.match(line):
            set_aside += 1
        else:
            raise BaliseError(place, f"{line!r} is no brat annotation", "correct or remove it")
    kept, nested = (tuple(spans), []) if overlapping else _flatten(text, spans)
    return ForeignDocument(
        f"{path}",
        None,
        text,
        kept,
        tuple(comments),
        confirmed=bool(spans or refused or comments or set_aside),
        refused=(*refused, *nested),
        set_aside=set_aside,
    )


def _text_bound(text: str, line: str, place: str) -> tuple[Span, bool]:
    """Read one text-bound line: its range from first to last character, and if it is unbroken.

    brat breaks a span at a line end; pieces with only white space between them are one span.
    """
    match = _TEXT_BOUND.fullmatch(line)
    if match is None:
        raise BaliseError(
            place,
            f"{line!r} is no text-bound annotation",
            "write ID, tab, `LABEL START END`, tab, surface",
        )
    label, middle, last, surface = match.groups()
    edges = [int(edge) for edge in re.findall(r"\d+", f"{middle} {last}")]
    span = make_span(edges[0], edges[-1], label, place)
    require_inside(text, span, place)
    pieces = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    gaps = [text[end:start] for end, start in zip(edges[1:-1:2], edges[2::2], strict=True)]
    if _visible(" ".join(pieces)) != _visible(surface):
        raise BaliseError(
            place,
            f"{describe(text, span)} is {surface!r} in the annotation file",
            "restore the text file that was annotated",
        )
    return span, not any(gap.strip() for gap in gaps)


def _visible(surface: str) -> str:
    """Reduce a surface to what annotation files agree on.

    brat writes one space for a line end and joins the pieces of a span by spaces; invisible
    format characters (direction marks, soft hyphens) are in some files' texts alone.
    """
    shown = (character for character in surface if unicodedata.category(character) != "Cf")
    return re.sub(r"\s", " ", "".join(shown)).strip()


def _flatten(text: str, spans: list[Span]) -> tuple[tuple[Span, ...], list[Refused]]:
    """Part the outermost spans from those within another; of equal ranges the first line's stays.

    Exact duplicates are left to what accepts the spans.
    """
    outer: list[Span] = []
    nested: list[Refused] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        holder = outer[-1] if outer else None
        if holder and span.end <= holder.end and span != holder:
            nested.append(Refused(span, f"nested in {describe(text, holder)}"))
        else:
            outer.append(span)
    return tuple(outer), nested

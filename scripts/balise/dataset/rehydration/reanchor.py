"""An article's spans are put on the text that stands at its address now, by their hashes alone."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from balise.dataset.rehydration.placing import Placed, RefusedSpan, place_spans
from balise.dataset.rows import AnchoredSpan
from balise.errors import BaliseError
from balise.text import sha256


class Reanchored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article's spans on the text that stands at `place` now; it is never gold.

    `expected` is the hash of the text that was annotated. `kept` spans have the offsets that they
    had, `moved` ones others.
    """

    article: str
    place: str
    expected: str
    sha256: str
    length: int
    text: str
    kept: int
    moved: int
    spans: tuple[Placed, ...]
    refused: tuple[RefusedSpan, ...]


def reanchor(
    article: str, place: str, expected: str, salt: str, spans: Sequence[AnchoredSpan], text: str
) -> Reanchored:
    """Put an article's spans on another text.

    Raises:
        BaliseError: the spans that came in are not those placed and refused (a defect).
    """
    found = place_spans(spans, text, salt)
    placed = tuple(sorted((each for each in found if isinstance(each, Placed)), key=_edges))
    refused = tuple(each for each in found if isinstance(each, RefusedSpan))
    kept = sum((each.start, each.end) == (each.old_start, each.old_end) for each in placed)
    _balance(article, spans, placed, refused)
    return Reanchored(
        article=article,
        place=place,
        expected=expected,
        sha256=sha256(text),
        length=len(text),
        text=text,
        kept=kept,
        moved=len(placed) - kept,
        spans=placed,
        refused=refused,
    )


def _edges(span: Placed) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _balance(
    article: str,
    spans: Sequence[AnchoredSpan],
    placed: Sequence[Placed],
    refused: Sequence[RefusedSpan],
) -> None:
    came = Counter((each.start, each.end, each.label) for each in spans)
    went = Counter((each.old_start, each.old_end, each.label) for each in placed)
    went.update((each.start, each.end, each.label) for each in refused)
    if came != went:
        raise BaliseError(
            article,
            f"{came.total()} spans in, but {len(placed)} placed and {len(refused)} refused",
            "nothing was written; this is a defect of balise, please report it",
        )

"""Gold is held against itself: one surface, everywhere it stands, should be read one way.

Every surface that is a span somewhere is looked for in every text, as whole words, written the
same way. Where it stands as a span of the same label all is well, and so it is inside a longer
span (« Mali » in « armée du Mali »). What is left is one of three kinds:

- `label`: it is a span of another label;
- `missed`: no span touches it;
- `boundary`: a shorter or a crossing span stands in its place (« Barkhane » where « force
  Barkhane » is a span elsewhere).

Much of that is right (« siège » is a blockade here and a seat there): `settled.tsv` names such
surfaces with the reason, and they are counted apart. Counts of people and bare numbers are not
looked for where they are missed: « dix personnes » are casualties by what happened to them, and
« 12 » is a day by the words around it, not by its form.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Literal, get_args

import msgspec

from balise.errors import BaliseError
from balise.records import Gold, Span
from balise.tsv import read_tsv

Kind = Literal["label", "missed", "boundary"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLUMNS = ("kind", "surface", "label", "reason")
_CONTEXT = 30
Track = Callable[[list[str]], Iterable[str]]
_NO_NAMES = frozenset({"CASUALTIES"})


class Place(msgspec.Struct, frozen=True):
    """One occurrence that is read another way: the article, the code point, the words around."""

    article: str
    start: int
    context: str


class Inconsistency(msgspec.Struct, frozen=True):
    """A surface, and the places where it is read otherwise than elsewhere.

    `label` is what it is as a span, `marked` times; of kind `label` it is the rarer label, and
    the places are where it has that one.
    """

    kind: Kind
    surface: str
    label: str
    marked: int
    places: tuple[Place, ...]


class Settled(msgspec.Struct, frozen=True, order=True):
    """A surface that may be read in more than one way, and why."""

    kind: str
    surface: str
    label: str
    reason: str


class Consistency(msgspec.Struct, frozen=True):
    """What is open, how many surfaces and occurrences are settled, and settlements without use.

    `settled` maps each kind to its number of surfaces; `idle` are lines of `settled.tsv` that
    nothing in gold needs.
    """

    open: tuple[Inconsistency, ...]
    settled: dict[str, int]
    idle: tuple[Settled, ...]


def find_inconsistencies(
    gold: Iterable[Gold],
    texts: Mapping[str, str],
    settled: Iterable[Settled] = (),
    track: Track = iter,
) -> Consistency:
    """Hold every surface of gold against every text; articles without text here take no part.

    Where a text is missing, no settlement is called idle: it may be needed there.
    """
    gold = list(gold)
    spans = {record.article: sorted(record.spans) for record in gold if record.article in texts}
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, ordered in spans.items():
        for span in ordered:
            labels[texts[id_][span.start : span.end]][span.label] += 1
    patterns = {surface: _whole_words(surface) for surface in labels}
    places: dict[tuple[Kind, str, str], list[Place]] = defaultdict(list)
    for id_ in track(sorted(spans)):
        ordered = spans[id_]
        # A nested span may end before an earlier one; the furthest end so far only grows.
        furthest = list(accumulate((span.end for span in ordered), max))
        for surface, start in _occurrences(texts[id_], patterns):
            if read := _read_otherwise(ordered, furthest, start, surface, labels[surface]):
                kind, label = read
                places[kind, surface, label].append(_place(id_, texts[id_], start, surface))
    allowed = {_key(one): one for one in settled}
    found = [
        Inconsistency(kind, surface, label, labels[surface][label], tuple(where))
        for (kind, surface, label), where in sorted(places.items())
    ]
    used = {_key(one) for one in found}
    return Consistency(
        tuple(one for one in found if _key(one) not in allowed),
        dict(Counter(kind for kind, _, _ in sorted(used & allowed.keys()))),
        tuple(
            one
            for key, one in sorted(allowed.items())
            if key not in used and len(spans) == len(gold)
        ),
    )


def _key(one: Inconsistency | Settled) -> tuple[str, str, str]:
    """Name what a settlement covers.

    Of a surface with two labels either may be the rarer one, as more texts come: both are settled.
    """
    return (one.kind, one.surface, "" if one.kind == "label" else one.label)


def _whole_words(surface: str) -> re.Pattern[str]:
    """Make the pattern of a surface as whole words.

    A hyphen parts a name from its prefix (« anti-Hamas »), and makes another word of a word in
    small letters (« contre-attaque »).
    """
    edge = r"[\w-]" if surface.islower() else r"\w"
    return re.compile(rf"(?<!{edge}){re.escape(surface)}(?!{edge})")


def _occurrences(text: str, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[tuple[str, int]]:
    for surface, pattern in patterns.items():
        # Most surfaces are not in a text, and this finds out faster than the pattern.
        if surface in text:
            for match in pattern.finditer(text):
                yield surface, match.start()


def _read_otherwise(
    ordered: Sequence[Span],
    furthest: Sequence[int],
    start: int,
    surface: str,
    labels: Mapping[str, int],
) -> tuple[Kind, str] | None:
    """Tell how an occurrence differs from the surface's use as a span, if so, and with which label.

    A surface with two labels is reported once, under the rarer one's, where that one stands; a
    surface that is missed or cut, under its most frequent label. `furthest` is how far the
    ordered spans reach up to each.
    """
    end = start + len(surface)
    usual = min(labels, key=lambda label: (-labels[label], label))
    touching = []
    for span in ordered[bisect_right(furthest, start) :]:
        if span.start >= end:
            break
        if span.end > start:
            touching.append(span)
    if not touching:
        named = usual not in _NO_NAMES and not surface.isdecimal()
        return ("missed", usual) if named else None
    read = [span.label for span in touching if (span.start, span.end) == (start, end)]
    if read:
        return None if usual in read else ("label", read[0])
    held = any(span.start <= start and end <= span.end for span in touching)
    return None if held else ("boundary", usual)


def _place(article: str, text: str, start: int, surface: str) -> Place:
    end = start + len(surface)
    around = text[max(0, start - _CONTEXT) : end + _CONTEXT]
    return Place(article, start, " ".join(around.split()))


def load_settled(path: Path) -> tuple[Settled, ...]:
    """Read `settled.tsv`, or nothing where there is no such file.

    Raises:
        BaliseError: the header is another one, or a line has another number of cells, an unknown
            kind, an empty cell, or stands twice.
    """
    if not path.is_file():
        return ()
    settled: dict[tuple[str, str, str], Settled] = {}
    for place, cells in read_tsv(path, COLUMNS):
        if not all(cells):
            raise BaliseError(place, "an empty cell", f"fill all of {', '.join(COLUMNS)}")
        one = Settled(*cells)
        if one.kind not in KINDS:
            raise BaliseError(place, f"kind {one.kind!r}", f"write one of {', '.join(KINDS)}")
        if settled.setdefault(_key(one), one) is not one:
            raise BaliseError(place, f"{one.surface!r} is settled twice", "keep one line")
    return tuple(settled.values())

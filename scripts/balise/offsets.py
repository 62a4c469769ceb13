"""Offsets into one text, between code points and the two units that browsers count in.

Doccano's page counts UTF-16 code units, or grapheme clusters in a project with `grapheme_mode`;
Python and every file of ours count code points.
"""

from bisect import bisect_left
from itertools import accumulate
from typing import Literal

import regex

from balise.errors import BaliseError

Unit = Literal["codepoint", "utf16", "grapheme"]

_LAST_OF_ONE_UNIT = "\uffff"


class OffsetMap:
    """Convert offsets of one text between code points and the given unit.

    The end of the text is a valid offset in both directions.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self.unit = unit
        self._points = len(text)
        # Code points that take two UTF-16 units; most texts have none and need no table.
        self._wide: list[int] = []
        self._edges: list[int] | None = None
        if unit == "grapheme":
            clusters = map(len, regex.findall(r"\X", text))
            self._edges = list(accumulate(clusters, initial=0))
        elif unit == "utf16" and max(text, default="") > _LAST_OF_ONE_UNIT:
            self._wide = [at for at, char in enumerate(text) if char > _LAST_OF_ONE_UNIT]
        self._wide_units = [at + before for before, at in enumerate(self._wide)]
        self.length = len(text) + len(self._wide) if self._edges is None else len(self._edges) - 1

    def to_unit(self, point: int) -> int:
        """Turn a code point offset into the map's unit.

        Raises:
            BaliseError: the offset is outside the text or inside a grapheme cluster.
        """
        if not 0 <= point <= self._points:
            raise self._outside(point, "code point")
        if self._edges is None:
            return point + bisect_left(self._wide, point)
        offset = bisect_left(self._edges, point)
        if self._edges[offset] != point:
            raise self._outside(point, "code point")
        return offset

    def to_codepoint(self, offset: int) -> int:
        """Turn an offset in the map's unit into code points.

        Raises:
            BaliseError: the offset is outside the text or inside a surrogate pair.
        """
        if not 0 <= offset <= self.length:
            raise self._outside(offset, self.unit)
        if self._edges is not None:
            return self._edges[offset]
        before = bisect_left(self._wide_units, offset)
        if before and self._wide_units[before - 1] + 1 == offset:
            raise self._outside(offset, self.unit)
        return offset - before

    def _outside(self, offset: int, unit: str) -> BaliseError:
        return BaliseError(
            f"{unit} offset {offset}",
            f"not a character's edge in a text of {self.length} {self.unit} units",
            "check that text and offsets belong together and that --offsets names their unit",
        )

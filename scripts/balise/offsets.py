"""Offsets into one text, between code points and the two units that browsers count in.

Doccano's page counts UTF-16 code units, or grapheme clusters in a project with `grapheme_mode`;
Python and every file of ours count code points.
"""

from collections.abc import Iterator
from typing import Literal

import regex

from balise.errors import BaliseError

Unit = Literal["codepoint", "utf16", "grapheme"]


def _widths(text: str, unit: Unit) -> Iterator[int]:
    """Yield the number of code points that each unit of the text advances by (0 inside a pair)."""
    if unit == "grapheme":
        yield from (len(cluster) for cluster in regex.findall(r"\X", text))
        return
    for character in text:
        if unit == "utf16" and ord(character) > 0xFFFF:
            yield 0
        yield 1


class OffsetMap:
    """Convert offsets of one text between code points and the given unit.

    The end of the text is a valid offset in both directions.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self.unit = unit
        self._to: dict[int, int] = {}
        self._from: dict[int, int] = {}
        point = offset = 0
        self._set(point, offset)
        for width in _widths(text, unit):
            offset += 1
            point += width
            if width:
                self._set(point, offset)
        self.length = offset

    def _set(self, point: int, offset: int) -> None:
        self._to[point] = offset
        self._from[offset] = point

    def to_unit(self, point: int) -> int:
        """Turn a code point offset into the map's unit.

        Raises:
            BaliseError: the offset is outside the text or inside a grapheme cluster.
        """
        return self._look_up(self._to, point, "code point")

    def to_codepoint(self, offset: int) -> int:
        """Turn an offset in the map's unit into code points.

        Raises:
            BaliseError: the offset is outside the text or inside a surrogate pair.
        """
        return self._look_up(self._from, offset, self.unit)

    def _look_up(self, table: dict[int, int], offset: int, unit: str) -> int:
        try:
            return table[offset]
        except KeyError:
            raise BaliseError(
                f"{unit} offset {offset}",
                f"not a character's edge in a text of {self.length} {self.unit} units",
                "check that text and offsets belong together and that --offsets names their unit",
            ) from None

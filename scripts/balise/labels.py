"""The label scheme, read from `annotations/labels.toml`."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from balise.errors import BaliseError
from balise.files import read_text

Rollup = Literal["conll", "ace", "re3d"]
"""The other schemes that a label may have a name in."""


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label: how it looks in Doccano, what it means, what it rolls up to elsewhere."""

    name: str
    colour: Annotated[str, msgspec.Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
    hotkey: str
    fr: str
    en: str
    conll: str | None = None
    ace: str | None = None
    re3d: str | None = None


class LabelScheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels in their fixed order, under one version.

    Spans of a text may share characters only where the scheme is `overlapping`; no scheme allows
    one span twice.
    """

    version: str
    labels: Annotated[tuple[Label, ...], msgspec.Meta(min_length=1)]
    overlapping: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The labels' names, in the scheme's order."""
        return tuple(label.name for label in self.labels)

    def rollup(self, scheme: Rollup) -> dict[str, str]:
        """Map each label that `scheme` (conll, ace or re3d) knows to its name there."""
        pairs = ((label.name, getattr(label, scheme)) for label in self.labels)
        return {name: target for name, target in pairs if target}

    def require(self, name: str, place: object) -> None:
        """Accept a label of the scheme.

        Raises:
            BaliseError: the scheme does not know the label.
        """
        if name not in self.names:
            raise BaliseError(
                place,
                f"label {name!r} is not in the label scheme ({', '.join(self.names)})",
                "rename it (`--map OLD=NEW` on import) or add it to annotations/labels.toml",
            )


def load_labels(path: Path) -> LabelScheme:
    """Read the label scheme from a TOML file.

    Raises:
        BaliseError: the file is missing or broken, or two labels share a name or a hotkey.
    """
    try:
        scheme = msgspec.convert(tomllib.loads(read_text(path)), LabelScheme)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BaliseError(
            path, f"not a label scheme ({error})", "compare it with the project's labels.toml"
        ) from error
    for field in ("name", "hotkey"):
        values = [getattr(label, field) for label in scheme.labels]
        for value in values:
            if values.count(value) > 1:
                raise BaliseError(path, f"{field} {value!r} is used twice", "give each its own")
    return scheme

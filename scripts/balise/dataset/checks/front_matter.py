"""The front matter of a card: YAML between two lines of three hyphens, read strictly."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from balise.errors import BaliseError, first_line

if TYPE_CHECKING:
    import yaml

_FENCE = "---"


class FrontMatter(msgspec.Struct, frozen=True):
    """The values by key, and each key that stands twice in one mapping, with its line."""

    values: dict[str, Any]
    repeated: tuple[tuple[int, str], ...]


def read_front_matter(card: str, place: str) -> FrontMatter:
    """Turn a card's text into its front matter.

    YAML's own reader keeps the last of two equal keys and says nothing, so the tree is read too.

    Raises:
        BaliseError: there is none, or it is not YAML with keys.
    """
    import yaml

    lines = card.splitlines()
    if lines[:1] != [_FENCE] or _FENCE not in lines[1:]:
        raise BaliseError(
            place, "has no front matter", f"begin it with YAML between two lines of {_FENCE}"
        )
    block = "\n".join(lines[1 : lines.index(_FENCE, 1)])
    try:
        tree = yaml.compose(block, Loader=yaml.SafeLoader)
        values = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BaliseError(
            place, f"cannot be read as YAML ({first_line(error)})", "correct it"
        ) from error
    if not isinstance(values, dict):
        raise BaliseError(place, "its front matter has no keys", "write `key: value` lines")
    return FrontMatter(
        {str(key): value for key, value in values.items()}, tuple(_repeated(tree, set()))
    )


def _repeated(node: "yaml.Node | None", seen: set[int]) -> Iterator[tuple[int, str]]:
    import yaml

    if id(node) in seen:  # an alias may point at what holds it
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names:
                    # Lines count from 0, and the fence is one.
                    yield key.start_mark.line + 2, key.value
                names.add(key.value)
            yield from _repeated(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value, seen)

"""What was found for articles without text, in files or on the web, before anything is written."""

from collections.abc import Callable, Mapping

import msgspec

from balise.dataset.rehydration.bare import Bare


class Changed(msgspec.Struct, frozen=True):
    """A text that stands where an article's should be, and is another; `place` names it."""

    place: str
    text: str


class Passed(msgspec.Struct, frozen=True):
    """An article for which no text was found, where it was looked for, and what to do."""

    article: str
    place: str
    problem: str
    remedy: str


class Harvest(msgspec.Struct, frozen=True):
    """By article id: `found` texts with the right hash, and `changed` ones.

    `passed` were not asked for, `failed` were asked for in vain; `unreadable` says what is wrong
    with files that were passed over; `elsewhere` are redirects to another host, as
    (address, final address).
    """

    found: dict[str, str]
    changed: dict[str, Changed]
    passed: tuple[Passed, ...] = ()
    failed: tuple[Passed, ...] = ()
    unreadable: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()


Collect = Callable[[Mapping[str, Bare]], Harvest]

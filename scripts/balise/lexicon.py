"""The lexicon of names: `corpus/lexicon/*.tsv`, read strictly.

Each file holds the names of one label, under a header line and six tab-separated columns:
`name`, `aliases` (separated by `|`), `country` (ISO 3166 alpha-2 codes separated by `|`), `kind`,
`years` (when it was active: « 1999-2013 », « 2014- », « -2016 », « 1994 ») and `note`; all but
`name` and `kind` may be empty.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import read_bytes
from balise.text import normalise, trim
from balise.tsv import read_tsv

LEXICON = "lexicon"
"""The folder's name in the corpus, and what options call the lexicon."""

FILES = {
    "armed_groups.tsv": "ARMED_GROUP",
    "forces.tsv": "MILITARY",
    "institutions.tsv": "GOVERNMENT",
    "weapons.tsv": "WEAPON",
}
COLUMNS = ("name", "aliases", "country", "kind", "years", "note")
OPERATION = "operation"
"""The kind of a force that is named after its operation, such as Barkhane."""

_PLAIN_CAPITALS = str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "AAACEEEEIIOOUUU")
_COUNTRY = re.compile(r"[A-Z]{2}")
_YEARS = re.compile(r"(\d{4})?-(\d{4})?|\d{4}")


class Entry(msgspec.Struct, frozen=True):
    """One line of the lexicon: a name and its aliases, under one label."""

    place: str
    label: str
    name: str
    aliases: tuple[str, ...]
    countries: tuple[str, ...]
    kind: str
    years: str
    note: str

    def forms(self) -> Iterator[tuple[str, str]]:
        """Yield every form that stands for the entry in a text, with its label.

        « Barkhane » names a force, « opération Barkhane » an event: an operation yields both.
        """
        for name in (self.name, *self.aliases):
            yield from ((form, self.label) for form in spellings(name))
        if self.kind == OPERATION:
            yield from ((form, "EVENT") for form in spellings(f"opération {self.name}"))


class Lexicon(msgspec.Struct, frozen=True):
    """All entries, and the version of the files that they come from."""

    entries: tuple[Entry, ...]
    version: str


def spellings(name: str) -> set[str]:
    """Spell a name with either apostrophe, and with or without accents on capitals."""
    names = (name, name.translate(_PLAIN_CAPITALS))
    return {re.sub("['’]", mark, name) for name, mark in product(names, "'’")}


def any_case(form: str) -> bool:
    """Tell whether a form is matched in any case, or exactly as it is written.

    Several words, or a word in small letters (« talibans », « roquettes »), may begin a sentence
    or stand in a headline; a single word with a capital is an acronym or a name that another
    case would turn into something else (« EI », « Rafale »).
    """
    return " " in form or form == form.lower()


def load_lexicon(folder: Path) -> Lexicon:
    """Read the lexicon's files; its version is a hash of their content.

    Raises:
        BaliseError: a file is missing, a line breaks the format, or a form stands under two
            labels.
    """
    entries: list[Entry] = []
    digest = hashlib.sha256()
    for name, label in FILES.items():
        entries += _read_entries(folder / name, label)
        digest.update(read_bytes(folder / name))
    _refuse_two_labels(entries)
    return Lexicon(tuple(entries), digest.hexdigest()[:12])


def _read_entries(path: Path, label: str) -> Iterator[Entry]:
    for place, cells in read_tsv(path, COLUMNS):
        yield _read_entry(cells, label, place)


def _read_entry(cells: list[str], label: str, place: str) -> Entry:
    name, aliases, country, kind, years, note = cells
    entry = Entry(
        place=place,
        label=label,
        name=name,
        aliases=tuple(aliases.split("|")) if aliases else (),
        countries=tuple(country.split("|")) if country else (),
        kind=kind,
        years=years,
        note=note,
    )
    written = (name, *entry.aliases)
    for form in written:
        if not form or trim(form, 0, len(form)) != (0, len(form)) or normalise(form) != form:
            raise BaliseError(
                place,
                f"form {form!r} is empty, not in NFC, or begins or ends with space or punctuation",
                "write the bare name; separate aliases by one |",
            )
        if written.count(form) > 1:
            raise BaliseError(place, f"form {form!r} stands twice", "keep it once")
    for code in entry.countries:
        if not _COUNTRY.fullmatch(code):
            raise BaliseError(
                place, f"country {code!r} is not an ISO 3166 alpha-2 code", "write ML or ML|NE"
            )
    first, _, last = years.partition("-")
    if years and (not _YEARS.fullmatch(years) or years == "-" or (last and last < first)):
        raise BaliseError(
            place, f"years {years!r} are no period", "write 1999-2013, 2014-, -2016 or 1994"
        )
    if not kind:
        raise BaliseError(place, "the kind is empty", "write what it is, in one word")
    return entry


def _refuse_two_labels(entries: list[Entry]) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for entry in entries:
        for form, label in entry.forms():
            known, place = seen.setdefault(form.casefold(), (label, entry.place))
            if known != label:
                raise BaliseError(
                    entry.place,
                    f"form {form!r} is {label} here and {known} at {place}",
                    "decide by the label scheme and keep it under one label",
                )

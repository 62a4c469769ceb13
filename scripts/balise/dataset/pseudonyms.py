"""Annotators go out under pseudonyms, which `annotations/annotators.tsv` keeps for good.

The file says who each of them is, too, in words that may go out. Without it they are numbered by
their names, which changes where another one joins, and nothing is said of them.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from balise.errors import BaliseError
from balise.stores import ADJUDICATION
from balise.tsv import read_tsv

ANNOTATORS_FILE = "annotators.tsv"
COLUMNS = ("annotator", "pseudonym", "who")


def load_pseudonyms(annotations: Path | None, names: Collection[str]) -> Mapping[str, str]:
    """Map the names of annotators to pseudonyms; an adjudicator's readings bear no name.

    A line of the file may say who the adjudicator is, who keeps that name.

    Raises:
        BaliseError: the file is broken, lacks a name, or gives two names one pseudonym.
    """
    path = None if annotations is None else annotations / ANNOTATORS_FILE
    if path is None or not path.is_file():
        persons = sorted(set(names) - {ADJUDICATION})
        numbered = {name: f"annotator-{number}" for number, name in enumerate(persons, start=1)}
        return numbered | {ADJUDICATION: ADJUDICATION}
    known = {ADJUDICATION: ADJUDICATION}
    for place, (name, pseudonym, _) in read_tsv(path, COLUMNS):
        if not name or not pseudonym:
            raise BaliseError(place, "an empty cell", "write a name and its pseudonym")
        if name == ADJUDICATION:
            if pseudonym != ADJUDICATION:
                raise BaliseError(
                    place,
                    f"the adjudicator goes out as {ADJUDICATION}, not as {pseudonym}",
                    f"write {ADJUDICATION} in both cells",
                )
            continue
        if name in known or pseudonym in known.values():
            raise BaliseError(
                place, f"{name} or {pseudonym} stands twice", "give each name its own pseudonym"
            )
        known[name] = pseudonym
    if lacking := sorted(set(names) - known.keys()):
        raise BaliseError(
            path,
            f"no pseudonym for {', '.join(lacking)}",
            f"add a line each: {', '.join(COLUMNS)}, with tabs",
        )
    return known


def load_who(annotations: Path | None) -> dict[str, str]:
    """Map pseudonyms to what the file says of who they are; empty where there is no file.

    Raises:
        BaliseError: the file is broken, or says two things of one annotator.
    """
    path = None if annotations is None else annotations / ANNOTATORS_FILE
    if path is None or not path.is_file():
        return {}
    found: dict[str, str] = {}
    for place, (_, pseudonym, who) in read_tsv(path, COLUMNS):
        if pseudonym in found:
            raise BaliseError(place, f"{pseudonym} stands twice", "keep one line")
        found[pseudonym] = who
    return {pseudonym: who for pseudonym, who in found.items() if who}

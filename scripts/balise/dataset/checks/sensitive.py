"""Secrets and personal data in what goes out: rows and text files. Nothing is quoted in full."""

from collections.abc import Iterator

from balise.dataset.anchors import hash_words
from balise.dataset.checks.findings import Finding
from balise.dataset.checks.patterns import PERSONAL, SECRETS, Hit, find_sensitive
from balise.dataset.checks.subject import Subject
from balise.dataset.rows import BIO

_OURS = frozenset({"id", "article", "sha256", "salt"})
"""Columns that the project makes itself: numbers in them are hashes."""


def secret_problems(subject: Subject) -> Iterator[Finding]:
    """Yield what looks like a key, a token or a password."""
    return _findings(subject, SECRETS)


def personal_problems(subject: Subject) -> Iterator[Finding]:
    """Yield e-mail addresses, telephone numbers, bank accounts and machines' addresses.

    News may quote a published one; `accepted.tsv` is for those.
    """
    return _findings(subject, PERSONAL)


def _findings(subject: Subject, group: str) -> Iterator[Finding]:
    seen: set[tuple[str, str, str]] = set()
    for place, where, text in _going_out(subject):
        for hit in find_sensitive(text):
            mark = hash_words(place, text[hit.start : hit.end])
            # Configs share columns; one number in one column of one article is told once.
            if hit.group == group and (place, where, mark) not in seen:
                seen.add((place, where, mark))
                yield Finding(_tell(place, where, hit, text), place, mark)


def _tell(place: str, where: str, hit: Hit, text: str) -> str:
    head = text[hit.start : hit.start + 2]
    return (
        f"{place}, {where} {hit.start}-{hit.end}: {hit.kind} « {head}… » "
        f"({hit.end - hit.start} characters)"
    )


def _going_out(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield every string that goes out: its article or file, its column, and itself.

    The tokens of `bio` are words of `spans`, and a surface is a piece of its text.
    """
    for part in subject.standing.parts:
        if part.config == BIO:
            continue
        for row in part.each_row(*part.flat_columns()):
            for column, value in row.items():
                if isinstance(value, str) and column not in _OURS:
                    yield str(row.get("article", row.get("id"))), column, value
    for name, content in subject.standing.texts.items():
        yield name, "characters", content

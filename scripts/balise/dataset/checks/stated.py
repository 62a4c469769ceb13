"""What a dataset folder states of itself: its files, manifest, labels and card."""

from collections.abc import Iterator

from balise.dataset.bio import tag_names
from balise.dataset.build import CARD, LABELS_FILE, LabelsFile
from balise.dataset.build import labels_file as make_labels_file
from balise.dataset.checks.card_configs import config_problems
from balise.dataset.checks.card_values import value_problems
from balise.dataset.checks.front_matter import read_front_matter
from balise.dataset.checks.hub_lists import load_hub_lists
from balise.dataset.checks.subject import Subject
from balise.dataset.manifest import MANIFEST, file_problems
from balise.dataset.rows import BIO
from balise.dataset.sources import changed_sources
from balise.errors import BaliseError
from balise.jsonl import read_json


def folder_problems(subject: Subject) -> Iterator[str]:
    """Yield files that are missing, changed, unknown or unreadable."""
    yield from file_problems(subject.folder, subject.manifest)
    yield from subject.standing.unreadable


def manifest_problems(subject: Subject) -> Iterator[str]:
    """Yield what the dataset was made from and is no longer here."""
    manifest, release = subject.manifest, subject.release
    if manifest.gold != release.origin.corpus:
        yield (
            f"{MANIFEST}: was built from gold {manifest.gold[:12]}…, the gold is now "
            f"{release.origin.corpus[:12]}…"
        )
    if manifest.labels != release.labels.version:
        yield f"{MANIFEST}: label scheme {manifest.labels}, now {release.labels.version}"
    if changed := changed_sources(manifest.sources, subject.inputs):
        yield (
            f"{MANIFEST}: was built from other files than stand here now "
            f"({', '.join(changed)}); build the dataset again"
        )


def labels_problems(subject: Subject) -> Iterator[str]:
    """Yield how the label scheme that goes out differs from the one here."""
    scheme, loaded = subject.release.labels, subject.loaded
    expected = tag_names(scheme)
    if loaded.tags and list(loaded.tags) != expected:
        yield f"{BIO}: the tags are {', '.join(loaded.tags)}, not {', '.join(expected)}"
    try:
        if read_json(subject.folder / LABELS_FILE, LabelsFile) != make_labels_file(scheme):
            yield f"{LABELS_FILE} is not the label scheme"
    except BaliseError as error:
        yield str(error)


def card_problems(subject: Subject) -> Iterator[str]:
    """Yield values of the card's front matter that the Hub does not know."""
    items = subject.items
    try:
        card = read_front_matter(subject.standing.texts.get(CARD, ""), CARD)
    except BaliseError as error:
        yield str(error)
        return
    languages = {item.article.language for item in items.values() if item.article.language}
    for problem in value_problems(card, load_hub_lists(), len(items), languages):
        yield f"{CARD}: {problem}"


def described_problems(subject: Subject) -> Iterator[str]:
    """Yield configs and files of the card that are not in the folder, and the other way round."""
    if subject.card is not None:
        for problem in config_problems(subject.card.values, subject.folder):
            yield f"{CARD}: {problem}"

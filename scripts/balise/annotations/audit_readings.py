"""A batch's suggestions and its confirmed readings come together: who saw what, and marked what."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from balise.batches import BATCH_FILE, SUGGESTIONS_FILE, Batch, SuggesterName, load_batch
from balise.errors import BaliseError
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.pairing import Entity
from balise.readers import gather_readers
from balise.records import Annotation
from balise.stores import ADJUDICATION, find_article, load_articles, load_readings

SHOWN, BLIND = 0, 1
"""The two conditions, and their places in an axis of them."""
_REMAKE = (
    "make the batch again with `balise tasks make` and what it was made with (articles, "
    "annotators, --suggest, --overlap, --blind, --seed): it comes out the same"
)


class Reader(msgspec.Struct, frozen=True):
    """How many of an annotator's articles were confirmed, with the suggestions shown and without.

    `unconfirmed` counts those that were not; they are left out of every figure.
    """

    annotator: str
    shown: int
    blind: int
    unconfirmed: int


@dataclass(frozen=True)
class Read:
    """One confirmed reading; `condition` is SHOWN where the suggestions were, else BLIND."""

    annotator: str
    article: str
    condition: int
    spans: frozenset[Entity]


@dataclass(frozen=True)
class Material:
    """What is audited; `articles` are those with a reading, sorted, `lengths` in code points.

    `unassigned` counts confirmed readings of articles that the batch does not give to their
    annotator: nobody knows what was seen, so they are left out.
    """

    suggester: SuggesterName
    articles: tuple[str, ...]
    lengths: Mapping[str, int]
    suggested: Mapping[str, frozenset[Entity]]
    reads: tuple[Read, ...]
    readers: tuple[Reader, ...]
    unassigned: int
    records: tuple[Annotation, ...]


def gather_material(
    batch: str, annotations: Path, tasks: Path, corpus: Path, labels: LabelScheme
) -> Material:
    """Read a batch's description and suggestions, its readings, and the lengths of its articles.

    Raises:
        UsageError: the batch's name cannot be one.
        BaliseError: the batch's folder, its suggestions or readings are missing, no suggester ran,
            no reading of the batch is confirmed, or a text is not the one that was suggested on.
    """
    files = load_readings(annotations, batch)
    described, suggester = _describe(tasks / batch)
    suggestions = _load_suggestions(tasks / batch / SUGGESTIONS_FILE, described, labels)
    readers = gather_readers(files, labels)
    confirmed: dict[tuple[str, str], Annotation] = {
        (annotator, article): readers[annotator][article]
        for annotator, share in described.annotators.items()
        for article in share.articles
        if article in readers.get(annotator, {})
    }
    unassigned = sum(map(len, readers.values())) - len(confirmed)
    if not confirmed:
        unread = f"; {unassigned} are of articles that it gives to others" if unassigned else ""
        raise BaliseError(
            annotations / batch,
            f"no reading that {tasks / batch / BATCH_FILE} asks for is confirmed{unread}",
            "let annotators confirm their documents, then `balise doccano pull` again",
        )
    known = load_articles(corpus)
    hashes = {meta.article: meta.sha256 for meta in described.articles}
    for (annotator, article), reading in confirmed.items():
        place = annotations / batch / f"{annotator}.jsonl"
        _require_same_text(article, hashes[article], reading.sha256, place)
        found = find_article(known, article, place)
        _require_same_text(article, hashes[article], found.sha256, corpus)
    articles = tuple(sorted({article for _, article in confirmed}))
    blind = {name: frozenset(share.blind) for name, share in described.annotators.items()}
    return Material(
        suggester,
        articles,
        {article: known[article].length for article in articles},
        {article: _entities(suggestions[article]) for article in articles},
        tuple(
            Read(name, id_, BLIND if id_ in blind[name] else SHOWN, _entities(reading))
            for (name, id_), reading in confirmed.items()
        ),
        _count_readers(described, confirmed),
        unassigned,
        (*confirmed.values(), *(suggestions[article] for article in articles)),
    )


def _describe(folder: Path) -> tuple[Batch, SuggesterName]:
    if not (folder / BATCH_FILE).is_file():
        raise BaliseError(
            folder, f"what was suggested, and to whom, is not here ({BATCH_FILE})", _REMAKE
        )
    described = load_batch(folder)
    if described.suggester is None:
        raise BaliseError(
            folder / BATCH_FILE,
            "no suggester ran on this batch",
            "audit a batch made with --suggest; `balise annotations agree` compares its readers",
        )
    return described, described.suggester


def _load_suggestions(path: Path, described: Batch, labels: LabelScheme) -> dict[str, Annotation]:
    if not path.is_file():
        raise BaliseError(path, "the suggestions are not here", _REMAKE)
    suggestions = {each.article: each for each in read_jsonl(path, Annotation)}
    for meta in described.articles:
        if meta.article not in suggestions:
            raise BaliseError(path, f"holds nothing of article {meta.article}", _REMAKE)
        _require_same_text(meta.article, meta.sha256, suggestions[meta.article].sha256, path)
    for name in {span.label for each in suggestions.values() for span in each.spans}:
        labels.require(name, path)
    return suggestions


def _require_same_text(article: str, expected: str, found: str, place: Path) -> None:
    if found != expected:
        raise BaliseError(
            place,
            f"{article} is another text here than in the batch (sha256 {found[:12]}…, the batch "
            f"has {expected[:12]}…)",
            "restore the text that was sent to its annotators, with what they marked on it",
        )


def _count_readers(
    described: Batch, confirmed: Mapping[tuple[str, str], Annotation]
) -> tuple[Reader, ...]:
    readers = []
    for name, share in described.annotators.items():
        if name != ADJUDICATION:
            blind = frozenset(share.blind)
            read = [article for article in share.articles if (name, article) in confirmed]
            unaided = sum(article in blind for article in read)
            unconfirmed = len(share.articles) - len(read)
            readers.append(Reader(name, len(read) - unaided, unaided, unconfirmed))
    return tuple(readers)


def _entities(reading: Annotation) -> frozenset[Entity]:
    return frozenset(
        Entity(reading.article, span.start, span.end, span.label) for span in reading.spans
    )

"""What votes decide span by span becomes a batch's adjudication, where no person made one."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from balise.annotations.batch_readings import BatchReadings, read_batch
from balise.annotations.decide import by_readers, find_undecided
from balise.annotations.majority import AUTO_MAJORITY, Vote, is_automatic, vote
from balise.files import locked, write_files
from balise.jsonl import encode_json, encode_jsonl
from balise.labels import LabelScheme
from balise.origin import Origin, origin
from balise.outputs import READ_HERE, refuse_inputs
from balise.records import Annotation, Article
from balise.spans import require_text
from balise.stores import ADJUDICATION, load_articles, reading_files


class DecidedByVotes(msgspec.Struct, frozen=True):
    """One article's votes, and each in words as the adjudication's comments have it."""

    article: str
    readers: tuple[str, ...]
    votes: tuple[Vote, ...]
    comments: tuple[str, ...]


class VotesCounted(msgspec.Struct, frozen=True):
    """What stands decided by votes in a batch, and what its readers still leave undecided."""

    batch: str
    made_from: Origin
    decided: tuple[DecidedByVotes, ...]
    undecided: tuple[str, ...]


class MajorityMade(msgspec.Struct, frozen=True):
    """The votes counted, and what differs from the run before; `withdrawn` hold no more."""

    path: str
    counted: VotesCounted
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]


def decide_by_majority(
    batch: str,
    annotations: Path,
    corpus: Path,
    labels: LabelScheme,
    out: Path,
    texts: Path | None = None,
) -> MajorityMade:
    """Decide by votes what three readers or more left undecided; see `majority.vote`.

    The decisions go into `<annotations>/<batch>/adjudication.jsonl`, with every vote as a
    comment, and the list of them to `out`. A person's adjudication is never touched. Earlier
    decisions by votes are counted again and taken back where they hold no more.

    Raises:
        UsageError: `out` is a file of readings, or gold.
        BaliseError: a reading breaks a rule that `check` knows, two adjudications of an article
            differ, or a text is not here; nothing was written.
    """
    frozen = (*reading_files(annotations), annotations / "gold.jsonl")
    refuse_inputs("--votes", out, frozen, READ_HERE)
    with locked(annotations):
        articles = load_articles(corpus, texts)
        read = read_batch(annotations, batch, articles, labels)
        before = {id_: one for id_, one in read.decisions.items() if is_automatic(one)}
        persons = {id_: one for id_, one in read.decisions.items() if id_ not in before}
        undecided = _undecided(read, labels)
        found = [
            _count(id_, by_readers(group), articles[id_], labels)
            for id_, group in undecided.items()
            if id_ not in persons
        ]
        decided = {one.article: (reading, one) for reading, one in filter(None, found)}
        now = {id_: reading for id_, (reading, _) in decided.items()}
        counted = VotesCounted(
            batch,
            origin(_flat(read), labels.version, seed=None),
            tuple(one for _, one in decided.values()),
            tuple(id_ for id_ in undecided if id_ not in decided),
        )
        contents: dict[Path, bytes | str] = {out: encode_json(counted)}
        if now != before:
            merged = {**persons, **now}
            contents[read.path] = encode_jsonl(merged[id_] for id_ in sorted(merged))
        write_files(contents)
    return MajorityMade(
        str(read.path),
        counted,
        tuple(id_ for id_, reading in now.items() if before.get(id_) != reading),
        tuple(sorted(before.keys() - now.keys())),
    )


def _undecided(read: BatchReadings, labels: LabelScheme) -> dict[str, list[Annotation]]:
    """Find the articles that nothing decides but, perhaps, the votes kept in this batch."""
    groups = {
        id_: [one for one in group if one != read.decisions.get(id_) or not is_automatic(one)]
        for id_, group in read.groups.items()
    }
    undecided = find_undecided(groups, overlapping=labels.overlapping)
    return {id_: groups[id_] for id_ in undecided}


def _count(
    id_: str, readings: list[Annotation], article: Article, labels: LabelScheme
) -> tuple[Annotation, DecidedByVotes] | None:
    if (found := vote(readings, overlapping=labels.overlapping)) is None:
        return None
    text = require_text(article, id_)
    comments = tuple(one.describe(text) for one in found.votes)
    reading = Annotation(
        id_, article.sha256, ADJUDICATION, True, found.spans, comments, AUTO_MAJORITY
    )
    readers = tuple(sorted({one.annotator for one in readings}))
    return reading, DecidedByVotes(id_, readers, found.votes, comments)


def _flat(read: BatchReadings) -> Iterable[Annotation]:
    return (one for group in read.groups.values() for one in by_readers(group))

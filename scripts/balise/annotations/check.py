"""Readings and gold are held against the corpus, the label scheme and each other."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from balise.annotations.decide import Disagreement, by_adjudicator, decide, group_readings
from balise.annotations.validity import Line, find_problems, read_lines
from balise.errors import BaliseError
from balise.files import read_bytes
from balise.labels import LabelScheme
from balise.records import Annotation, Article, Gold
from balise.stores import load_articles, reading_files

Track = Callable[[list[Path]], Iterable[Path]]


class ReadingCount(msgspec.Struct, frozen=True):
    """What one annotator's file of one batch holds."""

    batch: str
    annotator: str
    articles: int
    unconfirmed: int
    labels: dict[str, int]


class Checked(msgspec.Struct, frozen=True):
    """Every problem found, and counts of what was read; `gold` is null where there is none.

    `without_text` counts stand-off articles whose text is not here: the surfaces of their spans
    were not seen.
    """

    problems: tuple[str, ...]
    counts: tuple[ReadingCount, ...]
    gold: int | None
    without_text: int


class Readings(msgspec.Struct, frozen=True):
    """The readings by file, as far as they could be read, and every problem."""

    files: dict[Path, list[Annotation]]
    problems: tuple[str, ...]

    def flat(self) -> list[Annotation]:
        """List the readings of all files, in the files' order."""
        return [reading for readings in self.files.values() for reading in readings]

    def refuse_problems(self, annotations: Path) -> None:
        """Accept readings without a problem.

        Raises:
            BaliseError: there are problems; the first is named.
        """
        if self.problems:
            raise BaliseError(
                annotations,
                f"{len(self.problems)} problems in the readings, the first is: {self.problems[0]}",
                "see them all with `balise annotations check`",
            )


def check_annotations(
    annotations: Path,
    corpus: Path,
    labels: LabelScheme,
    track: Track = iter,
    texts: Path | None = None,
) -> Checked:
    """Find all problems of the readings and, where it exists, of `gold.jsonl`.

    Raises:
        BaliseError: there are no readings, or the corpus itself cannot be read.
    """
    articles = load_articles(corpus, texts)
    found = check_readings(annotations, articles, labels, track)
    problems = list(found.problems)
    gold_path = annotations / "gold.jsonl"
    gold: int | None = None
    if gold_path.exists():
        lines, broken = read_lines(gold_path, Gold)
        gold = len(lines)
        problems += broken
        problems += find_problems(gold_path, lines, articles, labels)
        problems += _find_gold_problems(gold_path, lines, found.flat(), labels)
    read = {reading.article for reading in found.flat()} & articles.keys()
    return Checked(
        tuple(problems),
        tuple(_count(path, readings) for path, readings in found.files.items()),
        gold,
        sum(articles[id_].text is None for id_ in read),
    )


def check_readings(
    annotations: Path, articles: dict[str, Article], labels: LabelScheme, track: Track = iter
) -> Readings:
    """Read every `<batch>/<annotator>.jsonl` and find all problems in it.

    Raises:
        BaliseError: there is no such file.
    """
    paths = reading_files(annotations)
    if not paths:
        raise BaliseError(
            annotations,
            "no readings here (<batch>/<annotator>.jsonl)",
            "pull a batch with `balise doccano pull` or import a file with "
            "`balise annotations import`",
        )
    files: dict[Path, list[Annotation]] = {}
    contents: dict[bytes, Path] = {}
    problems: list[str] = []
    for path in track(paths):
        lines, broken = read_lines(path, Annotation)
        problems += broken
        problems += find_problems(path, lines, articles, labels)
        problems += (
            f"{path}:{number}: annotator {reading.annotator!r} is not the file's name; "
            "move the line to its annotator's file"
            for number, reading in lines
            if reading.annotator != path.stem
        )
        twin = contents.setdefault(read_bytes(path), path)
        if twin != path and lines:
            problems.append(f"{path}: the same content as {twin}; remove one")
        files[path] = [reading for _, reading in lines]
    return Readings(files, tuple(problems))


def _find_gold_problems(
    path: Path, lines: list[Line[Gold]], readings: list[Annotation], labels: LabelScheme
) -> Iterator[str]:
    """Hold each gold record against what the readings decide.

    A record that says `adjudicated` where no adjudicator's reading is kept was decided in gold
    itself, as a consistency pass does: only its readers are checked.
    """
    groups = group_readings(readings)
    for number, record in lines:
        place = f"{path}:{number}"
        group = groups.pop(record.article, [])
        known = {reading.annotator for reading in group}
        if record.decision == "adjudicated" and not by_adjudicator(group):
            strangers = sorted(set(record.annotators) - known)
            if strangers:
                yield (
                    f"{place}: {', '.join(strangers)} left no confirmed reading of "
                    f"{record.article}; bring it back or correct `annotators`"
                )
        elif not group or _decided(group, labels) != record:
            yield (
                f"{place}: {record.article} is not what its confirmed readings decide; "
                "make gold again with `balise annotations gold`"
            )
    for article, group in groups.items():
        if _decided(group, labels) is not None:
            yield (
                f"{path}: {article} is decided by its readings but missing here; "
                "make gold again with `balise annotations gold`"
            )


def _decided(readings: list[Annotation], labels: LabelScheme) -> Gold | None:
    try:
        decision = decide(readings, overlapping=labels.overlapping)
    except BaliseError:
        # Two adjudications that differ: there is no decision, and `gold` says so.
        return None
    return None if isinstance(decision, Disagreement) else decision


def _count(path: Path, readings: list[Annotation]) -> ReadingCount:
    labels = Counter(span.label for reading in readings for span in reading.spans)
    return ReadingCount(
        path.parent.name,
        path.stem,
        len(readings),
        sum(not reading.confirmed for reading in readings),
        dict(sorted(labels.items())),
    )

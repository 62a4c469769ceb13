"""The readings of one batch's articles, with what other batches' readers say of them."""

from pathlib import Path

import msgspec

from balise.annotations.check import check_readings
from balise.annotations.decide import group_readings
from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.records import Annotation, Article
from balise.stores import ADJUDICATION, reading_files


class BatchReadings(msgspec.Struct, frozen=True):
    """The confirmed readings of a batch's articles, and its adjudications as its file has them."""

    path: Path
    groups: dict[str, list[Annotation]]
    decisions: dict[str, Annotation]


def adjudication_path(annotations: Path, batch: str) -> Path:
    """Name the file of a batch's adjudications."""
    return annotations / batch / f"{ADJUDICATION}.jsonl"


def read_batch(
    annotations: Path, batch: str, articles: dict[str, Article], labels: LabelScheme
) -> BatchReadings:
    """Read the articles that a batch's annotators confirmed, with all confirmed readings of each.

    Raises:
        UsageError: the batch's name cannot be a folder's.
        BaliseError: the batch has no readings, or a reading breaks a rule that `check` knows.
    """
    path = adjudication_path(annotations, batch)
    own = [file for file in reading_files(annotations, batch) if file != path]
    if not own:
        raise BaliseError(
            annotations / batch,
            "no annotator's readings here (<annotator>.jsonl)",
            "pull the batch with `balise doccano pull`",
        )
    found = check_readings(annotations, articles, labels)
    found.refuse_problems(annotations)
    read = {one.article for file in own for one in found.files[file] if one.confirmed}
    groups = group_readings(found.flat())
    return BatchReadings(
        path,
        {id_: group for id_, group in groups.items() if id_ in read},
        {one.article: one for one in found.files.get(path, [])},
    )

"""What a batch's readers left undecided becomes a batch for the adjudicator.

Its rows hold the spans that all readings have, and beside the text what each reader marked beyond
them. It grows from run to run: an article that is decided meanwhile stays in it, because it stays
in the adjudicator's project.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.annotations.batch_readings import adjudication_path, read_batch
from balise.annotations.decide import (
    by_adjudicator,
    by_readers,
    decide,
    find_undecided,
    group_readings,
)
from balise.annotations.differing import agreed_spans, show_readings
from balise.annotations.validity import read_lines
from balise.batches import (
    BATCH_FILE,
    GUIDELINE_FILE,
    LABELS_FILE,
    NAME,
    Batch,
    Share,
    TaskMeta,
    TaskRow,
    adjudication_folder,
    encode_row,
    encode_task,
    load_batch,
    split_rows,
)
from balise.doccano_labels import make_label_configuration
from balise.errors import BaliseError, UsageError
from balise.files import clear_rests, locked, read_bytes, write_files
from balise.jsonl import encode_json, read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation, Article, Gold
from balise.spans import require_hash, require_text
from balise.stores import ADJUDICATION, find_article, load_articles, load_readings


class Adjudication(msgspec.Struct, frozen=True):
    """The adjudicator's folder, which is not made where nothing ever was undecided.

    `undecided` are the batch's articles without a decision, `added` those of them that came into
    the folder now, and `articles` all that it holds, decided ones included.
    """

    folder: str
    articles: tuple[str, ...]
    undecided: tuple[str, ...]
    added: tuple[str, ...]


def make_adjudication(
    batch: str,
    annotations: Path,
    corpus: Path,
    tasks: Path,
    labels: LabelScheme,
    guideline: Path,
    texts: Path | None = None,
) -> Adjudication:
    """Write the folder `<tasks>/<batch>.adjudication/` with the articles that need a decision.

    Each row shows the readings as they are now. The rows of articles that nobody reads any more
    stay as they were.

    Raises:
        UsageError: the batch's name cannot be one in Doccano.
        BaliseError: a reading breaks a rule that `check` knows, a text is not here, or the folder
            holds something else; nothing was written.
    """
    if not NAME.fullmatch(batch):
        raise UsageError(
            "BATCH", f"{batch!r} is not a name", "use lower-case letters, digits and hyphens"
        )
    folder = adjudication_folder(tasks, batch)
    with locked(annotations):
        articles = load_articles(corpus, texts)
        groups = read_batch(annotations, batch, articles, labels).groups
        before = _before(folder, batch, articles, labels)
        undecided = find_undecided(groups, overlapping=labels.overlapping)
        share = sorted({*undecided, *before})
        if share:
            rows = [_make_row(articles[id_], groups.get(id_, ()), before.get(id_)) for id_ in share]
            _write(folder, batch, [articles[id_] for id_ in share], rows, labels, guideline)
    added = tuple(id_ for id_ in undecided if id_ not in before)
    return Adjudication(str(folder), tuple(share), tuple(undecided), added)


def _before(
    folder: Path, batch: str, articles: Mapping[str, Article], labels: LabelScheme
) -> dict[str, TaskRow]:
    """Read the rows of an earlier run, by article, from a folder that is this batch's."""
    if not (folder / BATCH_FILE).is_file():
        return {}
    remedy = "delete the folder and run this again; what Doccano holds stays and is found again"
    found = load_batch(folder)
    if found.batch != batch or set(found.annotators) != {ADJUDICATION}:
        raise BaliseError(folder, f"is not the adjudication of {batch}", remedy)
    if found.labels != labels.version:
        raise BaliseError(
            folder,
            f"made with label scheme {found.labels}, the scheme now is {labels.version}",
            "pull its decisions, delete its project in Doccano and this folder, and run this again",
        )
    try:
        # Not the files that the batch lists: a run that was killed leaves some newer than that.
        files = sorted(folder.glob(f"{ADJUDICATION}-*.jsonl"))
        rows = [row for path in files for row in read_jsonl(path, TaskRow)]
    except BaliseError as error:
        raise BaliseError(error.place, error.problem, remedy) from error
    for row in rows:
        place = f"{folder} ({row.meta.article})"
        require_hash(row.text, find_article(articles, row.meta.article, place).sha256, place)
    return {row.meta.article: row for row in rows}


def _make_row(article: Article, group: Sequence[Annotation], before: TaskRow | None) -> bytes:
    readings = by_readers(group)
    if before is not None and (not readings or article.text is None):
        return encode_task(before)
    text = require_text(article, article.id)
    return encode_row(article.id, text, agreed_spans(readings), show_readings(readings, text))


def _write(
    folder: Path,
    name: str,
    articles: Sequence[Article],
    rows: Sequence[bytes],
    labels: LabelScheme,
    guideline: Path,
) -> None:
    files = split_rows(ADJUDICATION, rows)
    batch = Batch(
        batch=name,
        annotators={ADJUDICATION: Share(tuple(files), tuple(one.id for one in articles))},
        suggester=None,
        labels=labels.version,
        overlap=1,
        seed=0,
        articles=tuple(TaskMeta(one.id, one.sha256) for one in articles),
    )
    contents: dict[Path, bytes | str] = {folder / file: rows for file, rows in files.items()}
    contents[folder / LABELS_FILE] = encode_json(make_label_configuration(labels))
    if guideline.is_file():
        contents[folder / GUIDELINE_FILE] = read_bytes(guideline)
    # Last, because files are put in place in this order: where it stands, the batch is whole.
    contents[folder / BATCH_FILE] = encode_json(batch)
    clear_rests(contents)
    write_files(contents)


def current_readings(
    annotations: Path, articles: Mapping[str, Article], ids: Iterable[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Show the readings of the given articles as an adjudicator would be shown them now.

    Articles without readings, or whose text is not here, are left out.

    Raises:
        BaliseError: there are no readings, or a line is broken.
    """
    files = load_readings(annotations)
    groups = group_readings(one for readings in files.values() for one in readings)
    shown = {}
    for id_ in sorted(set(ids) & groups.keys() & articles.keys()):
        readings, text = by_readers(groups[id_]), articles[id_].text
        if readings and text is not None:
            shown[id_] = show_readings(readings, text)
    return shown


def not_in_gold(annotations: Path, batch: str, gold: Path) -> tuple[str, ...]:
    """List the articles that the batch's adjudicator decided and that gold does not have so.

    Raises:
        BaliseError: the adjudications cannot be read.
    """
    path = adjudication_path(annotations, batch)
    decisions = by_adjudicator(read_jsonl(path, Annotation)) if path.exists() else []
    lines = read_lines(gold, Gold)[0] if gold.exists() else []
    known = {record.article: record for _, record in lines}
    return tuple(one.article for one in decisions if one.confirmed and not _same(one, known))


def _same(decision: Annotation, gold: Mapping[str, Gold]) -> bool:
    record, decided = gold.get(decision.article), decide([decision])
    return (
        record is not None
        and isinstance(decided, Gold)
        and (record.decision, record.reason, record.spans)
        == (decided.decision, decided.reason, decided.spans)
    )

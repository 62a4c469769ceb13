"""Articles become a batch: Doccano's import files, labels and guideline for its annotators."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from balise.batches import (
    BATCH_FILE,
    GUIDELINE_FILE,
    LABELS_FILE,
    LEDGER_FILE,
    NAME,
    SUGGESTIONS_FILE,
    Batch,
    Share,
    TaskMeta,
    load_batch,
    split_rows,
)
from balise.doccano_labels import make_label_configuration
from balise.errors import BaliseError, UsageError
from balise.files import read_bytes, write_files
from balise.jsonl import encode_json, encode_jsonl
from balise.labels import LabelScheme, load_labels
from balise.ledger import LedgerFile
from balise.lexicon import LEXICON
from balise.records import Annotation, Article, Span
from balise.stores import ADJUDICATION
from balise.tasks.assign import Assigned, assign
from balise.tasks.choose import choose_articles
from balise.tasks.rows import make_row
from balise.tasks.suggest import Track, as_it_is, suggest_spans
from balise.tasks.suggesters import NONE, load_gold_suggester, load_suggester


class Made(msgspec.Struct, frozen=True):
    """The batch, its folder and, where a suggester ran, its ledger."""

    folder: Path
    batch: Batch
    ledger: LedgerFile | None


def make_batch(
    name: str,
    annotators: Sequence[str],
    corpus: Path,
    tasks: Path,
    labels_file: Path,
    guideline: Path,
    ids_file: Path | None = None,
    source: str | None = None,
    suggest: str = NONE,
    lexicon: Path | None = None,
    track: Track = as_it_is,
    texts: Path | None = None,
    overlap: int | None = None,
    blind: float = 0.0,
    seed: int = 0,
) -> Made:
    """Turn articles into the folder `<tasks>/<name>/` and assign them to annotators.

    The articles are those of `ids_file`, of `source`, or all; each goes to `overlap` annotators
    (all of them where it is None), who see no suggestions on the share `blind` of their articles:
    see `assign`. The guideline is copied where it exists. The lexicon is looked for in the corpus
    folder where none is named.

    Raises:
        UsageError: a name, or the choice of articles or suggester, cannot be meant.
        BaliseError: an article, the label scheme or the suggester is at fault, or the folder
            holds another batch of this name; nothing was written.
    """
    _check_names(name, annotators)
    if blind and suggest == NONE:
        raise UsageError(
            "--blind",
            "means nothing where nobody sees suggestions",
            "add --suggest, or leave it out",
        )
    labels = load_labels(labels_file)
    articles = choose_articles(corpus, ids_file, source, texts)
    suggester = (
        load_gold_suggester(Path(suggest))
        if suggest.endswith(".jsonl")
        else load_suggester(suggest, lexicon or corpus / LEXICON, labels)
    )
    suggestions: list[Annotation] = []
    ledger: LedgerFile | None = None
    if suggester is not None:
        suggestions, ledger = suggest_spans(suggester, articles, labels, track)
    spans = {suggestion.article: suggestion.spans for suggestion in suggestions}
    assigned = assign([article.id for article in articles], annotators, overlap, blind, seed)
    rows = {
        annotator: _make_files(annotator, share, articles, spans, labels)
        for annotator, share in assigned.items()
    }
    batch = Batch(
        batch=name,
        annotators={
            annotator: Share(tuple(rows[annotator]), share.articles, share.blind)
            for annotator, share in assigned.items()
        },
        suggester=suggester.name if suggester else None,
        labels=labels.version,
        overlap=overlap or len(annotators),
        seed=seed,
        articles=tuple(TaskMeta(article.id, article.sha256) for article in articles),
    )
    folder = tasks / name
    _refuse_another(folder, batch)
    contents: dict[Path, bytes | str] = {
        folder / file: content for files in rows.values() for file, content in files.items()
    }
    contents[folder / LABELS_FILE] = encode_json(make_label_configuration(labels))
    if guideline.is_file():
        contents[folder / GUIDELINE_FILE] = read_bytes(guideline)
    if ledger is not None:
        contents[folder / SUGGESTIONS_FILE] = encode_jsonl(suggestions)
        contents[folder / LEDGER_FILE] = encode_json(ledger)
    # Last, because files are put in place in this order: where it stands, the batch is whole.
    contents[folder / BATCH_FILE] = encode_json(batch)
    write_files(contents)
    return Made(folder, batch, ledger)


def _check_names(batch: str, annotators: Sequence[str]) -> None:
    if not NAME.fullmatch(batch):
        raise UsageError(
            "--batch", f"{batch!r} is not a name", "use lower-case letters, digits and hyphens"
        )
    if not annotators:
        raise UsageError("--annotators", "names nobody", "give names separated by commas: a,b")
    for annotator in annotators:
        if not NAME.fullmatch(annotator) or annotator == ADJUDICATION:
            raise UsageError(
                "--annotators",
                f"{annotator!r} is not a name for an annotator",
                f"use lower-case letters, digits and hyphens, and not {ADJUDICATION!r}",
            )
        if annotators.count(annotator) > 1:
            raise UsageError("--annotators", f"{annotator!r} stands twice", "name each once")


def _make_files(
    annotator: str,
    share: Assigned,
    articles: Sequence[Article],
    suggested: Mapping[str, tuple[Span, ...]],
    labels: LabelScheme,
) -> dict[str, bytes]:
    """Turn an annotator's articles into task files by name, with the suggestions that they see."""
    own, blind = set(share.articles), set(share.blind)
    rows = [
        make_row(article, () if article.id in blind else suggested.get(article.id, ()), labels)
        for article in articles
        if article.id in own
    ]
    return split_rows(annotator, rows)


def _refuse_another(folder: Path, batch: Batch) -> None:
    """Accept a folder that is free or holds this batch: annotators may be at work on another."""
    if (folder / BATCH_FILE).exists() and load_batch(folder) != batch:
        raise BaliseError(
            folder,
            "holds a batch of this name with other articles, annotators, labels or suggestions",
            "choose another --batch, or delete the folder if nobody was given its tasks",
        )

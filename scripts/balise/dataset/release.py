"""What goes out: the gold, its articles and their parts, checked before anything is written."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from balise.dataset.acceptance import refuse_unknown, require_licences, require_spans
from balise.dataset.changelog import Changelog, load_changelog
from balise.dataset.imports import Import, load_imports
from balise.dataset.pseudonyms import load_pseudonyms, load_who
from balise.errors import BaliseError
from balise.files import read_text
from balise.labels import LabelScheme, load_labels
from balise.origin import Origin, origin
from balise.records import Annotation, Article, Gold, Span
from balise.splits import ALL_PARTS, Splits, load_splits
from balise.stores import find_article, load_articles, load_gold, load_readings, reading_files
from balise.withdrawn import load_withdrawn

Value = TypeVar("Value")

SPLIT_NAMES = {part: part.replace("dev", "validation") for part in ALL_PARTS}
"""The Hub's names for our parts, in the order in which a card lists them."""


GUIDELINES = "guidelines.*.md"
"""The guidelines' names in the folder of the readings, one a language, and in the dataset."""


class Inputs(msgspec.Struct, frozen=True):
    """The files that a release is made of; without `annotations` it has no single readings."""

    gold: Path
    corpus: Path
    splits: Path
    labels: Path
    texts: Path | None = None
    annotations: Path | None = None


class Item(msgspec.Struct, frozen=True):
    """One article that goes out, with its gold spans and the split it stands in.

    `annotators` are the pseudonyms of those whose readings the gold rests on.
    """

    article: Article
    gold: Gold
    split: str
    annotators: tuple[str, ...]

    @property
    def text(self) -> str | None:
        """The text that may be shown; null for a stand-off article, whether it is here or not."""
        return self.article.text if self.article.publishable == "full" else None


class Reading(msgspec.Struct, frozen=True):
    """One confirmed reading of an article that goes out, under its annotator's pseudonym."""

    item: Item
    batch: str
    annotator: str
    spans: tuple[Span, ...]


class Release(msgspec.Struct, frozen=True):
    """Everything that goes out, sorted by id, and what describes it.

    `withheld` counts the gold articles that must not be published at all, `withdrawn` names those
    that were taken back; the digest in `origin` is over the whole gold, these included. `who` says
    of pseudonyms who they are, `imports` what became of spans when readings came in,
    `changelog` what each version brought, and `guidelines` are the annotators', by file name.
    """

    items: tuple[Item, ...]
    readings: tuple[Reading, ...]
    labels: LabelScheme
    splits: Splits
    withheld: int
    withdrawn: tuple[str, ...]
    origin: Origin
    who: dict[str, str] = {}
    imports: tuple[Import, ...] = ()
    changelog: Changelog = Changelog()
    guidelines: dict[str, str] = {}

    def split(self, name: str) -> tuple[Item, ...]:
        """Return the items of one split."""
        return tuple(item for item in self.items if item.split == name)


def by_split(rows: Iterable[tuple[Item, Value]]) -> dict[str, list[Value]]:
    """Put what belongs to items under their splits; a split that gets nothing is left out."""
    found: dict[str, list[Value]] = {split: [] for split in SPLIT_NAMES.values()}
    for item, row in rows:
        found[item.split].append(row)
    return {split: part for split, part in found.items() if part}


def load_release(inputs: Inputs) -> Release:
    """Put gold, articles, readings and parts together as they will be published.

    Withdrawn articles are left out, whatever else is said of them.

    Raises:
        BaliseError: a file is missing or broken; a gold article is unknown, in no part, or not
            the text that was annotated; a span breaks a rule; an article would go out in full
            without a licence; an annotator has no pseudonym; a ledger of an import does not add
            up; the changelog is broken; or nothing may go out.
    """
    scheme = load_labels(inputs.labels)
    records = sorted(load_gold(inputs.gold), key=lambda record: record.article)
    articles = load_articles(inputs.corpus, inputs.texts)
    if not inputs.splits.is_file():
        raise BaliseError(
            inputs.splits, "no split of the corpus here", "make it with `balise model split`"
        )
    parts = load_splits(inputs.splits)
    refuse_unknown(parts, articles, inputs.splits)
    split_of = {id_: SPLIT_NAMES[part] for part in ALL_PARTS for id_ in parts.part(part)}
    folder = inputs.annotations
    files = load_readings(folder) if folder and reading_files(folder) else {}
    names = {name for record in records for name in record.annotators}
    names |= {reading.annotator for readings in files.values() for reading in readings}
    pseudonyms = load_pseudonyms(inputs.annotations, names)

    items = []
    for record in records:
        article = find_article(articles, record.article, inputs.gold)
        require_spans(article, record, scheme, f"{inputs.gold}, article {record.article}")
        if record.article not in split_of:
            raise BaliseError(
                inputs.splits,
                f"article {record.article} of the gold is in no part",
                "split again with `balise model split`",
            )
        read_by = tuple(pseudonyms[name] for name in record.annotators)
        items.append(Item(article, record, split_of[record.article], read_by))

    taken_back = load_withdrawn(inputs.corpus)
    withdrawn = {
        item.article.id for item in items if any(one.names(item.article) for one in taken_back)
    }
    published = [item for item in items if item.article.publishable != "none"]
    going_out = tuple(item for item in published if item.article.id not in withdrawn)
    require_licences((item.article for item in going_out), inputs.corpus)
    if not going_out:
        raise BaliseError(
            inputs.gold,
            "none of its articles may be published (publishable is 'none', or it was withdrawn)",
            "make at least one 'standoff' or 'full' in the corpus",
        )
    return Release(
        items=going_out,
        readings=tuple(_readings(files, going_out, pseudonyms, scheme)),
        labels=scheme,
        splits=parts,
        withheld=len(items) - len(published),
        withdrawn=tuple(sorted(withdrawn)),
        origin=origin(records, scheme.version, parts.seed),
        who=load_who(folder),
        imports=load_imports(folder) if folder else (),
        changelog=load_changelog(inputs.corpus),
        guidelines=_guidelines(folder) if folder else {},
    )


def _guidelines(annotations: Path) -> dict[str, str]:
    return {path.name: read_text(path) for path in sorted(annotations.glob(GUIDELINES))}


def _readings(
    files: Mapping[Path, Iterable[Annotation]],
    items: Iterable[Item],
    pseudonyms: Mapping[str, str],
    labels: LabelScheme,
) -> list[Reading]:
    """Give the confirmed readings of the items, by article, batch and pseudonym."""
    by_id = {item.article.id: item for item in items}
    found = []
    for path, readings in files.items():
        for reading in readings:
            item = by_id.get(reading.article)
            if item is None or not reading.confirmed:
                continue
            require_spans(item.article, reading, labels, f"{path}, article {reading.article}")
            name = pseudonyms[reading.annotator]
            found.append(Reading(item, path.parent.name, name, reading.spans))
    return sorted(found, key=lambda one: (one.item.article.id, one.batch, one.annotator))

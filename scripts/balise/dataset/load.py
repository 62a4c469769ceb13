"""A release is put together from its files, and checked before anything is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from balise.dataset.acceptance import (
    lacks_licence,
    refuse_unknown,
    refuse_unlicensed,
    require_spans,
)
from balise.dataset.changelog import load_changelog
from balise.dataset.imports import load_imports
from balise.dataset.pseudonyms import load_pseudonyms, load_who
from balise.dataset.readings import find_readings, open_readings
from balise.dataset.release import GUIDELINES, SPLIT_NAMES, Inputs, Item, Release
from balise.errors import BaliseError
from balise.files import read_text
from balise.indexed import Lazy, LazyMapping
from balise.jsonl import was_changed
from balise.labels import load_labels
from balise.origin import origin
from balise.records import Article
from balise.splits import ALL_PARTS, load_splits
from balise.stores import find_article, open_articles, open_gold
from balise.withdrawn import Withdrawal, load_withdrawn


def load_release(inputs: Inputs) -> Release:
    """Put gold, articles, readings and parts together as they will be published.

    Withdrawn articles are left out, whatever else is said of them.

    Raises:
        BaliseError: a file is missing or broken; a gold article is unknown, in no part, or not
            the text that was annotated; a span breaks a rule; an article would go out in full
            without a licence; an annotator has no pseudonym; a ledger of an import does not add
            up; the changelog is broken; or nothing may go out. Later, where articles and readings
            are looked at: a file was changed since.
    """
    scheme = load_labels(inputs.labels)
    gold = open_gold(inputs.gold)
    articles = open_articles(inputs.corpus, inputs.texts)
    if not inputs.splits.is_file():
        raise BaliseError(
            inputs.splits, "no split of the corpus here", "make it with `balise model split`"
        )
    parts = load_splits(inputs.splits)
    refuse_unknown(parts, articles, inputs.splits)
    split_of = {id_: SPLIT_NAMES[part] for part in ALL_PARTS for id_ in parts.part(part)}
    taken_back = load_withdrawn(inputs.corpus)
    held, gone = _find_held(articles, taken_back)
    names: set[str] = set()
    here: set[str] = set()
    withheld, left_out, unlicensed = 0, 0, []
    going_out: dict[str, list[str]] = {split: [] for split in SPLIT_NAMES.values()}
    for id_ in sorted(gold):
        record, article = gold[id_], find_article(articles, id_, inputs.gold)
        require_spans(article, record, scheme, f"{inputs.gold}, article {id_}")
        if id_ not in split_of:
            raise BaliseError(
                inputs.splits,
                f"article {id_} of the gold is in no part",
                "split again with `balise model split`",
            )
        names.update(record.annotators)
        here.update([id_] if article.text is not None else [])
        left_out += id_ in gone
        withheld += article.publishable == "none"
        if id_ in gone or article.publishable == "none":
            continue
        going_out[split_of[id_]].append(id_)
        unlicensed += [id_] if lacks_licence(article) else []
    refuse_unlicensed(unlicensed, inputs.corpus)
    if not any(going_out.values()):
        raise BaliseError(
            inputs.gold,
            "none of its articles may be published (publishable is 'none', or it was withdrawn)",
            "make at least one 'standoff' or 'full' in the corpus",
        )
    folder = inputs.annotations
    if folder is not None and not folder.is_dir():
        raise BaliseError(folder, "is no folder", "name that of the readings with --annotations")
    found, readers = find_readings(folder) if folder else ({}, set())
    pseudonyms = load_pseudonyms(folder, names | readers)

    def make_item(id_: str) -> Item:
        record, article = gold[id_], articles[id_]
        if (article.text is not None) != (id_ in here):
            raise was_changed(inputs.texts or inputs.corpus)
        read_by = tuple(pseudonyms[name] for name in record.annotators)
        return Item(article, record, split_of[id_], read_by)

    ids = sorted(id_ for part in going_out.values() for id_ in part)
    return Release(
        parts={split: Lazy(ids, make_item) for split, ids in going_out.items() if ids},
        readings=open_readings(found, ids, make_item, pseudonyms, scheme),
        labels=scheme,
        splits=parts,
        held=LazyMapping({id_: id_ for id_ in held}, articles.__getitem__),
        withheld=withheld,
        left_out=left_out,
        withdrawn=tuple(sorted({*gone, *(one.article for one in taken_back)})),
        origin=origin(gold.values(), scheme.version, parts.seed),
        who=load_who(folder),
        imports=load_imports(folder) if folder else (),
        changelog=load_changelog(inputs.corpus),
        guidelines=_guidelines(folder) if folder else {},
    )


def _find_held(
    articles: Mapping[str, Article], taken_back: Sequence[Withdrawal]
) -> tuple[list[str], set[str]]:
    """Name the articles whose words stay behind, and of these the ones that were withdrawn.

    An article with the text of one that was withdrawn is withdrawn with it.
    """
    hashes = {
        article.sha256
        for article in (articles.values() if taken_back else ())
        if any(one.names(article) for one in taken_back)
    }
    held, gone = [], set()
    for id_, article in articles.items():
        if article.sha256 in hashes:
            gone.add(id_)
        if id_ in gone or article.publishable != "full":
            held.append(id_)
    return held, gone


def _guidelines(annotations: Path) -> dict[str, str]:
    return {path.name: read_text(path) for path in sorted(annotations.glob(GUIDELINES))}

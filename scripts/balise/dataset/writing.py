"""The articles that go out are read once, and become the Parquet files of every config."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from balise.dataset.bio import Tagger
from balise.dataset.leak import refuse_leak
from balise.dataset.make_rows import annotator_row, span_row, standoff_row
from balise.dataset.parquet import Table, TableWriter, parquet_path
from balise.dataset.release import Item, Release
from balise.dataset.rows import ANNOTATORS, BIO, ROWS, SPANS, STANDOFF
from balise.ledger import LedgerFile

if TYPE_CHECKING:
    from datasets import Features

Watch = Callable[[Iterable[Any], int], Iterable[Any]]
"""What wraps so many articles as they are read, to show progress."""


def unwatched(items: Iterable[Any], _total: int) -> Iterable[Any]:
    """Show nothing."""
    return items


class Written(msgspec.Struct, frozen=True):
    """The files by config and split, the ledger of `bio`, and how much of what they are made of.

    `unstated` counts the articles that do not say whether their text is synthetic, `unanchored`
    those whose text is not here.
    """

    tables: dict[str, dict[str, Table]]
    ledger: LedgerFile
    spans: int
    unstated: int
    unanchored: int


def write_tables(
    release: Release, features: Mapping[str, "Features"], folder: Path, watch: Watch = unwatched
) -> Written:
    """Write every config of a release to a folder; one row group of each is in memory at a time.

    Where spans may overlap there is no config `bio`, and its ledger is empty: a token has one tag.

    Raises:
        BaliseError: a stand-off article's field quotes its text, or the ledger does not balance.
        OSError: a file cannot be written.
    """
    tagger = Tagger(release.labels)
    tables: dict[str, dict[str, Table]] = {config: {} for config in ROWS}
    spans = unstated = unanchored = 0
    articles = watch(release.each_item(), release.size)
    for split, items in groupby(articles, key=attrgetter("split")):
        with ExitStack() as stack:
            writers = {
                config: stack.enter_context(
                    TableWriter(folder / parquet_path(config, split), features[config])
                )
                for config in ROWS
            }
            for item in items:
                _add(item, writers, None if release.labels.overlapping else tagger)
                for reading in release.readings.get(item.article.id, ()):
                    writers[ANNOTATORS].add(annotator_row(item, reading))
                spans += len(item.gold.spans)
                unstated += item.article.synthetic is None
                unanchored += item.article.text is None
            for config, writer in writers.items():
                if (table := writer.finish()) is not None:
                    tables[config][split] = table
    filled = {config: splits for config, splits in tables.items() if splits}
    return Written(filled, tagger.ledger(), spans, unstated, unanchored)


def _add(item: Item, writers: Mapping[str, TableWriter], tagger: Tagger | None) -> None:
    standoff = standoff_row(item)
    if item.text is None:
        refuse_leak(item.article, standoff)
    else:
        writers[SPANS].add(span_row(item))
        if tagger is not None:
            writers[BIO].add(tagger.row(item))
    writers[STANDOFF].add(standoff)

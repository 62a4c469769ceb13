"""Gold spans and their articles become a folder laid out as a Hub dataset repository."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from balise.dataset.bio import Track, bio_rows, tag_names
from balise.dataset.card import make_card, parquet_path
from balise.dataset.figures import count_release
from balise.dataset.folder import refuse_foreign, replace_folder
from balise.dataset.leak import refuse_leaks
from balise.dataset.manifest import MANIFEST, make_manifest
from balise.dataset.parquet import Table, config_features, encode_table
from balise.dataset.prose import LICENSE
from balise.dataset.release import SPLIT_NAMES, Release, load_release
from balise.dataset.rows import BIO, SPANS, BioRow, SpanRow, span_row
from balise.errors import UsageError
from balise.jsonl import encode_json
from balise.labels import Label, LabelScheme
from balise.ledger import LedgerFile

CARD = "README.md"
LABELS_FILE = "labels.json"
LEDGER_FILE = "ledger.json"
LICENSE_FILE = "LICENSE"


class LabelsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The label scheme as it goes out, with the tag that each integer of `ner_tags` stands for.

    Where spans may be `overlapping` there are no tags, and the file says so.
    """

    version: str
    ner_tags: tuple[str, ...]
    labels: tuple[Label, ...]
    overlapping: bool = False


class BuildResult(msgspec.Struct, frozen=True):
    """What a build wrote: rows by config and split, spans, and the totals of the BIO ledger.

    `withheld` counts gold articles that must not be published, `unstated` rows whose article
    does not say whether its text is synthetic.
    """

    out: str
    version: str
    rows: dict[str, dict[str, int]]
    spans: int
    withheld: int
    unstated: int
    kept: int
    snapped: int
    dropped: int


def labels_file(scheme: LabelScheme) -> LabelsFile:
    """Turn the label scheme into the file that goes out with the data."""
    tags = () if scheme.overlapping else tuple(tag_names(scheme))
    return LabelsFile(scheme.version, tags, scheme.labels, scheme.overlapping)


def build_dataset(
    gold: Path,
    corpus: Path,
    splits: Path,
    labels: Path,
    out: Path,
    version: str,
    track: Track = iter,
    texts: Path | None = None,
) -> BuildResult:
    """Build the dataset folder `out`; the same input makes the same bytes.

    Where spans may overlap there is no config `bio` and no ledger of it: a token has one tag.
    Everything is checked and encoded before the folder is replaced as a whole.

    Raises:
        UsageError: the version is not X.Y.Z, or `out` holds something else than a dataset.
        BaliseError: the input is at fault (see `load_release`), a stand-off article's field
            quotes its text, a ledger does not balance, or the folder cannot be written.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise UsageError("--version", f"{version!r} is not X.Y.Z", "write it as 0.1.0")
    refuse_foreign(out)
    release = load_release(gold, corpus, splits, labels, texts)
    spans = [span_row(item) for item in release.items]
    refuse_leaks(release.items, spans)
    flat = () if release.labels.overlapping else release.items
    bio, ledger = bio_rows(flat, release.labels, track)
    tables = _encode(release, spans, bio)
    replace_folder(out, _contents(release, tables, ledger, version))
    return BuildResult(
        out=str(out),
        version=version,
        rows={name: {s: t.rows for s, t in config.items()} for name, config in tables.items()},
        spans=sum(len(row.spans) for row in spans),
        withheld=release.withheld,
        unstated=sum(row.synthetic is None for row in spans),
        kept=ledger.kept,
        snapped=ledger.snapped,
        dropped=ledger.dropped,
    )


def _encode(
    release: Release, spans: list[SpanRow], bio: list[BioRow]
) -> dict[str, dict[str, Table]]:
    """Encode every split of every config that has a row."""
    features = config_features(release.labels)
    split_of = {item.article.id: item.split for item in release.items}
    tables: dict[str, dict[str, Table]] = {}
    for config, rows in ((SPANS, spans), (BIO, bio)):
        for split in SPLIT_NAMES.values():
            part = [row for row in rows if split_of[row.id] == split]
            if part:
                tables.setdefault(config, {})[split] = encode_table(part, features[config])
    return tables


def _contents(
    release: Release,
    tables: Mapping[str, Mapping[str, Table]],
    ledger: LedgerFile,
    version: str,
) -> dict[str, bytes]:
    features = config_features(release.labels)
    card = make_card(release, count_release(release), ledger, tables, features, version)
    contents = {
        CARD: card.encode("utf-8"),
        LABELS_FILE: encode_json(labels_file(release.labels)),
        LICENSE_FILE: LICENSE.encode("utf-8"),
    }
    if not release.labels.overlapping:
        contents[LEDGER_FILE] = encode_json(ledger)
    for config, splits in tables.items():
        for split, table in splits.items():
            contents[parquet_path(config, split)] = table.content
    manifest = make_manifest(release, version, contents)
    return {**contents, MANIFEST: encode_json(manifest)}

"""Gold spans and their articles become a folder laid out as a Hub dataset repository."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from balise.dataset.bio import tag_names
from balise.dataset.card.card import make_card
from balise.dataset.card.citation import CITATION, make_citation
from balise.dataset.card.counting import count_release
from balise.dataset.card.croissant import CROISSANT, make_croissant
from balise.dataset.card.plot import PLOT, draw_spans
from balise.dataset.card.prose import LICENSE
from balise.dataset.changelog import CHANGELOG
from balise.dataset.folder import refuse_foreign
from balise.dataset.leak import refuse_quotes
from balise.dataset.load import load_release
from balise.dataset.manifest import MANIFEST, make_manifest
from balise.dataset.release import Inputs, Release
from balise.dataset.schema import config_features
from balise.dataset.sources import digest_sources
from balise.dataset.versions import require_version
from balise.dataset.writing import Watch, Written, unwatched, write_tables
from balise.files import write_files
from balise.folders import fill_folder
from balise.jsonl import encode_json
from balise.labels import Label, LabelScheme

if TYPE_CHECKING:
    from datasets import Features

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
    """What a build wrote: rows by config and split, gold spans, and the totals of the BIO ledger.

    `described` says whether the changelog tells of the version. `withheld` counts gold articles
    that must not be published, `withdrawn` those that were taken back, `unstated` articles that do
    not say whether their text is synthetic, and `unanchored` those whose text is not here, so that
    their spans can be found in the very text alone.
    """

    out: str
    version: str
    described: bool
    rows: dict[str, dict[str, int]]
    spans: int
    withheld: int
    withdrawn: int
    unstated: int
    unanchored: int
    kept: int
    snapped: int
    dropped: int


def labels_file(scheme: LabelScheme) -> LabelsFile:
    """Turn the label scheme into the file that goes out with the data."""
    tags = () if scheme.overlapping else tuple(tag_names(scheme))
    return LabelsFile(scheme.version, tags, scheme.labels, scheme.overlapping)


def build_dataset(inputs: Inputs, out: Path, version: str, watch: Watch = unwatched) -> BuildResult:
    """Build the dataset folder `out`; the same input makes the same bytes.

    Where spans may overlap there is no config `bio` and no ledger of it: a token has one tag.
    Everything is written beside the folder, which is then replaced as a whole.

    Raises:
        UsageError: the version is not X.Y.Z, or `out` holds something else than a dataset.
        BaliseError: the input is at fault (see `load_release`), a stand-off article's field or
            a file for people quotes its text, a ledger does not balance, or the folder cannot be
            written.
    """
    require_version(version)
    refuse_foreign(out)
    sources = digest_sources(inputs)
    release = load_release(inputs)
    features = config_features(release.labels)
    with fill_folder(out) as folder:
        written = write_tables(release, features, folder, watch)
        contents = _describe(release, features, written, version, sources)
        write_files({folder / name: content for name, content in contents.items()})
        # Someone may have put a file there meanwhile.
        refuse_foreign(out)
    return BuildResult(
        out=str(out),
        version=version,
        described=release.changelog.find(version) is not None,
        rows={
            config: {split: table.rows for split, table in splits.items()}
            for config, splits in written.tables.items()
        },
        spans=written.spans,
        withheld=release.withheld,
        withdrawn=release.left_out,
        unstated=written.unstated,
        unanchored=written.unanchored,
        kept=written.ledger.kept,
        snapped=written.ledger.snapped,
        dropped=written.ledger.dropped,
    )


def _describe(
    release: Release,
    features: Mapping[str, "Features"],
    written: Written,
    version: str,
    sources: dict[str, str],
) -> dict[str, bytes]:
    """Make every file that stands beside the Parquet ones, by name."""
    figures, tables = count_release(release), written.tables
    card = make_card(release, figures, written.ledger, tables, features, version)
    croissant = make_croissant(release, figures, tables, features, version)
    contents = {
        CARD: card.encode("utf-8"),
        CROISSANT: encode_json(croissant),
        CITATION: make_citation(version, release.changelog).encode("utf-8"),
        PLOT: draw_spans(figures).encode("utf-8"),
        LABELS_FILE: encode_json(labels_file(release.labels)),
        LICENSE_FILE: LICENSE.encode("utf-8"),
    }
    for name, text in release.guidelines.items():
        contents[name] = text.encode("utf-8")
    if release.changelog.content:
        contents[CHANGELOG] = release.changelog.content.encode("utf-8")
    if not release.labels.overlapping:
        contents[LEDGER_FILE] = encode_json(written.ledger)
    refuse_quotes(release.held.values(), contents)
    manifest = make_manifest(release, version, contents, tables, sources)
    return {**contents, MANIFEST: encode_json(manifest)}

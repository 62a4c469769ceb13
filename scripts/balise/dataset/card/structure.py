"""The card on the folder itself: configs, columns, sizes, labels, splits, what BIO loses."""

from collections.abc import Collection

from balise.dataset.anchors import CONTEXT
from balise.dataset.card import prose, tables
from balise.dataset.card.figures import Figures
from balise.dataset.card.plot import PLOT
from balise.dataset.release import Release
from balise.dataset.rows import ANNOTATORS, BIO, SPANS, STANDOFF, default_config
from balise.dataset.schema import config_features
from balise.docbin import TOKENIZER
from balise.ledger import LedgerFile
from balise.text import NORMALISATION
from balise.withdrawn import is_address


def structure(
    release: Release, figures: Figures, ledger: LedgerFile, configs: Collection[str]
) -> list[str]:
    """Write the part on the dataset's structure, block by block."""
    withheld = f" Gold articles withheld: {release.withheld}." if release.withheld else ""
    withdrawn = [name for name in release.withdrawn if not is_address(name)]
    gone = f" Withdrawn: {len(withdrawn)}." if withdrawn else ""
    absent = figures.total.articles - figures.leaks.texts
    bare = f" Rows of `standoff` without hashes, as their texts were not here: {absent}."
    snapping = [] if release.labels.overlapping else ["### From spans to BIO"]
    return [
        "## Dataset Structure",
        "### Configs",
        _configs(release, configs),
        "### Columns",
        tables.columns(config_features(release.labels), configs),
        "### Figures",
        tables.sizes(figures),
        "Words are runs of non-space characters in the texts that are here; a stand-off article "
        f"counts for none.{withheld}{gone}{bare if absent else ''}",
        "Texts written for this corpus (`synthetic`), and the days at which they are situated or "
        "were published:",
        tables.kinds(figures),
        "Spans by label and split:",
        f"![Bars: how many spans of each label stand in each split. The table has the same "
        f"figures.]({PLOT})",
        tables.spans_by_label(release, figures),
        "Articles, by the country of the main scene (ISO 3166): "
        f"{tables.counts(figures.countries)}.",
        f"Registers: {tables.counts(figures.registers)}.",
        "### Labels",
        tables.definitions(release),
        "### Splits",
        tables.splits(release, figures),
        *snapping,
        tables.snapping(ledger) if snapping else "",
    ]


def _configs(release: Release, configs: Collection[str]) -> str:
    mark = {default_config(configs): " (default)"}
    said = {
        SPANS: prose.CONFIG_SPANS.format(default=mark.get(SPANS, "")),
        BIO: prose.CONFIG_BIO.format(tokenizer=TOKENIZER),
        ANNOTATORS: prose.CONFIG_ANNOTATORS,
        STANDOFF: prose.CONFIG_STANDOFF.format(
            default=mark.get(STANDOFF, ""), normalisation=NORMALISATION, context=CONTEXT
        ),
    }
    listed = "\n".join(said[name].strip("\n") for name in configs)
    return f"{listed}\n{prose.NO_BIO if release.labels.overlapping else ''}{prose.COLUMNS}"

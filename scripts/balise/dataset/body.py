"""The body of the card: what the rows hold, in figures, and the label definitions."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from balise.dataset.figures import Figures, SplitFigures
from balise.dataset.prose import (
    ANNOTATION,
    BIASES,
    CITATION,
    COLUMNS,
    CONFIG_ANNOTATORS,
    CONFIG_BIO,
    CONFIG_SPANS,
    CONFIG_STANDOFF,
    CONTACT,
    LICENSING,
    LOADING,
    LOADING_BIO,
    NO_BIO,
    PERSONAL_DATA,
    REAL_SOURCES,
    SOURCES,
    SUMMARY,
    USES,
)
from balise.dataset.release import Release
from balise.dataset.rows import ANNOTATORS, BIO, SPANS, STANDOFF, default_config
from balise.docbin import TOKENIZER
from balise.ledger import LedgerFile
from balise.text import NORMALISATION


def card_body(
    name: str,
    release: Release,
    figures: Figures,
    ledger: LedgerFile,
    configs: Collection[str],
    version: str,
) -> str:
    """Write the card's body in Markdown; every figure in it is counted, none is typed in."""
    overlapping = release.labels.overlapping
    blocks = [
        f"# {name}",
        SUMMARY,
        f"Version {version}, label scheme {release.labels.version}, "
        f"gold `{release.origin.corpus[:16]}`.",
        LOADING_BIO if BIO in configs else LOADING,
        "## Configs",
        _configs(release, configs),
        "## Figures",
        *_figures(release, figures),
        "## Labels",
        _label_table(release),
        "## Splits",
        _splits(release, figures),
        *([] if overlapping else ["## From spans to BIO", _ledger(ledger)]),
        "## Where the texts come from",
        SOURCES + (REAL_SOURCES if set(figures.synthetic) - {"yes"} else ""),
        "## How they were annotated",
        ANNOTATION,
        _table(("decision", "articles"), figures.decisions.items()),
        "## Biases and limits",
        BIASES,
        "## Personal data",
        PERSONAL_DATA,
        "## Uses and misuses",
        USES,
        "## Licence",
        LICENSING,
        _table(
            ("licence of the text", "what goes out", "attribution", "articles"),
            ((*key, count) for key, count in figures.licences.items()),
        ),
        "## Errors and withdrawal",
        CONTACT,
        "## Citation",
        CITATION.format(version=version),
    ]
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _configs(release: Release, configs: Collection[str]) -> str:
    mark = {default_config(configs): " (default)"}
    prose = {
        SPANS: CONFIG_SPANS.format(default=mark.get(SPANS, "")),
        BIO: CONFIG_BIO.format(tokenizer=TOKENIZER),
        ANNOTATORS: CONFIG_ANNOTATORS,
        STANDOFF: CONFIG_STANDOFF.format(
            default=mark.get(STANDOFF, ""), normalisation=NORMALISATION
        ),
    }
    listed = "\n".join(prose[name].strip("\n") for name in configs)
    return f"{listed}\n{NO_BIO if release.labels.overlapping else ''}{COLUMNS}"


def _figures(release: Release, figures: Figures) -> list[str]:
    rows = (*figures.splits, figures.total)
    days = f" Days: {figures.days[0]} to {figures.days[1]}." if figures.days else ""
    withheld = f" Gold articles withheld: {release.withheld}." if release.withheld else ""
    return [
        _table(
            ("split", "articles", "with text", "stand-off", "words", "conflict events", "spans"),
            ((r.split, r.articles, r.full, r.standoff, r.words, r.events, r.spans) for r in rows),
        ),
        "Words are runs of non-space characters in the texts that are here; a stand-off article "
        f"counts for none.{days}{withheld}",
        "Spans by label and split:",
        _spans_by_label(release, rows),
        f"Conflicts, by the country of the main scene (ISO 3166): {_counts(figures.countries)}.",
        f"Registers: {_counts(figures.registers)}.",
        "Texts written for this corpus (`synthetic`), by number of articles: "
        f"{_counts(figures.synthetic)}.",
    ]


def _spans_by_label(release: Release, rows: Sequence[SplitFigures]) -> str:
    return _table(
        ("label", *(row.split for row in rows)),
        ((name, *(row.labels[name] for row in rows)) for name in release.labels.names),
    )


def _label_table(release: Release) -> str:
    labels = release.labels.labels
    return _table(
        ("label", "definition", "définition", "CoNLL", "ACE 2005", "re3d"),
        ((x.name, x.en, x.fr, x.conll or "–", x.ace or "–", x.re3d or "–") for x in labels),
    )


def _splits(release: Release, figures: Figures) -> str:
    rule = release.splits.real
    real = (
        f" Real articles ({', '.join(rule.sources)}) stand apart: `test_real` holds those "
        f"published from {rule.test_from} on and the earlier ones of the same events; the others "
        "are `validation_real` and `train_real`. An event that other articles tell too is in "
        "training or in test with them."
        if rule
        else ""
    )
    return (
        "Articles about one event, and articles with nearly the same text, go to one split "
        f"together. {figures.shared} conflict events have more than one article; of these, "
        f"{figures.straddling} are told in more than one of training, validation and test, a split "
        "of real articles counting as the one it stands beside. Among the splits that keep "
        "groups whole, one was taken whose parts hold each label in proportion (seed "
        f"{release.splits.seed}).{real}"
    )


def _ledger(ledger: LedgerFile) -> str:
    return (
        "A span that begins or ends inside a token is widened to the token's edge in `bio`, never "
        "in `spans`; `ledger.json` lists each change.\n\n"
        + _table(
            ("spans in", "kept", "snapped", "dropped", "spans out"),
            [(ledger.spans_in, ledger.kept, ledger.snapped, ledger.dropped, ledger.spans_out)],
        )
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{_cell(value)} {count}" for value, count in counts.items())


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", r"\|").split())

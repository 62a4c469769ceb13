"""The card's figures as Markdown: tables, and the sentences that hold a count."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from balise.bootstrap import RESAMPLES
from balise.dataset.card.columns import Column, list_columns
from balise.dataset.card.figures import Figures
from balise.dataset.imports import Import
from balise.dataset.release import Release
from balise.ledger import LedgerFile
from balise.near import RESEMBLANCE
from balise.pages import show_estimate

if TYPE_CHECKING:
    from datasets import Features


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a Markdown table; a cell's line breaks and bars do not break it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", r"\|").split())


def counts(values: Mapping[str, int]) -> str:
    """Write counted values as one line."""
    return ", ".join(f"{_cell(value)} {count}" for value, count in values.items())


def sizes(figures: Figures) -> str:
    """Write the articles, words, events and spans of each split."""
    return table(
        ("split", "articles", "with text", "stand-off", "words", "events", "spans"),
        (
            (r.split, r.articles, r.full, r.standoff, r.words, r.events, r.spans)
            for r in (*figures.splits, figures.total)
        ),
    )


def kinds(figures: Figures) -> str:
    """Write how much was written for the corpus and how much is real, with their days."""
    return table(
        ("synthetic", "articles", "spans", "days"),
        (
            (
                each.synthetic,
                each.articles,
                each.spans,
                " to ".join(dict.fromkeys(each.days or "–")),
            )
            for each in figures.synthetic
        ),
    )


def spans_by_label(release: Release, figures: Figures) -> str:
    """Write the spans of each label in each split."""
    rows = (*figures.splits, figures.total)
    return table(
        ("label", *(row.split for row in rows)),
        ((name, *(row.labels[name] for row in rows)) for name in release.labels.names),
    )


def definitions(release: Release) -> str:
    """Write each label with its definition and its names in other schemes."""
    return table(
        ("label", "definition", "définition", "CoNLL", "ACE 2005", "re3d"),
        (
            (x.name, x.en, x.fr, x.conll or "–", x.ace or "–", x.re3d or "–")
            for x in release.labels.labels
        ),
    )


def columns(features: Mapping[str, "Features"], configs: Iterable[str]) -> str:
    """Write what each column means; one that means the same in several configs stands once."""
    found: dict[tuple[str, str, str], list[Column]] = {}
    for config in configs:
        for column in list_columns(features, config):
            found.setdefault((column.name, column.type, column.meaning), []).append(column)
    return table(
        ("column", "type", "configs", "meaning"),
        (
            (f"`{name}`", kind, ", ".join(column.config for column in those), meaning)
            for (name, kind, meaning), those in found.items()
        ),
    )


def splits(release: Release, figures: Figures) -> str:
    """Say how articles were parted, and count what could let a test be read in training."""
    rule, leaks = release.splits.real, figures.leaks
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
        f"together. {leaks.shared} events have more than one article; of these, "
        f"{leaks.straddling} are told in more than one of training, validation and test, a split "
        f"of real articles counting as the one it stands beside. Among the {leaks.texts} texts "
        f"that were here when this was built, {leaks.near} pairs are near-duplicates (word "
        f"trigrams with a Jaccard index of {RESEMBLANCE} or more), and {leaks.apart} of these are "
        "parted in that way. Among the splits that keep groups whole, one "
        "was taken whose parts hold each label in proportion (seed "
        f"{release.splits.seed}).{real}"
    )


def snapping(ledger: LedgerFile) -> str:
    """Count what was lost from spans to BIO."""
    return (
        "A span that begins or ends inside a token is widened to the token's edge in `bio`, never "
        "in `spans`; `ledger.json` lists each change.\n\n"
        + table(
            ("spans in", "kept", "snapped", "dropped", "spans out"),
            [(ledger.spans_in, ledger.kept, ledger.snapped, ledger.dropped, ledger.spans_out)],
        )
    )


def imports(every: Sequence[Import]) -> str:
    """Count what was trimmed and dropped when readings came in."""
    with_ledger = [one for one in every if one.files]
    without = sum(one.without for one in every)
    if not with_ledger:
        return "No ledger says what was trimmed or dropped when the readings came in."
    reasons: dict[str, int] = {}
    for one in with_ledger:
        for (outcome, reason), count in one.reasons.items():
            reasons[f"{outcome} ({reason})"] = reasons.get(f"{outcome} ({reason})", 0) + count
    why = f" Why: {counts(reasons)}." if reasons else ""
    bare = f" {without} files of readings have no ledger." if without else ""
    return (
        "When readings came in, by batch, withheld and withdrawn articles included:\n\n"
        + table(
            ("batch", "files", "spans in", "kept", "trimmed", "dropped", "spans out"),
            (
                (x.batch, x.files, x.spans_in, x.kept, x.trimmed, x.dropped, x.spans_out)
                for x in with_ledger
            ),
        )
        + f"\n\nThese are the ledgers of the last import or pull that changed each file.{why}{bare}"
    )


def annotators(figures: Figures) -> str:
    """Say who or what the annotators are, and how much each read."""
    if not figures.annotators:
        return "No single readings go out with this version."
    return table(
        ("annotator", "who", "readings", "spans"),
        ((x.annotator, x.who or "not said", x.readings, x.spans) for x in figures.annotators),
    )


def agreement(release: Release, figures: Figures) -> str:
    """Say how far annotators agree, or that nobody can tell."""
    found = figures.agreement
    if found is None:
        return (
            "No article here has readings of two annotators: agreement was not measured, and "
            "nothing says how stable these labels are."
        )
    pairs = ", ".join(f"{first} and {second}" for first, second in found.pairs)
    rows = [(row.name, row.articles, show_estimate(row.f1)) for row in found.rows]
    labels = [(row.name, row.articles, show_estimate(row.f1)) for row in found.labels]
    return (
        f"Strict F1 of {pairs}, on {found.articles} articles that two annotators read, "
        f"{found.equal} of them with the same spans. It was computed when this version was built, "
        "from the rows of `annotators` (the adjudicator's apart): readings of the articles of this "
        f"gold, `{release.origin.corpus[:16]}`. Brackets: 95 %, from {RESAMPLES} draws of the "
        "articles; an interval needs two.\n\n"
        + table(("", "articles", "F1 of two readings"), [*rows, *labels])
    )


def readers(figures: Figures) -> str:
    """Count articles by the number of annotators that read them."""
    return ", ".join(
        f"{articles} articles have {number} reading{'' if number == 1 else 's'}"
        for number, articles in figures.readers.items()
    )

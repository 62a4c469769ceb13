"""The body of the card, under the headings that the Hub's template has; figures are counted."""

from collections.abc import Collection, Iterable, Mapping

from balise.dataset.card import prose, statement, tables
from balise.dataset.card.citation import PUBLISHER, bibtex
from balise.dataset.card.figures import Figures
from balise.dataset.card.structure import structure
from balise.dataset.release import Release
from balise.dataset.rows import BIO
from balise.ledger import LedgerFile


def card_body(
    name: str,
    release: Release,
    figures: Figures,
    ledger: LedgerFile,
    configs: Collection[str],
    version: str,
) -> str:
    """Write the card's body in Markdown; every figure in it is counted, none is typed in."""
    blocks = [
        f"# Dataset Card for {name}",
        summary(release),
        *_details(release, figures, version),
        *_uses(configs),
        *structure(release, figures, ledger, configs),
        *_creation(release, figures),
        *_limits(),
        *_rest(release, version),
    ]
    return "\n\n".join(block.strip("\n") for block in blocks if block) + "\n"


def summary(release: Release) -> str:
    """Say in three sentences what the dataset is."""
    labels = release.labels.names
    return statement.SUMMARY.format(kinds=len(labels), labels=", ".join(labels))


def _details(release: Release, figures: Figures, version: str) -> list[str]:
    day = release.changelog.day(version)
    made = release.origin
    real = figures.has_real
    return [
        "## Dataset Details",
        "### Dataset Description",
        f"{figures.total.articles} articles with {figures.total.spans} gold spans, each article "
        "once with its text, where the text may go out, and once without it.",
        f"- **Version:** {version}{f', {day}' if day else ''}; label scheme "
        f"{release.labels.version}; gold `{made.corpus[:16]}`\n"
        f"- **Curated by:** {PUBLISHER}\n"
        "- **Language(s) (NLP):** French (`fr`)\n"
        "- **License:** CC BY 4.0 for annotations and synthetic texts"
        + ("; a real text has its own" if real else ""),
        "### Dataset Sources",
        f"Built with balise {made.libraries.get('balise', '(version unknown)')} from the project's "
        "corpus, readings and gold; `manifest.json` names the versions of all tools. Where the "
        "texts come from is under *Source Data*.",
        "### Licence of each text",
        statement.LICENSING,
        tables.table(
            ("licence of the text", "what goes out", "attribution", "articles"),
            ((*key, count) for key, count in figures.licences.items()),
        ),
    ]


def _uses(configs: Collection[str]) -> list[str]:
    return [
        "## Uses",
        "### Direct Use",
        _bullets(statement.USES),
        prose.LOADING_BIO if BIO in configs else prose.LOADING,
        "### Out-of-Scope Use",
        "Not meant for, and not fit for:",
        _bullets(statement.MISUSES),
        statement.SOCIAL_IMPACT,
    ]


def _creation(release: Release, figures: Figures) -> list[str]:
    return [
        "## Dataset Creation",
        "### Curation Rationale",
        statement.RATIONALE,
        "### Source Data",
        "#### Data Collection and Processing",
        sources(figures),
        statement.PREPROCESSING,
        "#### Who are the source data producers?",
        statement.PRODUCERS + (statement.REAL_PRODUCERS if figures.has_real else ""),
        "### Annotations",
        "#### Annotation process",
        statement.ANNOTATION,
        _guidelines(release),
        "`decision` says how each article's spans came about:",
        tables.table(("decision", "articles"), figures.decisions.items()),
        tables.imports(release.imports),
        "##### Agreement",
        tables.agreement(release, figures),
        statement.READING_AGREEMENT,
        "#### Who are the annotators?",
        statement.ANNOTATORS,
        tables.annotators(figures),
        f"Annotators an article: {tables.readers(figures)}.",
        "#### Personal and Sensitive Information",
        _bullets(statement.PERSONAL),
    ]


def _guidelines(release: Release) -> str:
    named = " and ".join(f"[{name}]({name})" for name in release.guidelines)
    return f"The guidelines: {named}." if named else ""


def sources(figures: Figures) -> str:
    """Say where the texts come from; of real ones where there are some."""
    return statement.SOURCES + (statement.REAL_SOURCES if figures.has_real else "")


def _limits() -> list[str]:
    return [
        "## Bias, Risks, and Limitations",
        "Biases:",
        _bullets(statement.BIASES),
        "Limits:",
        _bullets(statement.LIMITATIONS),
        "### Recommendations",
        _bullets(statement.RECOMMENDATIONS),
    ]


def _rest(release: Release, version: str) -> list[str]:
    change = release.changelog.find(version)
    named = release.changelog.content != ""
    files = {
        file: said
        for file, said in prose.FILES.items()
        if (file != "CHANGELOG.md" or named)
        and (file != "ledger.json" or not release.labels.overlapping)
    }
    return [
        "## Citation",
        "**BibTeX:**",
        f"```bibtex\n{bibtex(version, release.changelog.day(version))}\n```",
        "`CITATION.cff` says the same.",
        "## Glossary",
        _definitions(prose.GLOSSARY),
        "## More Information",
        "### Files",
        _definitions({f"`{file}`": said for file, said in files.items()}),
        "### Changelog",
        *_changes(release, version, change.text if change else None),
        "## Dataset Card Authors",
        f"{PUBLISHER}; balise writes this card from the rows, so that its figures are theirs.",
        "## Dataset Card Contact",
        statement.CONTACT,
        statement.MAINTENANCE,
    ]


def _changes(release: Release, version: str, text: str | None) -> list[str]:
    changes = release.changelog.changes
    said = f"{version}:\n\n{text}" if text else f"No changelog says what {version} brought."
    if not changes:
        return [said]
    return [
        said,
        tables.table(
            ("version", "released"), ((each.version, each.day or "–") for each in changes)
        ),
    ]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _definitions(terms: Mapping[str, str]) -> str:
    return _bullets(f"**{term}**: {said}" for term, said in terms.items())

"""What Croissant's extension for responsible AI asks (RAI 1.0), from the statement and figures."""

from typing import Any

from balise.dataset.card import statement, tables
from balise.dataset.card.body import sources
from balise.dataset.card.figures import Figures
from balise.dataset.release import Release
from balise.pages import show_estimate


def responsible_ai(release: Release, figures: Figures) -> dict[str, Any]:
    """Give the `rai:` keys of a release; texts are those of the card, on one line each."""
    return {
        "rai:dataCollection": _line(sources(figures)),
        "rai:dataPreprocessingProtocol": [_line(statement.PREPROCESSING)],
        "rai:dataAnnotationProtocol": [_line(statement.ANNOTATION)],
        "rai:dataAnnotationAnalysis": [_agreement(figures), _line(statement.READING_AGREEMENT)],
        "rai:annotationsPerItem": f"{tables.readers(figures)}.",
        "rai:annotatorDemographics": [
            _line(statement.ANNOTATORS),
            *(f"{each.annotator}: {each.who}" for each in figures.annotators if each.who),
        ],
        "rai:dataUseCases": [_line(use) for use in statement.USES],
        "rai:dataBiases": list(statement.BIASES),
        "rai:dataLimitations": [
            *statement.LIMITATIONS,
            *(f"Not meant for: {misuse}" for misuse in statement.MISUSES),
        ],
        "rai:dataSocialImpact": _line(statement.SOCIAL_IMPACT),
        "rai:personalSensitiveInformation": list(statement.PERSONAL),
        "rai:dataReleaseMaintenancePlan": _line(statement.CONTACT + statement.MAINTENANCE),
    }


def _agreement(figures: Figures) -> str:
    found = figures.agreement
    if found is None:
        return "No article has readings of two annotators: agreement was not measured."
    overall = found.rows[0]
    return (
        f"Strict F1 of two readings on {found.articles} articles: {show_estimate(overall.f1)}, "
        f"95 % interval in brackets; {found.equal} articles have the same spans in both."
    )


def _line(text: str) -> str:
    return " ".join(text.split())

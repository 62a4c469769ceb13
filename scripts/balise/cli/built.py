"""What is said of a dataset that was built, by every command that builds one."""

from pathlib import Path

from balise.dataset.build import BuildResult
from balise.dataset.changelog import CHANGELOG


def undescribed(result: BuildResult, corpus: Path) -> list[str]:
    """Say that the changelog does not tell of the version, where it does not."""
    if result.described:
        return []
    return [
        f"the changelog does not name {result.version}: before you publish it, say in "
        f"{corpus / CHANGELOG} what it brings"
    ]

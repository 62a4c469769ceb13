"""The changelog of the dataset: versions, their days, and what is no version."""

from pathlib import Path

import pytest

from balise.dataset.changelog import Change, load_changelog
from balise.errors import BaliseError
from dataset.telling import CHANGES

ROOT = Path(__file__).parents[2]


def write(folder: Path, content: str) -> Path:
    (folder / "CHANGELOG.md").write_text(content, encoding="utf-8")
    return folder


def test_headings_are_versions_with_or_without_a_day(tmp_path: Path) -> None:
    found = load_changelog(write(tmp_path, CHANGES))
    assert found.content == CHANGES
    assert found.changes == (
        Change("1.1.0", "2026-02-03", "- Two articles more."),
        Change("1.0.0", None, "First version."),
    )
    days = [found.day(version) for version in ("1.1.0", "1.0.0", "9.9.9")]
    assert days == ["2026-02-03", None, None]


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert load_changelog(tmp_path).changes == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("## Next\n\nSoon.\n", r"CHANGELOG\.md:1: '## Next' names no version; write `## X\.Y\.Z`"),
        ("# A\n\n## 1.0\n\nx\n", r"CHANGELOG\.md:3: '## 1\.0' names no version"),
        ("## 1.0.0, 2026-02-30\n\nx\n", r"CHANGELOG\.md:1: 2026-02-30 is no day"),
        ("## 1.0.0\n\n## 0.9.0\n\nx\n", r"CHANGELOG\.md:1: nothing is said of 1\.0\.0"),
        ("## 1.2.0\n\nx\n## 1.10.0\n\ny\n", r"CHANGELOG\.md:4: 1\.10\.0 stands under 1\.2\.0"),
        ("## 1.2.0\n\nx\n## 1.2.0\n\ny\n", r"CHANGELOG\.md:4: 1\.2\.0 stands under 1\.2\.0"),
    ],
)
def test_a_broken_changelog_is_named_with_its_line(
    tmp_path: Path, content: str, problem: str
) -> None:
    with pytest.raises(BaliseError, match=problem):
        load_changelog(write(tmp_path, content))


def test_the_projects_own_changelog_can_be_read() -> None:
    assert load_changelog(ROOT / "corpus").find("0.4.0") is not None

"""The annotators' guide shows pictures that are there, and the labels of the scheme."""

import re
import struct
from pathlib import Path

import pytest

from balise.labels import LabelScheme
from pictures import DOUBT

ROOT = Path(__file__).parents[2]
ANNOTATIONS = ROOT / "annotations"
GUIDE = (ANNOTATIONS / "README.md").read_text(encoding="utf-8")
_, FRENCH, ENGLISH, LEAD = re.split(
    "^## (?:Français|English|For the annotation lead)$", GUIDE, flags=re.MULTILINE
)
SECTIONS = {"fr": FRENCH, "en": ENGLISH}
WIDEST, LARGEST = 1000, 150_000


def pictures_of(text: str) -> list[tuple[str, str]]:
    """List the pictures of a text: what is said for those who do not see them, and the file."""
    return re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)


def test_the_guide_s_pictures_are_small_png_files() -> None:
    found = {file for _, file in pictures_of(GUIDE)}
    assert len(found) >= 8
    for file in found:
        content = (ANNOTATIONS / file).read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n"), file
        width, height = struct.unpack(">II", content[16:24])
        assert 0 < width <= WIDEST, file
        assert 0 < height <= WIDEST, file
        assert len(content) <= LARGEST, file


def test_every_picture_that_is_kept_is_shown() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {(ANNOTATIONS / file).resolve() for _, file in pictures_of(GUIDE)}
    shown |= {(ROOT / file).resolve() for _, file in pictures_of(readme)}
    assert shown == set((ANNOTATIONS / "images").iterdir())


def test_both_languages_show_the_same_pictures_each_in_its_own_words() -> None:
    french, english = pictures_of(FRENCH), pictures_of(ENGLISH)
    assert [file for _, file in french] == [file for _, file in english]
    words = [alt for alt, _ in french + english]
    assert len(set(words)) == len(words)
    assert all(len(alt.split()) >= 5 for alt in words)


@pytest.mark.parametrize("language", SECTIONS)
def test_the_guide_s_table_of_hotkeys_is_the_label_scheme_s(
    language: str, labels: LabelScheme
) -> None:
    rows = re.findall(r"^\| `(.)` \| ([A-Z_]+) \| (.+) \|$", SECTIONS[language], re.MULTILINE)
    assert [(name, key) for key, name, _ in rows] == [
        (label.name, label.hotkey) for label in labels.labels
    ]


def test_the_guide_takes_up_each_matter_in_both_languages() -> None:
    headings = {
        language: re.findall("^### (.+)$", text, re.MULTILINE)
        for language, text in SECTIONS.items()
    }
    assert len(headings["fr"]) == len(headings["en"])
    pairs = set(zip(headings["fr"], headings["en"], strict=True))
    assert pairs >= {
        ("Commencer", "Start"),
        ("Marquer : les touches", "Mark: the hotkeys"),
        ("Confirmer", "Confirm"),
        ("Commenter", "Comment"),
        ("En cas de doute", "In doubt"),
    }


def test_the_doubt_in_the_picture_is_the_guide_s_example_and_cites_a_rule_that_exists() -> None:
    assert f"`{DOUBT}`" in FRENCH
    assert f"`{DOUBT.replace(' ou ', ' or ').replace('piège', 'trap')}`" in ENGLISH
    [number] = re.findall(r"piège (\d+)$", DOUBT)
    for name in ("guidelines.fr.md", "guidelines.en.md"):
        rules = (ANNOTATIONS / name).read_text(encoding="utf-8")
        assert re.search(rf"^{number}\. ", rules, re.MULTILINE), name


def test_the_links_of_the_guide_lead_to_files() -> None:
    for file in re.findall(r"[^!]\[[^\]]*\]\(([^)#]+)\)", GUIDE):
        assert (ANNOTATIONS / file).exists(), file

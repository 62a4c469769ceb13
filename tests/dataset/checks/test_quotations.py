"""Passages of held articles in texts that go out: found wherever they stand, and never quoted."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.dataset.checks.quotations import PASSAGE, _blocks, _longest
from dataset.damage import find
from dataset.project import FULL, Project, pairs
from markup import gold

HELD = "".join(f"La colonne {n} quitte le camp numéro {n * 7} avant la nuit et " for n in range(9))


@pytest.mark.parametrize(
    ("start", "length", "found"),
    [(0, PASSAGE, True), (37, PASSAGE, True), (101, PASSAGE, True), (59, PASSAGE - 1, False)],
)
@pytest.mark.parametrize("publishable", ["standoff", "none"])
def test_a_passage_is_found_wherever_it_begins(
    project: Project, publishable: str, start: int, length: int, found: bool
) -> None:
    passage = HELD[start : start + length]
    project.write(
        [
            *pairs(),
            gold("neuf-h", HELD, event="test-h", publishable=publishable),
            gold("neuf-q", f"L’agence écrit x{passage}x à [Gao](LOCATION).", **FULL),
        ]
    )
    project.build()
    said = find(project, "quotations")
    assert len(said) == found
    if found:
        assert said[0].startswith(f"spans: neuf-q has {length} characters in a row of neuf-h, ")
        assert "La colonne" not in said[0]


@pytest.mark.parametrize(
    ("old", "new"), [(" ", "\n"), (" ", "\u00a0"), (" et ", " — et, "), ("L", "l")]
)
def test_a_passage_is_found_however_it_is_set(project: Project, old: str, new: str) -> None:
    held = gold("neuf-h", HELD, event="test-h", publishable="standoff")
    quoting = gold("neuf-q", f"«{HELD[:160].replace(old, new)}», [mardi](DATE).", **FULL)
    project.write([*pairs(), held, quoting])
    project.build()
    [said] = find(project, "quotations")
    assert said.startswith("spans: neuf-q has 160 characters in a row of neuf-h, ")


def test_a_quotation_that_is_meant_is_accepted(project: Project) -> None:
    held = gold("neuf-h", HELD, event="train-h", publishable="standoff")
    quoting = gold("neuf-q", f"« {HELD[:200]} », [mardi](DATE).", **FULL)
    project.write([*pairs(), held, quoting])
    project.build()
    assert len(find(project, "quotations")) == 1
    line = "check\tplace\tmark\treason\nquotations\tneuf-q\tneuf-h\tcited, with its source\n"
    (project.corpus / "accepted.tsv").write_text(line, encoding="utf-8")
    assert project.check().problems == ()


def test_an_article_that_was_withdrawn_since_is_held_too(project: Project) -> None:
    article, record = gold("neuf-h", HELD, **FULL)
    twin = gold("neuf-q", f"{HELD[:150]}», [mardi](DATE).", **FULL)
    project.write([*pairs(), (article, record), twin])
    project.build()
    assert find(project, "quotations") == []
    project.write([*pairs(), (msgspec.structs.replace(article, publishable="none"), record), twin])
    [said] = [each for each in find(project, "quotations") if "neuf-q" in each]
    assert "150 characters" in said


@given(st.text("ab", max_size=150), st.text("ab", max_size=60), st.text("abc", max_size=400))
def test_the_longest_shared_run_is_found_where_it_is_a_passage(
    before: str, after: str, other: str
) -> None:
    text = before + other[90:260] + after
    best = max(
        (length for start in range(len(other)) for length in [_common(text, other, start)]),
        default=0,
    )
    found = _longest(text, other, _blocks(other))
    assert found <= best
    assert found == best or best < PASSAGE


def test_a_passage_is_found_around_a_block_that_its_article_has_twice() -> None:
    block = "b" * 60
    passage = f"{'a' * 30}{block}{'a' * 30}"
    other = f"{'c' * 30}{passage}{'c' * 30}{block}"
    assert len(_blocks(other)[hash(block)]) == 2
    assert _longest(f"x{passage}x", other, _blocks(other)) == PASSAGE


def _common(text: str, other: str, start: int) -> int:
    """Measure the longest run from a place of one text that is anywhere in the other."""
    length = 0
    while start + length < len(other) and other[start : start + length + 1] in text:
        length += 1
    return length

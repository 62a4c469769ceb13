"""The bias of showing suggestions, measured on simulated annotators whose bias is known."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from annotations.audited import values, within
from annotations.small_project import Project
from balise.batches import load_batch, load_rows
from balise.bootstrap import draw
from balise.cli.main import app
from balise.jsonl import read_jsonl, write_jsonl
from balise.offsets import OffsetMap
from balise.records import Annotation, Span
from markup import article

NAMES = {
    "armed_groups.tsv": ("Hezbollah", "M23", "Boko Haram", "Ansar Dine"),
    "forces.tsv": ("Finul", "Casques bleus"),
    "institutions.tsv": ("Kremlin", "Pentagone"),
    "weapons.tsv": ("kalachnikov", "Himars"),
}
HEADER = "name\taliases\tcountry\tkind\tyears\tnote\n"
ARTICLES, A_TEXT = 60, 6
ANNOTATORS = ("anne", "bruno", "chloe")

Habit = Callable[[random.Random, list[Span], bool], list[Span]]


def accepts_all_and_finds_half(chance: random.Random, there: list[Span], shown: bool) -> list[Span]:
    return there if shown else [span for span in there if chance.random() < 0.5]


def finds_half_either_way(chance: random.Random, there: list[Span], shown: bool) -> list[Span]:
    return [span for span in there if chance.random() < 0.5]


def make_suggested_batch(root: Path) -> None:
    """Make a project of short texts in the current folder, and a batch of them with suggestions."""
    project = Project(root)
    for file, names in NAMES.items():
        rows = "".join(f"{name}\t\t\tother\t\t\n" for name in names)
        project.write(f"lexicon/{file}", HEADER + rows)
    chance = random.Random(0)
    every = [name for names in NAMES.values() for name in names]
    project.add_articles(
        *(
            article(
                f"d-{number:02}",
                f"😀 Dépêche {number}. "
                + " ".join(
                    f"On cite {name}{', encore et encore' * chance.randrange(4)}."
                    for name in chance.sample(every, A_TEXT)
                ),
            )
            for number in range(ARTICLES)
        )
    )
    call("tasks", "make", "--batch", "b1", "--annotators", ",".join(ANNOTATORS), "--suggest",
         "lexicon", "--lexicon", "lexicon", "--blind", "0.25", "--overlap", "2")  # fmt: skip


def audit_annotators_who(root: Path, habit: Habit) -> dict[str, Any]:
    """Let simulated annotators read the batch as they see it, and audit what they confirm."""
    chance = random.Random(0)
    folder = root / "build" / "tasks" / "b1"
    batch = load_batch(folder)
    stored = {each.article: each for each in read_jsonl(folder / "suggestions.jsonl", Annotation)}
    for annotator in ANNOTATORS:
        readings = []
        for row in load_rows(folder, batch, annotator):
            offsets = OffsetMap(row.text, "utf16")
            seen = [
                Span(offsets.to_codepoint(s), offsets.to_codepoint(e), name)
                for s, e, name in row.label
            ]
            there = seen or list(stored[row.meta.article].spans)
            assert len(there) == A_TEXT
            spans = tuple(habit(chance, there, bool(seen)))
            readings.append(Annotation(row.meta.article, row.meta.sha256, annotator, True, spans))
        write_jsonl(root / "annotations" / "b1" / f"{annotator}.jsonl", readings)
    made: dict[str, Any] = json.loads(call("annotations", "audit", "b1", "--json"))
    return made


def call(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the batch's project."""
    root = tmp_path_factory.mktemp("suggested")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        make_suggested_batch(root)
    return root


@pytest.fixture
def suggested(made_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make that project's folder the current one."""
    monkeypatch.chdir(made_once)
    return made_once


def test_annotators_who_accept_everything_they_see_are_found_out(suggested: Path) -> None:
    made = audit_annotators_who(suggested, accepts_all_and_finds_half)
    assert (made["shown"], made["blind"], made["articles"]) == (90, 30, ARTICLES)
    assert values(made["overall"], "suggested", "acceptance", "rejection", "added") == [
        90 * A_TEXT, 1, 0, 0,
    ]  # fmt: skip
    bias = made["anchoring"]["difference"]
    assert bias["share"]["value"] == pytest.approx(0.5, abs=0.1)
    assert within(bias["share"], 0.5)
    assert not within(bias["share"], 0)
    assert bias["per_article"]["value"] == pytest.approx(A_TEXT / 2, abs=0.6)
    assert bias["per_1000"]["interval"]["low"] > 0
    assert {row["label"] for row in made["anchoring"]["labels"]} == {
        "ARMED_GROUP", "MILITARY", "GOVERNMENT", "WEAPON",
    }  # fmt: skip
    # On the same texts: all of them against half, whose F1 to all is two thirds.
    assert made["paired"]["pairs"] == 30
    assert values(made["paired"]["f1"], "shown", "difference") == [1, pytest.approx(1 / 3, abs=0.1)]
    assert within(made["paired"]["share"]["difference"], 0.5)
    assert made["agreement"]["both_shown"]["f1"]["value"] == 1
    assert made["agreement"]["difference"]["interval"]["low"] > 0
    # A suggester that is never wrong: blind readers, who find half, see half of it as right.
    assert within(made["suggester"]["overall"]["precision"], 0.5)
    assert made["suggester"]["overall"]["recall"]["value"] == 1
    for each in made["annotators"]:
        assert each["kept_whole"] == each["with_suggestions"] == 30
        assert each["outcomes"]["acceptance"]["value"] == 1
        assert each["difference"]["value"] == pytest.approx(0.5, abs=0.2)
        assert each["difference"]["interval"]["low"] > 0


def test_annotators_whom_suggestions_do_not_move_show_no_bias(suggested: Path) -> None:
    made = audit_annotators_who(suggested, finds_half_either_way)
    for measure in ("per_article", "per_1000", "share"):
        assert within(made["anchoring"]["difference"][measure], 0)
    assert within(made["paired"]["f1"]["difference"], 0)
    assert within(made["agreement"]["difference"], 0)
    assert within(made["overall"]["acceptance"], 0.5)


def test_the_interval_of_the_bias_is_that_of_articles_drawn_one_by_one(suggested: Path) -> None:
    made = audit_annotators_who(suggested, accepts_all_and_finds_half)
    folder = suggested / "build" / "tasks" / "b1"
    batch = load_batch(folder)
    stored = {each.article: each for each in read_jsonl(folder / "suggestions.jsonl", Annotation)}
    counts: dict[str, list[tuple[bool, int, int]]] = {id_: [] for id_ in sorted(stored)}
    for annotator, share in batch.annotators.items():
        for read in read_jsonl(suggested / "annotations" / "b1" / f"{annotator}.jsonl", Annotation):
            spans = stored[read.article].spans
            standing = len(set(spans) & set(read.spans))
            counts[read.article].append((read.article in share.blind, standing, len(spans)))
    differences = []
    for drawn in draw(ARTICLES, 2000, 0):
        sums = [[0, 0], [0, 0]]
        for number in drawn:
            for blind, standing, suggested in counts[f"d-{number:02}"]:
                sums[blind][0] += standing
                sums[blind][1] += suggested
        (shown, of_shown), (unaided, of_unaided) = sums
        differences.append(shown / of_shown - unaided / of_unaided)
    found = made["anchoring"]["difference"]["share"]["interval"]
    assert (found["low"], found["high"]) == pytest.approx(
        tuple(np.quantile(differences, [0.025, 0.975]))
    )

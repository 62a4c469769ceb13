"""Splits that give each other away."""

import shutil
from collections.abc import Iterable

from msgspec.structs import replace

from balise.jsonl import write_json
from balise.records import Article, Gold
from balise.splits import Splits
from dataset.damage import SPANS_TRAIN, edit, find
from dataset.project import FULL, Project, pairs
from markup import gold

STORY = (
    "Le convoi a quitté [Kharkiv](LOCATION) mardi sous les tirs, et plusieurs milliers de "
    "civils attendent toujours un passage vers l'ouest du pays, selon les secours."
)


def lay_out(project: Project, more: Iterable[tuple[Article, Gold]]) -> None:
    project.write([*pairs(), *more])
    project.build()


def test_a_fresh_build_has_no_problem(built: Project) -> None:
    for check in ("duplicates", "near-duplicates", "events"):
        assert find(built, check) == []


def test_texts_that_resemble_each_other_across_splits_are_found(project: Project) -> None:
    near = STORY.replace("mardi", "jeudi")
    lay_out(project, [
        gold("proche-a", STORY, event="train-p", **FULL),
        gold("proche-b", near, event="test-p", publishable="standoff"),
        gold("proche-c", near.replace("civils", "gens"), event="train-q", **FULL),
    ])  # fmt: skip
    found = [each.split(" (0.")[0] for each in find(project, "near-duplicates")]
    assert found == [
        "proche-a (train) and proche-b (test) resemble each other",
        "proche-b (test) and proche-c (train) resemble each other",
    ]


def test_one_text_under_two_ids_is_found_within_a_split_too(project: Project) -> None:
    lay_out(project, [
        gold("proche-a", STORY, event="train-p", **FULL),
        gold("proche-b", STORY, event="test-p", **FULL),
        gold("proche-c", STORY, event="train-q", **FULL),
    ])  # fmt: skip
    assert find(project, "duplicates") == [
        "proche-a (train) and proche-b (test) are one text; leave one out",
        "proche-a (train) and proche-c (train) are one text; leave one out",
    ]
    assert find(project, "near-duplicates") == []


def test_an_id_that_stands_in_two_splits_of_a_config_is_found(copy_of_built: Project) -> None:
    copy = copy_of_built.out / "spans/test-00000-of-00001.parquet"
    shutil.copy(copy_of_built.out / SPANS_TRAIN, copy)
    edit(copy, lambda rows: rows.pop())
    (problem,) = find(copy_of_built, "duplicates")
    assert problem == "spans: row neuf-a is there 2 times (test, train); keep one"


def test_an_event_that_straddles_splits_is_told_but_not_beside_real_text(project: Project) -> None:
    project.write(
        (replace(article, event="siege") if article.id in {"neuf-a", "neuf-d"} else article, record)
        for article, record in pairs()
    )
    for part, told in (
        ("test", ["the event siege straddles splits (1 train, 1 test)"]),
        ("test_real", ["the event siege straddles splits (1 train, 1 test_real)"]),
        ("train_real", []),
    ):
        ids = {"train": ("neuf-a", "neuf-b", "neuf-e"), "dev": ("neuf-c",), "test": ()}
        parts = {**ids, part: ("neuf-d",)}
        write_json(project.splits, Splits(seed=0, groups={}, **parts))
        project.build()
        assert find(project, "events") == told

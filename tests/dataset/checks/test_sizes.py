"""Folders that are too much for the Hub: the limits are made small, the folder stays."""

from msgspec.structs import replace

from balise.dataset.checks.hub_lists import load_hub_lists
from balise.dataset.checks.sizes import size_problems
from balise.dataset.checks.stands import read_standing
from dataset.damage import SPANS_TRAIN, edit, find
from dataset.project import Project

LIMITS = load_hub_lists().limits


def test_a_fresh_folder_has_no_problem(built: Project) -> None:
    assert find(built, "sizes") == []


def test_an_empty_split_is_found(copy_of_built: Project) -> None:
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows.clear())
    (problem,) = find(copy_of_built, "sizes")
    assert problem.startswith(f"{SPANS_TRAIN} has no row")


def test_each_limit_is_held(built: Project) -> None:
    standing = read_standing(built.out)
    count, card = len(standing.sizes), standing.sizes["README.md"]
    for limits, said in (
        (replace(LIMITS, files=count - 1), f"{count} files, the Hub takes {count - 1}"),
        (replace(LIMITS, files_in_a_commit=count - 1), f"{count} files, one commit should have"),
        (replace(LIMITS, files_in_a_folder=3), "annotators: 3 files"),
        (replace(LIMITS, files_in_a_folder=2), "annotators: 3 files, a folder may have 2"),
        (replace(LIMITS, bytes_of_a_file=card - 1), f"README.md: {card} bytes, a file may have"),
        (replace(LIMITS, bytes_of_the_viewer=10), "bytes, the viewer searches 10"),
        (replace(LIMITS, bytes_of_a_row_group=10), f"{SPANS_TRAIN}: a row group of"),
    ):
        found = list(size_problems(standing, limits))
        expected = limits.files_in_a_folder != 3
        assert any(said in problem for problem in found) is expected, (said, found)


def test_the_limits_are_those_that_were_measured() -> None:
    """hub.md: below 100,000 files, 10,000 to a folder, about 100 to a commit, 5 GB to search."""
    assert (LIMITS.files, LIMITS.files_in_a_folder) == (100_000, 10_000)
    assert (LIMITS.files_in_a_commit, LIMITS.bytes_of_the_viewer) == (100, 5 * 10**9)

"""Configs that would not be found, named or loaded."""

import shutil

import pytest

from dataset.damage import SPANS_TRAIN, edit_card, find
from dataset.project import Project

SPANS = "- config_name: spans\n  data_files:\n  - split: train"


def test_fresh_configs_have_no_problem(built: Project) -> None:
    assert find(built, "configs") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SPANS, SPANS.replace("spans", "data"), "a config cannot be called data"),
        (SPANS, SPANS.replace("spans", "'a/b'"), "'a/b' cannot be a config's name"),
        (SPANS, SPANS.replace("spans", "bio"), "configs: bio stands 2 times"),
        (SPANS, SPANS.replace("train", "train-a"), "'train-a' cannot be a split's name"),
        (SPANS, SPANS.replace("train", "validation"), "the split validation stands 2 times"),
        (f"path: {SPANS_TRAIN}", "path: spans/nothing-*", "train: no file spans/nothing-*"),
        (f"path: {SPANS_TRAIN}", "path: ../spans/*", "train: no file ../spans/*"),
        (f"path: {SPANS_TRAIN}", "path: '**x'", "train: no file **x"),
        (f"path: {SPANS_TRAIN}", "paths: a", "is not a split with its path"),
        (f"path: {SPANS_TRAIN}", "path: bio/train-*", f"no config names {SPANS_TRAIN}"),
        ("  default: true\n", "", "one must be the default, not 0"),
        ("- config_name: bio\n  data_files", "- config_name: bio\n  default: true\n  data_files",
         "one must be the default, not 2 (bio, spans)"),
        ("dataset_info:\n- config_name: annotators", "dataset_info:\n- config_name: readings",
         "dataset_info: config annotators is not described"),
        ("dataset_info:\n- config_name: annotators", "dataset_info:\n- config_name: readings",
         "dataset_info: readings is no config"),
        ("    num_examples: 2", "    num_examples: 0", "is empty; leave it out"),
        ("  dataset_size: ", "  dataset_size: 1", "bytes together, not 1"),
        ("configs:\n", "configs:\n- spans\n", "each must have a config_name and data_files"),
    ],
)  # fmt: skip
def test_what_keeps_a_config_from_loading_is_found(
    copy_of_built: Project, old: str, new: str, said: str
) -> None:
    edit_card(copy_of_built, old, new)
    found = find(copy_of_built, "configs")
    assert any(said in problem for problem in found), found


def test_a_parquet_file_that_no_config_names_is_found(copy_of_built: Project) -> None:
    spare = "spans/extra-00000-of-00001.parquet"
    shutil.copy(copy_of_built.out / SPANS_TRAIN, copy_of_built.out / spare)
    found = find(copy_of_built, "configs")
    assert found == [f"README.md: configs: no config names {spare}; name it, or remove the file"]

"""What a manifest may name."""

from pathlib import Path

import pytest

from balise.dataset.manifest import MANIFEST, file_problems, read_stated
from balise.errors import BaliseError
from balise.jsonl import write_json


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a//b", "", "a/./b", "a\0b", pytest.param("é" * 128, id="long")]
)
def test_a_name_that_leads_out_of_the_folder_or_to_no_file_is_refused(
    tmp_path: Path, name: str
) -> None:
    write_json(tmp_path / MANIFEST, {"version": "0.1.0", "files": {name: "0"}})
    with pytest.raises(BaliseError, match="is no name of a file inside the folder"):
        read_stated(tmp_path)


def test_a_name_of_a_file_inside_it_is_looked_for(tmp_path: Path) -> None:
    write_json(tmp_path / MANIFEST, {"version": "0.1.0", "files": {"spans/é..json": "0"}})
    assert list(file_problems(tmp_path, read_stated(tmp_path))) == ["spans/é..json is missing"]

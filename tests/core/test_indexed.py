"""Records that are read again when they are looked up."""

from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.indexed import Indexed, Lazy, LazyMapping
from balise.jsonl import encode_jsonl, write_jsonl
from balise.records import Gold
from markup import gold

NAMES = ("neuf-a", "neuf-b", "neuf-ç", "neuf-d")
RECORDS = {name: gold(name, f"À [Gao](LOCATION), {name} 🙂")[1] for name in NAMES}


def index(*files: Path) -> Indexed[Gold]:
    return Indexed(files, Gold, lambda record: record.article)


def test_every_record_of_several_files_is_found_by_its_article(tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    lines = encode_jsonl([RECORDS["neuf-a"], RECORDS["neuf-b"]]).splitlines()
    first.write_bytes(b"\xef\xbb\xbf" + lines[0] + b"\r\n \n\n" + lines[1])
    write_jsonl(second, [RECORDS["neuf-d"], RECORDS["neuf-ç"]])
    found = index(first, second)
    assert list(found) == ["neuf-a", "neuf-b", "neuf-d", "neuf-ç"]
    assert dict(found) == RECORDS
    assert "neuf-z" not in found
    with pytest.raises(KeyError):
        found["neuf-z"]


def test_a_file_that_is_replaced_meanwhile_is_told_and_never_read_as_another(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gold.jsonl"
    write_jsonl(path, [RECORDS["neuf-a"], RECORDS["neuf-b"]])
    found = index(path)
    write_jsonl(path, [RECORDS["neuf-b"], RECORDS["neuf-a"]])
    with pytest.raises(BaliseError, match=r"gold\.jsonl: was changed while it was read"):
        found["neuf-a"]
    path.write_bytes(path.read_bytes()[10:])
    with pytest.raises(BaliseError, match="was changed while it was read"):
        found["neuf-a"]
    path.unlink()
    with pytest.raises(BaliseError, match="cannot be read"):
        found["neuf-a"]


def test_what_completes_a_record_is_done_at_every_look(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "gold.jsonl", [RECORDS["neuf-a"]])
    seen: list[str] = []

    def finish(record: Gold) -> Gold:
        seen.append(record.article)
        return record

    found = Indexed([tmp_path / "gold.jsonl"], Gold, lambda record: record.article, finish)
    assert seen == []
    assert [found["neuf-a"], *found.values()] == [RECORDS["neuf-a"]] * 2
    assert seen == ["neuf-a"] * 2


def test_lazy_values_are_made_of_their_keys_at_every_look() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key * key

    values = Lazy([1, 2, 3, 4], make)
    assert len(values) == 4
    assert made == []
    assert list(values) == [1, 4, 9, 16]
    assert (values[-1], list(values[1:3])) == (16, [4, 9])
    assert made == [1, 2, 3, 4, 4, 2, 3]
    by_name = LazyMapping({"deux": 2, "trois": 3}, make)
    assert dict(by_name) == {"deux": 4, "trois": 9}
    assert len(by_name) == 2

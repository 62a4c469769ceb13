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


@pytest.mark.parametrize("change", ["swap", "cut", "same place and id", "latin-1"])
def test_a_line_that_changed_meanwhile_is_told_and_never_read_as_another(
    change: str, tmp_path: Path
) -> None:
    path = tmp_path / "gold.jsonl"
    write_jsonl(path, [RECORDS["neuf-a"], RECORDS["neuf-ç"]])
    found, before = index(path), path.read_bytes()
    path.write_bytes(
        {
            "swap": encode_jsonl([RECORDS["neuf-ç"], RECORDS["neuf-a"]]),
            "cut": before[10:],
            "same place and id": before.replace(b"LOCATION", b"MILITARY"),
            "latin-1": before.decode().encode("latin-1"),
        }[change]
    )
    with pytest.raises(BaliseError, match=r"gold\.jsonl: was changed while it was read"):
        found["neuf-ç"]
    path.unlink()
    with pytest.raises(BaliseError, match="cannot be read"):
        found["neuf-ç"]


def test_what_completes_a_record_is_done_at_once_and_at_every_look(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "gold.jsonl", [RECORDS["neuf-a"]])
    seen: list[str] = []

    def complete(record: Gold) -> Gold:
        seen.append(record.article)
        return record

    found = Indexed([tmp_path / "gold.jsonl"], Gold, lambda record: record.article, complete)
    assert seen == ["neuf-a"]
    assert [found["neuf-a"], *found.values()] == [RECORDS["neuf-a"]] * 2
    assert seen == ["neuf-a"] * 3


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


def test_to_ask_for_a_name_makes_no_value() -> None:
    values = LazyMapping({"a": 0}, lambda key: 1 // key)
    assert "a" in values
    assert "b" not in values


def test_an_error_of_one_value_does_not_end_the_others() -> None:
    def make(key: int) -> int:
        return [1, 4][key]

    values = Lazy([0, 1, 2, 0], make)
    with pytest.raises(IndexError):
        list(values)

from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.jsonl import (
    encode_jsonl,
    read_json,
    read_jsonl,
    write_json,
    write_jsonl,
)
from balise.records import Annotation, Span

READING = Annotation("a", "0" * 64, "anne", True, (Span(0, 4, "LOCATION"),), ("« été »\u2028",))
GOOD = encode_jsonl([READING]).decode()


def test_records_survive_a_file_in_their_order(tmp_path: Path) -> None:
    other = Annotation("b", "1" * 64, "anne", False, ())
    write_jsonl(tmp_path / "a.jsonl", [other, READING])
    assert read_jsonl(tmp_path / "a.jsonl", Annotation) == [other, READING]


def test_keys_stand_in_the_order_of_the_type_and_text_is_utf8() -> None:
    keys = [part.split('"')[0] for part in GOOD.split('{"')[1].split(',"')]
    assert keys[:3] == ["article", "sha256", "annotator"]
    assert "« été »" in GOOD


def test_empty_lines_and_windows_line_ends_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"\n{GOOD.strip()}\r\n \r\n", newline="")
    assert read_jsonl(tmp_path / "a.jsonl", Annotation) == [READING]


@pytest.mark.parametrize("blank", ["\ufeff", "\u00a0\u2028", "\x1c", ""])
def test_a_line_without_a_record_is_passed_over_and_the_last_may_lack_its_end(
    blank: str, tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(f"{blank}\n{GOOD.strip()}", encoding="utf-8")
    assert read_jsonl(tmp_path / "a.jsonl", Annotation) == [READING]


def test_a_byte_that_is_not_utf8_is_named_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b'{"article":"\xe9"}')
    offset = 3 + len(GOOD.encode()) + 12
    with pytest.raises(BaliseError, match=rf"a\.jsonl:2: byte 0xe9 at offset {offset} is not"):
        read_jsonl(tmp_path / "a.jsonl", Annotation)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (GOOD[:-3], "broken JSON"),
        ("[1, 2]", "not a valid Annotation (Expected `object`"),
        (GOOD.replace('"annotator"', '"annotateur"'), "unknown field `annotateur`"),
        (GOOD.replace('"confirmed":true,', ""), "missing required field `confirmed`"),
        (GOOD.replace("true", '"yes"'), "Expected `bool`, got `str` - at `$.confirmed`"),
        (GOOD.replace('"start":0', '"start":4'), "span 4-4 is empty, reversed or negative"),
        (GOOD.replace('"start":0', '"start":-1'), "span -1-4 is empty, reversed or negative"),
        (GOOD.replace('"start":0', '"start":0.5'), "Expected `int`, got `float`"),
    ],
)
def test_a_line_that_is_no_record_is_named_by_file_and_line(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{GOOD}\n{line}\n")
    with pytest.raises(BaliseError) as caught:
        read_jsonl(path, Annotation)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert problem in str(caught.value)


def test_a_value_survives_an_indented_json_file(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"clé": [1, 2]})
    assert read_json(tmp_path / "a.json", dict[str, list[int]]) == {"clé": [1, 2]}
    assert (tmp_path / "a.json").read_text().endswith("]\n}\n")


def test_a_json_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content, problem in (
        (b'{"a": 1}', "a.json: not a valid dict"),
        (b'{"a": ', "a.json: broken JSON"),
        (b'{"a": "\xe9"}', "a.json:1: byte 0xe9"),
    ):
        path.write_bytes(content)
        with pytest.raises(BaliseError) as caught:
            read_json(path, dict[str, str])
        assert problem in str(caught.value)

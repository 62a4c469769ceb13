from pathlib import Path

import pytest

from balise.errors import BaliseError, UsageError
from balise.jsonl import write_json, write_jsonl
from balise.splits import Splits, load_splits
from balise.stores import article_files, find_article, load_articles, load_gold, load_readings
from markup import annotated, article, gold

GAO, MALI = article("gao", "Gao."), article("mali", "Mali.")


def test_articles_of_all_files_are_found_by_id(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "b.jsonl", [GAO])
    write_jsonl(tmp_path / "a.jsonl", [MALI])
    (tmp_path / "splits.json").write_text("{}")
    assert [path.name for path in article_files(tmp_path)] == ["a.jsonl", "b.jsonl"]
    articles = load_articles(tmp_path)
    assert articles == {"gao": GAO, "mali": MALI}
    assert find_article(articles, "gao", "here") == GAO


def test_an_article_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match="here: article z is not in the corpus"):
        find_article({}, "z", "here")


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [GAO])
    write_jsonl(tmp_path / "b.jsonl", [GAO])
    with pytest.raises(BaliseError, match=r"b\.jsonl: article gao comes twice"):
        load_articles(tmp_path)


def test_a_corpus_without_files_or_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match="no articles here"):
        load_articles(tmp_path)
    write_jsonl(tmp_path / "a.jsonl", [])
    with pytest.raises(BaliseError, match="hold no article"):
        load_articles(tmp_path)


def test_readings_are_read_by_file_of_one_batch_or_of_all(tmp_path: Path) -> None:
    _, reading = annotated("gao", "[Gao](LOCATION).")
    for name in ("b1/anne", "b1/bruno", "b2/anne"):
        write_jsonl(tmp_path / f"{name}.jsonl", [reading])
    write_jsonl(tmp_path / "gold.jsonl", [gold("gao", "[Gao](LOCATION).")[1]])
    assert len(load_readings(tmp_path)) == 3
    assert load_readings(tmp_path, "b2") == {tmp_path / "b2" / "anne.jsonl": [reading]}


def test_a_batch_without_readings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaliseError, match="b9: no readings here"):
        load_readings(tmp_path, "b9")


def test_gold_is_read_in_its_order(tmp_path: Path) -> None:
    records = [gold("gao", "[Gao](LOCATION).")[1], gold("mali", "[Mali](LOCATION).")[1]]
    write_jsonl(tmp_path / "gold.jsonl", records)
    assert load_gold(tmp_path / "gold.jsonl") == records


def test_gold_that_is_empty_or_holds_an_article_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_jsonl(path, [])
    with pytest.raises(BaliseError, match="holds no article"):
        load_gold(path)
    write_jsonl(path, [gold("gao", "[Gao](LOCATION).")[1]] * 2)
    with pytest.raises(BaliseError, match="gao comes twice"):
        load_gold(path)


def test_splits_are_read_and_their_parts_found_by_name(tmp_path: Path) -> None:
    write_json(tmp_path / "splits.json", Splits(0, ("a",), ("b",), ("c", "d"), {"a": "g"}))
    splits = load_splits(tmp_path / "splits.json")
    assert splits.part("test") == ("c", "d")
    with pytest.raises(UsageError, match="choose one of train, dev, test"):
        splits.part("tests")


def test_an_id_in_two_parts_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "splits.json", Splits(0, ("a",), (), ("a",), {}))
    with pytest.raises(BaliseError, match="article a stands twice"):
        load_splits(tmp_path / "splits.json")

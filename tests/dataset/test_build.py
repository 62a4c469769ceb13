"""What goes out, read with pyarrow and by eye rather than with the code under test."""

import gc
import hashlib
import json
import os
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from balise import stores
from balise.dataset import build, parquet
from balise.dataset.build import build_dataset
from balise.dataset.card.counting import count_release
from balise.dataset.card.figures import Figures
from balise.dataset.parquet import TableWriter
from balise.dataset.release import Release
from balise.docbin import LONGEST
from balise.errors import BaliseError, UsageError
from balise.files import write_file
from balise.jsonl import read_jsonl, write_jsonl
from balise.labels import load_labels
from balise.records import Article
from dataset.project import FULL, HIDDEN, LABELS, Project, pairs, snapshot
from markup import gold, markup


def rows(project: Project, config: str, split: str) -> list[dict[str, Any]]:
    path = project.out / config / f"{split}-00000-of-00001.parquet"
    return pq.read_table(path).to_pylist()


def test_every_published_article_is_a_row_of_spans_in_its_split_sorted_by_id(
    built: Project,
) -> None:
    ids = {s: [row["id"] for row in rows(built, "spans", s)] for s in ("train", "validation")}
    assert ids == {"train": ["neuf-a", "neuf-b"], "validation": ["neuf-c"]}
    assert not (built.out / "spans" / "test-00000-of-00001.parquet").exists()


def test_every_article_that_goes_out_is_a_row_of_standoff(built: Project) -> None:
    found = {s: [r["id"] for r in rows(built, "standoff", s)] for s in ("train", "validation")}
    assert found == {"train": ["neuf-a", "neuf-b"], "validation": ["neuf-c"]}
    assert [row["id"] for row in rows(built, "standoff", "test")] == ["neuf-d"]


def test_a_full_row_holds_text_title_and_spans_whose_surface_is_the_text_there(
    built: Project,
) -> None:
    row = rows(built, "spans", "train")[0]
    assert row["title"] == "Tirs à Kharkiv"
    assert row["synthetic"] is True
    assert [span["text"] for span in row["spans"]] == ["armée ukrainienne", "Kharkiv", "mardi"]
    assert all(row["text"][span["start"] : span["end"]] == span["text"] for span in row["spans"])


def test_a_standoff_row_keeps_offsets_hash_and_address_and_no_word_of_its_text(
    built: Project,
) -> None:
    (row,) = rows(built, "standoff", "test")
    text, spans = markup(f"Un titre à ne pas montrer\n\n{HIDDEN}")
    assert not {"text", "title"} & row.keys()
    assert [(s["start"], s["end"], s["label"]) for s in row["spans"]] == [
        (span.start, span.end, span.label) for span in spans
    ]
    salt = hashlib.sha256(f"neuf-d\n{row['sha256']}".encode()).hexdigest()[:16]
    assert row["salt"] == salt
    first = row["spans"][0]
    for words, found in (
        ("bangui", first["surface"]),
        ("quitté", first["before"][-1]),
        ("sous", first["after"][0]),
    ):
        assert hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()[:4] == found
    assert (len(first["before"]), len(first["after"])) == (5, 5)
    assert (row["length"], row["url"]) == (len(text), "https://example.org/d")
    for content in snapshot(built.out).values():
        for word in ("secret", "Bangui", "Seleka", "montrer"):
            assert word.encode() not in content


def test_a_withheld_article_is_nowhere(built: Project) -> None:
    for content in snapshot(built.out).values():
        assert b"neuf-e" not in content
        assert b"Alep" not in content


def test_bio_rows_carry_tokens_offsets_and_tags_only_where_the_text_goes_out(
    built: Project,
) -> None:
    assert not (built.out / "bio" / "test-00000-of-00001.parquet").exists()
    first, second = rows(built, "bio", "train")
    names = json.loads((built.out / "labels.json").read_bytes())["ner_tags"]
    tagged = {
        token: names[tag] for token, tag in zip(first["tokens"], first["ner_tags"], strict=True)
    }
    assert tagged["armée"] == "B-MILITARY"
    assert tagged["ukrainienne"] == "I-MILITARY"
    assert tagged["mardi"] == "B-DATE"
    assert tagged["tient"] == "O"
    assert "\n\n" not in first["tokens"]
    text = rows(built, "spans", "train")[0]["text"]
    edges = zip(first["token_starts"], first["token_ends"], strict=True)
    assert [text[start:end] for start, end in edges] == first["tokens"]
    assert "missiles" in second["tokens"]


def test_the_tags_are_o_then_b_and_i_of_each_label_in_the_schemes_order(built: Project) -> None:
    schema = pq.read_schema(built.out / "bio" / "train-00000-of-00001.parquet")
    info = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    names = info["ner_tags"]["feature"]["names"]
    assert names[:5] == ["O", "B-PERSON", "I-PERSON", "B-ARMED_GROUP", "I-ARMED_GROUP"]
    assert len(names) == 23


def test_the_ledger_of_the_snapping_is_written_and_balances(built: Project) -> None:
    ledger = json.loads((built.out / "ledger.json").read_bytes())
    totals = {key: value for key, value in ledger.items() if key != "entries"}
    assert totals == {
        "spans_in": 5,
        "spans_out": 5,
        "kept": 4,
        "trimmed": 0,
        "snapped": 1,
        "dropped": 0,
    }
    (entry,) = ledger["entries"]
    assert (entry["start"], entry["end"], entry["new_end"]) == (3, 10, 11)


def test_the_manifest_names_every_other_file_and_the_origin(built: Project) -> None:
    manifest = json.loads((built.out / "manifest.json").read_bytes())
    files = {p.relative_to(built.out).as_posix() for p in built.out.rglob("*") if p.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}
    assert manifest["version"] == "0.1.0"
    assert manifest["labels"] == load_labels(LABELS).version
    assert len(manifest["gold"]) == 64
    assert {"datasets", "pyarrow", "spacy"} <= set(manifest["libraries"])


def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    built: Project, killed: tuple[Project, Path]
) -> None:
    _, out = killed
    assert snapshot(out) == snapshot(built.out)


def test_a_build_holds_no_more_than_a_few_articles_at_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: weakref.WeakSet[Article] = weakref.WeakSet()

    class Counted(Article, weakref=True, frozen=True):
        def __post_init__(self) -> None:
            alive.add(self)

    project.write(gold(f"neuf-{n:03}", f"À [Gao](LOCATION), {n}.", **FULL) for n in range(120))
    most: list[int] = []

    def count_and_add(writer: TableWriter, row: msgspec.Struct) -> None:
        most.append(len(alive))
        add(writer, row)

    add = TableWriter.add
    monkeypatch.setattr(TableWriter, "add", count_and_add)
    monkeypatch.setattr(stores, "Article", Counted)
    project.build()
    assert len(most) == 121 + 3 * 120
    assert 1 <= max(most) < 5


def test_a_leak_found_late_is_one_message_and_leaves_nothing(
    older: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH_SIZE", 5)
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    hidden = "Le convoi secret a quitté la ville sous les tirs, dit-on à Gao."
    made = [gold(f"neuf-{n:03}", f"À [Gao](LOCATION), {n}.", **FULL) for n in range(20)]
    standoff = {**FULL, "publishable": "standoff", "attribution": f"x {hidden}"}
    before = snapshot(older.out)
    older.write([*made, gold("neuf-z", hidden, **standoff)])
    with pytest.raises(BaliseError, match="neuf-z: is stand-off, and its attribution quotes"):
        older.build()
    gc.collect()
    assert unraisable == []
    assert snapshot(older.out) == before
    assert [path.name for path in older.out.parent.iterdir()] == ["dataset"]


@pytest.mark.parametrize("file", ["gold.jsonl", "annotations/lot/dupont.jsonl"])
def test_a_file_that_changes_while_a_dataset_is_built_stops_the_build(
    file: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project.root / file

    def change_and_count(release: Release) -> Figures:
        path.write_bytes(path.read_bytes().replace(b"LOCATION", b"MILITARY"))
        return count_release(release)

    monkeypatch.setattr(build, "count_release", change_and_count)
    with pytest.raises(BaliseError, match=f"{path.name}: was changed while it was read"):
        project.build()
    assert not project.out.exists()


def test_a_text_that_vanishes_while_a_dataset_is_built_stops_the_build(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = project.corpus / "neuf.jsonl"
    (article,) = (a for a in read_jsonl(corpus, Article) if a.id == "neuf-d")
    others = [a for a in read_jsonl(corpus, Article) if a.id != "neuf-d"]
    write_jsonl(corpus, [*others, msgspec.structs.replace(article, text=None)])
    text = project.root / "texts" / "neuf-d.txt"
    write_file(text, article.text or "")

    def vanish_and_count(release: Release) -> Figures:
        text.unlink()
        return count_release(release)

    monkeypatch.setattr(build, "count_release", vanish_and_count)
    with pytest.raises(BaliseError, match="texts: was changed while it was read"):
        project.build()


def test_a_file_put_into_the_folder_meanwhile_is_not_deleted(
    older: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_and_count(release: Release) -> Figures:
        (older.out / "notes.txt").write_text("mine", encoding="utf-8")
        return count_release(release)

    monkeypatch.setattr(build, "count_release", put_and_count)
    with pytest.raises(UsageError, match=r"notes\.txt: was not written by"):
        older.build()
    assert (older.out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_every_file_may_be_read_by_all_whatever_the_umask(project: Project) -> None:
    before = os.umask(0o077)
    try:
        project.build()
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in project.out.rglob("*") if path.is_file()}
    assert modes == {0o644}


def test_building_again_leaves_the_same_files_and_nothing_beside_them(project: Project) -> None:
    project.build()
    before = snapshot(project.root)
    project.build()
    assert snapshot(project.root) == before


def test_the_order_of_the_gold_does_not_matter(project: Project, built: Project) -> None:
    lines = project.gold.read_text(encoding="utf-8").splitlines(keepends=True)
    project.gold.write_text("".join(reversed(lines)), encoding="utf-8")
    project.build()
    assert snapshot(project.out) == snapshot(built.out)


def test_a_single_article_makes_a_dataset_of_one_row_that_loads(project: Project) -> None:
    project.write(pairs()[:1])
    assert project.build().rows == {
        "spans": {"train": 1},
        "bio": {"train": 1},
        "annotators": {"train": 2},
        "standoff": {"train": 1},
    }
    assert project.check().problems == ()


def test_articles_that_are_all_standoff_make_no_bio_config(project: Project) -> None:
    project.write(
        (msgspec.structs.replace(article, publishable="standoff", text=None), record)
        for article, record in pairs()[:3]
    )
    built = project.build()
    assert list(built.rows) == ["annotators", "standoff"]
    assert built.unanchored == 3
    assert project.check().problems == ()


def test_a_row_that_does_not_say_whether_it_is_synthetic_is_counted(
    project: Project, change: Callable[..., None]
) -> None:
    change("neuf-b", synthetic=None)
    assert project.build().unstated == 1


def refuse(project: Project, *words: str) -> None:
    """Assert that a build stops with these words and leaves the older dataset alone."""
    before = snapshot(project.root)
    with pytest.raises(BaliseError) as caught:
        project.build()
    for word in words:
        assert word in str(caught.value)
    assert snapshot(project.root) == before


def test_full_articles_without_a_licence_stop_the_build_and_are_all_named(
    older: Project, change: Callable[..., None]
) -> None:
    older.write(
        (msgspec.structs.replace(article, license=bare), record)
        for (article, record), bare in zip(
            pairs(), (None, "unknown", "CC-BY-4.0", None, None), strict=True
        )
    )
    refuse(older, "neuf-a, neuf-b", "licence", "standoff")


def test_an_empty_gold_file_stops_the_build(older: Project) -> None:
    older.gold.write_bytes(b"")
    refuse(older, "gold.jsonl", "holds no article", "balise annotations gold")


def test_a_gold_article_that_the_corpus_lacks_stops_the_build(older: Project) -> None:
    (older.corpus / "neuf.jsonl").write_bytes(
        b"".join((older.corpus / "neuf.jsonl").read_bytes().splitlines(keepends=True)[1:])
    )
    refuse(older, "neuf-a", "not in the corpus")


def test_missing_splits_stop_the_build_and_name_the_command_that_makes_them(older: Project) -> None:
    older.splits.unlink()
    refuse(older, "splits.json", "balise model split")


def test_a_gold_article_in_no_part_stops_the_build(older: Project) -> None:
    text = older.splits.read_text(encoding="utf-8").replace('"neuf-c"', "")
    older.splits.write_text(text, encoding="utf-8")
    refuse(older, "neuf-c", "in no part", "balise model split")


def test_a_split_of_articles_that_nobody_knows_stops_the_build(older: Project) -> None:
    text = older.splits.read_text(encoding="utf-8").replace('"neuf-c"', '"neuf-c", "neuf-z"')
    older.splits.write_text(text, encoding="utf-8")
    refuse(older, "splits.json", "neuf-z")


def test_a_text_that_changed_under_its_spans_stops_the_build(
    older: Project, change: Callable[..., None]
) -> None:
    change("neuf-a", text="Tirs à Kherson")
    refuse(older, "neuf-a", "the text changed under its spans")


def test_a_standoff_span_beyond_the_length_of_its_absent_text_stops_the_build(
    older: Project, change: Callable[..., None]
) -> None:
    change("neuf-d", text=None, length=40)
    refuse(older, "neuf-d", "ends outside its text of 40 characters")


def test_a_full_article_whose_text_is_not_here_stops_the_build(
    older: Project, change: Callable[..., None]
) -> None:
    change("neuf-a", text=None)
    refuse(older, "neuf-a", "its text is not here", "rehydrate")


def test_an_unknown_label_stops_the_build(older: Project) -> None:
    text = older.gold.read_text(encoding="utf-8").replace("WEAPON", "ARME")
    older.gold.write_text(text, encoding="utf-8")
    refuse(older, "neuf-b", "'ARME'", "label scheme")


def test_overlapping_spans_stop_the_build(older: Project) -> None:
    span = '{"start":3,"end":10,"label":"WEAPON"}'
    text = older.gold.read_text(encoding="utf-8")
    older.gold.write_text(text.replace(span, f"{span},{span}"), encoding="utf-8")
    refuse(older, "neuf-b", "overlaps")


def test_a_standoff_article_whose_attribution_quotes_its_title_stops_the_build(
    older: Project, change: Callable[..., None]
) -> None:
    change("neuf-d", attribution="« Un titre à ne pas montrer », Le Journal")
    refuse(older, "neuf-d", "attribution")


def test_gold_that_must_all_be_withheld_stops_the_build(older: Project) -> None:
    older.write(pairs()[4:])
    refuse(older, "none of its articles may be published")


def test_a_version_that_is_not_three_numbers_is_a_wrong_call(project: Project) -> None:
    for version in ("v1", "0.02.0", "٠.٢.٠", "1.2.²", "1.2.3-rc1", "1.2"):
        with pytest.raises(UsageError, match=rf"'{version}' is not X\.Y\.Z"):
            project.build(version=version)


def test_a_split_with_no_entity_goes_out_with_all_tags_o(built: Project) -> None:
    (row,) = rows(built, "bio", "validation")
    assert set(row["ner_tags"]) == {0}
    assert rows(built, "spans", "validation")[0]["spans"] == []


def test_a_text_that_spacy_does_not_read_is_refused(project: Project) -> None:
    project.write([gold("neuf-a", f"À [Gao](LOCATION), {'mot ' * (LONGEST // 4)}.", **FULL)])
    refuse(project, "article neuf-a: its text has 1,000,008 characters; cut it into articles")


def test_readings_that_are_nowhere_are_refused(project: Project) -> None:
    inputs = msgspec.structs.replace(project.inputs, annotations=project.root / "annotation")
    with pytest.raises(BaliseError, match="annotation: is no folder; name that of the readings"):
        build_dataset(inputs, project.out, "0.1.0")

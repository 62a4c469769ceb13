"""Who is named, who was withdrawn, and what is hashed."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.dataset.anchors import CONTEXT, hash_words, make_anchors, sides
from balise.dataset.load import load_release
from balise.dataset.pseudonyms import load_pseudonyms, load_who
from balise.errors import BaliseError
from balise.records import Span
from balise.withdrawn import Withdrawal, load_withdrawn, write_withdrawn
from dataset.project import Project, pairs, snapshot
from markup import edges_of

HEADER = "annotator\tpseudonym\twho\n"


def test_annotators_are_numbered_by_name_where_no_file_says_otherwise(built: Project) -> None:
    release = load_release(built.inputs)
    first = [each for each in release.each_reading() if each.article == "neuf-a"]
    assert [(each.batch, each.annotator) for each in first] == [
        ("lot", "annotator-2"),
        ("lot", "annotator-3"),
    ]
    for content in snapshot(built.out).values():
        assert b"dupont" not in content
        assert b"martin" not in content


def test_pseudonyms_of_the_file_are_kept_and_every_name_needs_one(project: Project) -> None:
    path = project.readings / "annotators.tsv"
    path.write_text(f"{HEADER}a1\tp7\tune personne\ndupont\tp3\t\n", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"annotators\.tsv: no pseudonym for martin; add a line"):
        project.build()
    path.write_text(f"{HEADER}a1\tp7\t\ndupont\tp3\t\nmartin\tp1\t\n", encoding="utf-8")
    project.build()
    table = pq.read_table(project.out / "annotators" / "train-00000-of-00001.parquet")
    assert table.column("id").to_pylist() == ["neuf-a/lot/p1", "neuf-a/lot/p3", "neuf-b/lot/p3"]
    assert project.check().problems == ()


def test_two_names_never_share_a_pseudonym(tmp_path: Path) -> None:
    (tmp_path / "annotators.tsv").write_text(f"{HEADER}a\tp\t\nb\tp\t\n", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"annotators\.tsv:3: b or p stands twice"):
        load_pseudonyms(tmp_path, ["a", "b"])


def test_the_file_says_who_the_adjudicator_is_who_keeps_that_name(tmp_path: Path) -> None:
    path = tmp_path / "annotators.tsv"
    path.write_text(f"{HEADER}a\tp\t\nadjudication\tadjudication\ta judge\n", encoding="utf-8")
    assert load_pseudonyms(tmp_path, ["a", "adjudication"]) == {
        "a": "p",
        "adjudication": "adjudication",
    }
    assert load_who(tmp_path) == {"adjudication": "a judge"}
    path.write_text(f"{HEADER}adjudication\tx\ta judge\n", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"annotators\.tsv:2: the adjudicator goes out as"):
        load_pseudonyms(tmp_path, ["adjudication"])
    twice = "adjudication\tadjudication\tx\n" * 2
    path.write_text(f"{HEADER}{twice}", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"annotators\.tsv:3: adjudication stands twice"):
        load_who(tmp_path)


def test_a_reading_that_nobody_confirmed_does_not_go_out(project: Project) -> None:
    path = project.readings / "lot" / "martin.jsonl"
    text = path.read_text(encoding="utf-8").replace('"confirmed":true', '"confirmed":false')
    path.write_text(text, encoding="utf-8")
    assert {each.annotator for each in load_release(project.inputs).each_reading()} == {
        "annotator-2"
    }


def test_a_reading_of_another_text_stops_the_build(project: Project) -> None:
    path = project.readings / "lot" / "martin.jsonl"
    sha = pairs()[0][0].sha256
    text = path.read_text(encoding="utf-8").replace(sha, "0" * 64)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaliseError, match=r"martin\.jsonl, article neuf-a: was annotated on anot"):
        project.build()


@pytest.mark.parametrize("named", ["neuf-d", "https://example.org/d"])
def test_what_was_withdrawn_is_in_no_config_and_the_manifest_names_it(
    project: Project, named: str
) -> None:
    write_withdrawn(project.corpus, (Withdrawal(named, "2026-01-02", "l'éditeur le demande"),))
    result = project.build()
    assert (result.withdrawn, result.withheld) == (1, 1)
    assert "test" not in result.rows["standoff"]
    assert [each for each, content in snapshot(project.out).items() if b"neuf-d" in content] == [
        "manifest.json"
    ]
    assert project.check().problems == ()


def test_a_withdrawal_is_remembered_where_the_article_is_not_here(project: Project) -> None:
    write_withdrawn(project.corpus, (Withdrawal("neuf-z", "2026-01-02", "retiré"),))
    assert project.build().withdrawn == 0
    assert load_withdrawn(project.corpus)[0].article == "neuf-z"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("article\tday\n", "the header is"),
        ("article\tday\treason\na\t2026-01-02\n", "2 cells instead of 3"),
        ("article\tday\treason\na\t\tb\n", "an empty cell"),
        ("article\tday\treason\na\t1\tb\na\t2\tc\n", "a is withdrawn twice"),
    ],
)
def test_a_broken_list_of_withdrawals_stops_the_build(
    project: Project, lines: str, problem: str
) -> None:
    (project.corpus / "withdrawn.tsv").write_text(lines, encoding="utf-8")
    with pytest.raises(BaliseError, match=rf"withdrawn\.tsv:\d: .*{problem}"):
        project.build()


def test_another_space_apostrophe_or_capital_has_the_same_hash_and_another_salt_has_not() -> None:
    assert hash_words("s", "L’Armée\u202frouge") == hash_words("s", "l'armée rouge")
    assert hash_words("s", "Gao") != hash_words("t", "Gao")
    assert len(hash_words("s", "Gao")) == 4


def test_a_token_that_a_span_cuts_is_on_neither_side() -> None:
    [anchor] = make_anchors("Un missile tue.", [Span(3, 7, "WEAPON")], "s")
    assert anchor.surface == hash_words("s", "miss")
    assert anchor.before == (hash_words("s", "Un"),)
    assert anchor.after == (hash_words("s", "tue"), hash_words("s", "."))


@given(st.lists(st.integers(1, 4), max_size=30), st.integers(0, 60), st.integers(1, 9))
def test_sides_are_what_looking_at_every_token_finds(
    lengths: list[int], start: int, length: int
) -> None:
    ends = [sum(lengths[: at + 1]) + at for at in range(len(lengths))]
    edges = [(end - size, end) for end, size in zip(ends, lengths, strict=True)]
    assert all(one[1] < other[0] for one, other in pairwise(edges))
    end = start + length
    before = [at for at, edge in enumerate(edges) if edge[1] <= start]
    after = [at for at, edge in enumerate(edges) if edge[0] >= end]
    found = sides(edges_of(edges), start, end)
    assert [list(each) for each in found] == [before[-CONTEXT:], after[:CONTEXT]]


def test_a_build_says_what_it_left_out(project: Project, change: Callable[..., None]) -> None:
    change("neuf-d", text=None)
    result = project.build()
    assert result.unanchored == 1
    table = pq.read_table(project.out / "standoff" / "test-00000-of-00001.parquet")
    [spans] = table.column("spans").to_pylist()
    assert {(each["surface"], *each["before"], *each["after"]) for each in spans} == {(None,)}
    card = (project.out / "README.md").read_text(encoding="utf-8")
    assert "Rows of `standoff` without hashes, as their texts were not here: 1." in card

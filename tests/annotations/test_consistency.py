"""Consistency: one surface, everywhere it stands, is read one way, or it is listed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from balise.annotations.consistency import (
    Consistency,
    Settled,
    find_inconsistencies,
    load_settled,
)
from balise.annotations.variety import label_variety
from balise.cli.main import app
from balise.errors import BaliseError
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.records import Gold, Span
from markup import annotated, gold
from scored_project import lay_out


def hold(*marked: str, settled: tuple[Settled, ...] = ()) -> Consistency:
    pairs = [gold(f"a{number}", text) for number, text in enumerate(marked)]
    texts = {article.id: str(article.text) for article, _ in pairs}
    return find_inconsistencies([record for _, record in pairs], texts, settled)


def kinds(found: Consistency) -> list[tuple[str, str, str, int]]:
    return [(one.kind, one.surface, one.label, len(one.places)) for one in found.open]


def test_the_same_reading_everywhere_is_consistent() -> None:
    assert hold("[Daech](ARMED_GROUP) à [Homs](LOCATION)", "à [Homs](LOCATION)").open == ()


def test_a_surface_with_two_labels_is_listed_where_the_rarer_one_stands() -> None:
    found = hold("[Hamas](ARMED_GROUP)", "[Hamas](ARMED_GROUP)", "le [Hamas](ORGANIZATION)")
    [one] = found.open
    assert (one.kind, one.surface, one.label, one.marked) == ("label", "Hamas", "ORGANIZATION", 1)
    assert [(place.article, place.start) for place in one.places] == [("a2", 3)]


def test_a_name_that_is_missed_is_listed_and_part_of_a_word_is_not() -> None:
    found = hold("à [Homs](LOCATION)", "de Homs à Homsville, post-Homs")
    assert kinds(found) == [("missed", "Homs", "LOCATION", 2)]


def test_a_name_inside_a_longer_span_is_right() -> None:
    assert hold("au [Mali](LOCATION)", "les [armées du Mali](MILITARY)").open == ()


def test_a_shorter_span_in_its_place_is_another_boundary() -> None:
    found = hold("la [force Barkhane](MILITARY)", "la force [Barkhane](MILITARY)")
    assert kinds(found) == [("boundary", "force Barkhane", "MILITARY", 1)]


def test_two_spans_in_its_place_are_another_boundary() -> None:
    found = hold("[siège de Homs](EVENT)", "le [siège](EVENT) de [Homs](LOCATION)")
    assert kinds(found) == [("boundary", "siège de Homs", "EVENT", 1)]


def test_counts_of_people_are_not_missed() -> None:
    assert hold("[dix personnes](CASUALTIES) tuées", "dix personnes attendent").open == ()


def test_bare_numbers_are_not_missed_and_hyphens_make_other_words() -> None:
    assert hold("le [12](DATE)", "12 élèves").open == ()
    assert hold("une [attaque](EVENT) à [midi](DATE)", "une contre-attaque l'après-midi").open == ()
    assert kinds(hold("le [Hamas](ARMED_GROUP)", "anti-Hamas")) == [
        ("missed", "Hamas", "ARMED_GROUP", 1)
    ]


def test_settled_surfaces_are_counted_apart_and_idle_lines_are_named() -> None:
    right = Settled("missed", "siège", "EVENT", "siège d'une institution")
    idle = Settled("missed", "raid", "EVENT", "rien")
    found = hold("le [siège](EVENT)", "au siège de la ville", settled=(right, idle))
    assert found == Consistency((), {"missed": 1}, (idle,))


def test_an_article_without_text_takes_no_part_and_may_need_a_settlement() -> None:
    record = Gold("b", "0" * 64, ("a1",), "single", None, (Span(0, 4, "DATE"),))
    settled = (Settled("missed", "siège", "EVENT", "lieu"),)
    assert find_inconsistencies([record], {}, settled) == Consistency((), {}, ())


@given(st.lists(st.sampled_from(["Homs", "Mali", "attaque"]), min_size=1, max_size=6))
def test_gold_that_marks_every_occurrence_is_always_consistent(words: list[str]) -> None:
    assert hold(" ".join(f"[{word}](LOCATION)" for word in words)).open == ()


def test_of_two_labels_either_may_be_the_rarer_one() -> None:
    settled = (Settled("label", "Hamas", "ORGANIZATION", "parti ici"),)
    marked = ("[Hamas](ARMED_GROUP)", "[Hamas](ORGANIZATION)", "[Hamas](ORGANIZATION)")
    assert hold(*marked, settled=settled).open == ()
    assert hold(*marked, "[Hamas](ARMED_GROUP)", "[Hamas](ARMED_GROUP)", settled=settled).open == ()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path, {"a1": "à [Homs](LOCATION)", "a2": "de Homs"}, source="afp")
    write_jsonl(
        tmp_path / "annotations" / "b" / "a1.jsonl",
        [
            annotated("a1", "à [Homs](LOCATION)")[1],
            annotated("a2", "de Homs")[1],
        ],
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*options: str) -> Result:
    return CliRunner().invoke(app, ["annotations", "check", *options])


def test_the_command_lists_what_is_open_and_exits_1_until_it_is_settled(project: Path) -> None:
    assert check().exit_code == 0
    found = check("--consistency")
    assert found.exit_code == 1
    assert "missed: 'Homs' is LOCATION elsewhere, 1 times, and is not marked 1 time" in found.output
    assert "a2:3 … de Homs …" in found.output
    line = "kind\tsurface\tlabel\treason\nmissed\tHoms\tLOCATION\tautre Homs\n"
    (project / "annotations" / "settled.tsv").write_text(line, encoding="utf-8")
    settled = check("--consistency", "--json")
    assert settled.exit_code == 0
    values = json.loads(settled.stdout)
    assert (values["consistency"]["open"], values["consistency"]["settled"]) == ([], {"missed": 1})
    assert sum(each["spans"] for each in values["variety"]) == 1
    (project / "annotations" / "settled.tsv").write_text(
        line + "missed\tAlep\tLOCATION\trien\n", encoding="utf-8"
    )
    idle = check("--consistency")
    assert (idle.exit_code, "'Alep' LOCATION settles nothing" in idle.output) == (1, True)


def test_other_problems_come_first(project: Path) -> None:
    gold = project / "annotations" / "gold.jsonl"
    gold.write_text(gold.read_text() + "{\n")
    found = check("--consistency")
    assert found.exit_code == 1
    assert "gold.jsonl:3: broken JSON" in found.output
    assert "consistency was not looked at" in found.output
    gold.unlink()
    missing = check("--consistency")
    assert (missing.exit_code, "no gold here" in missing.stderr) == (1, True)


def test_settled_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settled.tsv"
    assert load_settled(path) == ()
    path.write_text("kind\tsurface\tlabel\treason\nmissed\tsiège\tEVENT\tlieu\n", encoding="utf-8")
    assert load_settled(path) == (Settled("missed", "siège", "EVENT", "lieu"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("surface\n", "the header is 'surface'"),
        ("kind\tsurface\tlabel\treason\nmissed\ta\rb\tEVENT\n", ":2: 3 cells"),
        ("kind\tsurface\tlabel\treason\nmissed\tsiège\tEVENT\n", ":2: 3 cells"),
        ("kind\tsurface\tlabel\treason\nlost\tsiège\tEVENT\tx\n", "kind 'lost'"),
        (
            "kind\tsurface\tlabel\treason\n" + "missed\ta\tEVENT\tx\n" * 2,
            ":3: 'a' is settled twice",
        ),
    ],
)
def test_a_broken_settlement_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "settled.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BaliseError, match=message):
        load_settled(path)


def test_variety_counts_spans_surfaces_and_the_leading_ones(labels: LabelScheme) -> None:
    pairs = [
        gold("a", "[Homs](LOCATION), [Alep](LOCATION), [Homs](LOCATION)"),
        gold("b", "[Ur](LOCATION)"),
    ]
    texts = {"a": str(pairs[0][0].text)}
    by_label = {
        each.label: each for each in label_variety([record for _, record in pairs], texts, labels)
    }
    assert tuple(by_label) == labels.names
    assert (by_label["LOCATION"].spans, by_label["LOCATION"].surfaces) == (3, 2)
    assert by_label["LOCATION"].leading == (("Homs", 2), ("Alep", 1))
    assert by_label["DATE"].leading == ()


def test_nested_spans_are_read_each_by_itself() -> None:
    nested = "la [base de l’[opération Barkhane](EVENT) à [Gao](LOCATION)](FACILITY)"
    assert hold(nested, "l’[opération Barkhane](EVENT), à [Gao](LOCATION)").open == ()
    found = hold(nested, "la [base](FACILITY) de l’[opération [Barkhane](MILITARY)](EVENT) à Gao")
    assert kinds(found) == [
        ("boundary", "base de l’opération Barkhane à Gao", "FACILITY", 1),
        ("missed", "Gao", "LOCATION", 1),
    ]
    assert hold("[[Kremlin](FACILITY)](GOVERNMENT)", "[Kremlin](GOVERNMENT)").open == ()

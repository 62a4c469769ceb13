import pytest
from msgspec.structs import replace

from annotations.small_project import SENTENCES, Project
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Annotation, Span
from markup import annotated, article


def alter(project: Project, **fields: object) -> None:
    """Change fields of the first reading of b1/anne."""
    path = project.annotations / "b1" / "anne.jsonl"
    first, *rest = read_jsonl(path, Annotation)
    write_jsonl(path, [replace(first, **fields), *rest])


@pytest.fixture
def read(project: Project) -> Project:
    """Return the project with sound readings of two annotators and no gold."""
    project.add_reading("b1", "anne", SENTENCES)
    project.add_reading("b1", "bruno", SENTENCES)
    return project


def test_sound_readings_pass_and_are_counted(read: Project) -> None:
    found = read.json("check")
    assert found["problems"] == []
    assert [(each["batch"], each["annotator"], each["articles"]) for each in found["counts"]] == [
        ("b1", "anne", 3),
        ("b1", "bruno", 3),
    ]
    assert found["counts"][0]["labels"] == {
        "CASUALTIES": 1,
        "DATE": 1,
        "LOCATION": 2,
        "ORGANIZATION": 1,
    }


def test_the_summary_for_people_holds_the_counts(read: Project) -> None:
    result = read.run("check")
    assert result.exit_code == 0
    assert "b1/anne" in result.stdout
    assert "ORGANIZATION" in result.stdout
    assert "0 problems" in result.stdout


def test_unconfirmed_readings_are_counted_and_no_problem(project: Project) -> None:
    project.add_reading("b1", "anne", SENTENCES, confirmed=False)
    found = project.json("check")
    assert (found["counts"][0]["unconfirmed"], found["problems"]) == (3, [])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"article": "a-inconnu"}, "article a-inconnu is not in the corpus"),
        ({"article": "z"}, "b-gao stands after z"),
        ({"article": "b-gao"}, "article b-gao stands in line 1 too"),
        ({"sha256": "0" * 64}, "made on another text"),
        ({"annotator": "bruno"}, "'bruno' is not the file's name"),
        ({"spans": (Span(9, 13, "LIEU"),)}, "'LIEU'"),
        ({"spans": (Span(9, 1300, "LOCATION"),)}, "ends outside its text"),
        ({"spans": (Span(8, 13, "LOCATION"),)}, "begins or ends with space"),
        ({"spans": (Span(9, 13, "LOCATION"), Span(9, 20, "EVENT"))}, "overlaps"),
        ({"spans": (Span(16, 28, "CASUALTIES"), Span(9, 13, "LOCATION"))}, "not in the order"),
    ],
)
def test_each_broken_rule_is_a_problem_with_its_line(
    read: Project, fields: dict[str, object], problem: str
) -> None:
    alter(read, **fields)
    before = read.files()
    result = read.run("check")
    assert result.exit_code == 1
    assert problem in result.stdout
    assert "anne.jsonl:" in result.stdout
    assert read.files() == before


def test_all_problems_are_listed_not_only_the_first(read: Project) -> None:
    alter(
        read,
        annotator="bruno",
        spans=(Span(8, 13, "LOCATION"), Span(16, 28, "MORTS"), Span(34, 390, "DATE")),
    )
    read.write("annotations/b2/anne.jsonl", '{"article": 3}\n{"art\n')
    read.write("annotations/b2/bruno.jsonl", "énième".encode("cp1252"))
    problems = read.json("check")["problems"]
    assert len(problems) == 7
    for word in ("'bruno'", "begins or ends", "'MORTS'", "outside", "`str`", "broken", "UTF-8"):
        assert sum(word in problem for problem in problems) == 1, word


def test_a_copied_file_is_a_problem(read: Project) -> None:
    read.add_reading("b2", "anne", SENTENCES)
    (problem,) = read.json("check")["problems"]
    assert "b2/anne.jsonl: the same content as" in problem


def test_a_text_that_changed_in_the_corpus_is_a_problem(read: Project) -> None:
    corpus = read.corpus / "test.jsonl"
    corpus.write_text(corpus.read_text().replace("quitte Gao", "quitta Gao"))
    problems = read.json("check")["problems"]
    assert len(problems) == 2
    assert all("the text changed under its spans" in problem for problem in problems)


def test_a_stand_off_article_is_checked_without_its_text(empty: Project) -> None:
    whole = article("b-gao", "L’ONU quitte Gao.")
    empty.add_articles(replace(whole, text=None))
    spans = (Span(2, 5, "ORGANIZATION"), Span(4, 9, "EVENT"), Span(13, 99, "LOCATION"))
    reading = Annotation("b-gao", whole.sha256, "anne", True, spans)
    write_jsonl(empty.annotations / "b1" / "anne.jsonl", [reading])
    found = empty.json("check")
    assert found["without_text"] == 1
    outside, overlap = found["problems"]
    assert "LOCATION 13-99 ends outside b-gao" in outside
    assert "ORGANIZATION 2-5 overlaps EVENT 4-9" in overlap


def test_gold_that_its_readings_decide_passes(read: Project) -> None:
    read.run("gold")
    found = read.json("check")
    assert (found["gold"], found["problems"]) == (3, [])


def test_gold_that_its_readings_do_not_decide_is_a_problem(read: Project) -> None:
    read.run("gold")
    gold = read.annotations / "gold.jsonl"
    gold.write_text(gold.read_text().replace('"label":"DATE"', '"label":"EVENT"'))
    (problem,) = read.json("check")["problems"]
    assert "gold.jsonl:1: a-kiev is not what its confirmed readings decide" in problem


def test_gold_that_lacks_a_decided_article_is_a_problem(read: Project) -> None:
    read.run("gold")
    gold = read.annotations / "gold.jsonl"
    gold.write_text("".join(gold.read_text().splitlines(keepends=True)[:2]))
    (problem,) = read.json("check")["problems"]
    assert "c-rien is decided by its readings but missing here" in problem


def test_gold_decided_in_gold_itself_needs_readers_that_exist(read: Project) -> None:
    read.run("gold")
    gold = read.annotations / "gold.jsonl"
    changed = gold.read_text().replace('"agreed"', '"adjudicated"')
    gold.write_text(changed)
    assert read.json("check")["problems"] == []
    gold.write_text(changed.replace('"bruno"', '"chloé"', 1))
    (problem,) = read.json("check")["problems"]
    assert "chloé left no confirmed reading of a-kiev" in problem


def test_a_project_without_readings_is_refused(project: Project) -> None:
    assert "no readings here" in project.refuses("check")


def test_an_empty_corpus_is_refused(empty: Project) -> None:
    empty.add_reading("b1", "anne", SENTENCES)
    assert "no articles here" in empty.refuses("check")


def test_nested_spans_are_sound_where_the_scheme_says_so_and_twins_never(empty: Project) -> None:
    marked = {"a-1": "l’[aéroport de [Gao](LOCATION)](FACILITY)", "b-2": "[[Gao](EVENT)](DATE)"}
    whole = [annotated(id_, text)[0] for id_, text in marked.items()]
    # The second article is stand-off: its spans are checked without its text.
    empty.add_articles(whole[0], replace(whole[1], text=None))
    path = empty.add_reading("b1", "anne", marked)
    assert empty.run("check").exit_code == 1
    flat = empty.json("check")["problems"]
    assert [
        problem.split("; ")[0].removeprefix("annotations/b1/anne.jsonl") for problem in flat
    ] == [
        ":1: 'aéroport de Gao' (FACILITY 2-17) overlaps 'Gao' (LOCATION 14-17)",
        ":2: DATE 0-3 overlaps EVENT 0-3",
    ]
    empty.nest()
    assert empty.json("check")["problems"] == []
    readings = read_jsonl(path, Annotation)
    twins = [replace(one, spans=tuple(sorted(one.spans * 2))) for one in readings]
    write_jsonl(path, twins)
    assert sum("stands there twice" in one for one in empty.json("check")["problems"]) == 4

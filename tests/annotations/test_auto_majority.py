"""`balise annotations adjudicate --auto majority`: votes become decisions, and never a person's."""

from pathlib import Path

from annotations.small_project import SENTENCES, Project
from balise.jsonl import read_json, read_jsonl, write_jsonl
from balise.records import Annotation, Gold
from markup import annotated, markup

KIEV = SENTENCES["a-kiev"]
NO_DATE = "😀 Tirs à [Kiev](LOCATION) : [trois civils](CASUALTIES) tués mardi."
TIRS = "😀 [Tirs](EVENT) à [Kiev](LOCATION) : trois civils tués [mardi](DATE)."
BARE = "😀 Tirs à Kiev : trois civils tués mardi."
GAO = SENTENCES["b-gao"]
AUTO = ("adjudicate", "b1", "--auto", "majority", "--no-push")
REASON = (
    "dropped 'Tirs' EVENT 2–6: 1 of 3 (chloe); "
    "kept 'trois civils' CASUALTIES 16–28: 2 of 3 (anne, bruno); "
    "kept 'mardi' DATE 34–39: 2 of 3 (anne, chloe)"
)


def three_read(project: Project, **kiev: str) -> None:
    """Let three readers differ on Kiev, so that votes decide it, and agree on Gao."""
    readers = {"anne": KIEV, "bruno": NO_DATE, "chloe": TIRS, **kiev}
    for annotator, marked in readers.items():
        project.add_reading("b1", annotator, {"a-kiev": marked, "b-gao": GAO})


def decisions(project: Project, batch: str = "b1") -> list[Annotation]:
    path = project.annotations / batch / "adjudication.jsonl"
    return read_jsonl(path, Annotation) if path.exists() else []


def kiev_in_gold(project: Project) -> Gold | None:
    project.run("gold")
    gold = read_jsonl(project.annotations / "gold.jsonl", Gold)
    return next((record for record in gold if record.article == "a-kiev"), None)


def test_votes_become_a_decision_with_every_vote_and_gold_calls_it_a_majority(
    project: Project,
) -> None:
    three_read(project)
    assert kiev_in_gold(project) is None
    made = project.json(*AUTO)
    assert made["majority"]["changed"] == ["a-kiev"]
    (decision,) = decisions(project)
    assert decision.spans == markup(KIEV)[1]
    assert (decision.article, decision.annotator) == ("a-kiev", "adjudication")
    assert decision.origin == "auto:majority"
    assert decision.comments == tuple(REASON.split("; "))
    record = kiev_in_gold(project)
    assert record is not None
    assert (record.decision, record.reason, record.spans) == ("majority", REASON, decision.spans)
    assert record.annotators == ("anne", "bruno", "chloe")
    assert project.run("check").exit_code == 0


def test_what_was_decided_is_listed_on_the_screen_and_in_a_file(project: Project) -> None:
    three_read(project)
    shown = project.run(*AUTO).stdout
    assert all(f"  {vote}\n" in shown for vote in REASON.split("; "))
    listed = read_json(project.root / "build/annotations/majority.json", dict)
    (one,) = listed["decided"]
    assert (one["article"], one["readers"]) == ("a-kiev", ["anne", "bruno", "chloe"])
    assert [(vote["kept"], len(vote["readers"]), vote["of"]) for vote in one["votes"]] == [
        (False, 1, 3),
        (True, 2, 3),
        (True, 2, 3),
    ]
    assert listed["undecided"] == []
    assert not (project.root / "build" / "tasks").exists()


def test_run_twice_it_changes_no_file(project: Project) -> None:
    three_read(project, denis=BARE)
    project.run(*AUTO)
    before = project.files()
    made = project.json(*AUTO)
    assert project.files() == before
    assert (made["majority"]["changed"], made["majority"]["withdrawn"]) == ([], [])


def test_what_votes_leave_open_goes_to_the_adjudicator(project: Project) -> None:
    three_read(project, bruno=BARE.replace("trois civils tués", "[trois civils tués](EVENT)"))
    made = project.json(*AUTO)
    assert made["majority"]["counted"]["undecided"] == ["a-kiev"]
    assert (made["undecided"], made["added"], decisions(project)) == (["a-kiev"], ["a-kiev"], [])


def test_two_readers_are_no_majority(project: Project) -> None:
    project.add_reading("b1", "anne", {"a-kiev": KIEV})
    project.add_reading("b1", "bruno", {"a-kiev": NO_DATE})
    assert project.json(*AUTO)["undecided"] == ["a-kiev"]
    assert decisions(project) == []


def test_a_persons_adjudication_stays(project: Project) -> None:
    three_read(project)
    path = project.add_reading("b1", "adjudication", {"a-kiev": TIRS}, comments=("le tir compte",))
    before = path.read_bytes()
    assert project.json(*AUTO)["majority"]["counted"]["decided"] == []
    assert path.read_bytes() == before


def test_a_persons_unfinished_adjudication_stays_too(project: Project) -> None:
    three_read(project)
    path = project.add_reading("b1", "adjudication", {"a-kiev": TIRS}, confirmed=False)
    before = path.read_bytes()
    assert project.json(*AUTO)["undecided"] == ["a-kiev"]
    assert path.read_bytes() == before


def test_decisions_for_other_articles_stay_in_the_file(project: Project) -> None:
    three_read(project)
    project.add_reading("b1", "adjudication", {"c-rien": SENTENCES["c-rien"]})
    (person,) = decisions(project)
    project.run(*AUTO)
    assert [one.article for one in decisions(project)] == ["a-kiev", "c-rien"]
    assert decisions(project)[1] == person


def test_a_decision_by_votes_counts_only_as_long_as_the_votes_are_the_same(
    project: Project,
) -> None:
    three_read(project)
    project.run(*AUTO)
    # The same spans win, by other votes.
    project.add_reading("b2", "denis", {"a-kiev": NO_DATE.replace("mardi", "[mardi](DATE)")})
    assert kiev_in_gold(project) is None
    assert project.json(*AUTO)["majority"]["changed"] == ["a-kiev"]
    record = kiev_in_gold(project)
    assert record is not None
    assert "3 of 4 (anne, bruno, denis)" in str(record.reason)


def test_a_decision_by_votes_is_taken_back_when_the_votes_hold_no_more(project: Project) -> None:
    three_read(project)
    project.run(*AUTO)
    project.add_reading("b2", "denis", {"a-kiev": BARE})
    made = project.json(*AUTO)
    assert made["majority"]["withdrawn"] == ["a-kiev"]
    assert (made["undecided"], decisions(project)) == (["a-kiev"], [])


def test_readers_who_agree_after_all_need_no_votes(project: Project) -> None:
    three_read(project)
    project.run(*AUTO)
    three_read(project, anne=TIRS, bruno=TIRS)
    record = kiev_in_gold(project)
    assert record is not None
    assert (record.decision, record.spans) == ("agreed", markup(TIRS)[1])
    assert project.json(*AUTO)["majority"]["withdrawn"] == ["a-kiev"]


def test_votes_kept_in_one_batch_count_in_another(project: Project) -> None:
    for batch, annotator, marked in (
        ("b1", "anne", KIEV),
        ("b2", "bruno", NO_DATE),
        ("b2", "chloe", TIRS),
    ):
        project.add_reading(batch, annotator, {"a-kiev": marked})
    project.run(*AUTO)
    project.run("adjudicate", "b2", "--auto", "majority", "--no-push")
    assert len(decisions(project)) == 1
    assert decisions(project, "b2") == []


def test_votes_do_not_replace_what_a_consistency_pass_decided_in_gold(project: Project) -> None:
    three_read(project)
    project.run("gold")
    gold = project.annotations / "gold.jsonl"
    _, reading = annotated("a-kiev", TIRS)
    kept = Gold("a-kiev", reading.sha256, ("anne",), "adjudicated", "passe", reading.spans)
    write_jsonl(gold, [kept, *read_jsonl(gold, Gold)])
    assert project.run(*AUTO).exit_code == 0
    assert "decided in gold itself and would be lost: a-kiev" in project.refuses("gold")


def test_the_list_takes_no_readings_place(project: Project) -> None:
    three_read(project)
    for name in ("b1/anne.jsonl", "gold.jsonl"):
        target = Path("annotations") / name
        assert "name another file" in project.refuses(*AUTO, "--votes", target, code=2)
